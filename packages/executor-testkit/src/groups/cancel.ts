import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { failureClassOf } from "@zagg/dispatch";
import type { Scenario } from "../scenario.ts";
import type { ScriptedCell } from "../scripted-cell.ts";
import type { TestGroup } from "../suite.ts";
import { eventually, within } from "../waiting.ts";

// Several beats of work that goes on.
const SILENCE_MILLISECONDS = 100;

/** An aborted signal ends the attempt, and the work itself where the executor says so. */
export const cancel: TestGroup = {
	name: "cancel",
	define({ test, testIf, capabilities, patienceSeconds }) {
		// Longer than anybody waits, so that it never ends by itself. Only work that can be ended from outside may compute.
		const endless = {
			beat: capabilities.cancelsRunningWork ? "computing" : "waiting",
			forMilliseconds: patienceSeconds * 1500,
		} as const;

		test("starts nothing for a signal that is aborted already", async (scenario) => {
			const { submit, submitFailing, cell, ledger } = scenario;
			const error = await submitFailing(cell({ return: 0 }), { signal: AbortSignal.abort() });
			assert.equal(failureClassOf(error), "cancelled");
			// By the time that this one has run, the other one would have started too.
			const next = cell({ return: 1 });
			await submit(next, { index: 1 });
			assert.deepEqual(ledger.started(), [next.key]);
		});

		test("rejects soon, as cancelled, even if the work does not listen", async (scenario) => {
			const { submitFailing, cell, untilStarted } = scenario;
			const running = cell(endless);
			const stop = new AbortController();
			const failing = submitFailing(running, { signal: stop.signal });
			await untilStarted(running);
			stop.abort();
			assert.equal(failureClassOf(await failing), "cancelled");
		});

		testIf(capabilities.cancelsRunningWork, "ends the running work itself, as it says", async (scenario) => {
			const { submitFailing, cell, untilStarted } = scenario;
			const running = cell(endless);
			const stop = new AbortController();
			const failing = submitFailing(running, { signal: stop.signal });
			await untilStarted(running);
			stop.abort();
			await failing;
			await untilSilent(scenario, running);
		});

		test("cancels the cells of its own signal only, and runs others afterwards", async (scenario) => {
			const { submit, submitFailing, cell, untilStarted } = scenario;
			const running = cell(endless);
			const stop = new AbortController();
			const failing = submitFailing(running, { signal: stop.signal });
			await untilStarted(running);
			const beside = submit(cell({ afterMilliseconds: 50, return: "beside" }), { index: 1 });
			stop.abort();
			assert.equal(failureClassOf(await failing), "cancelled");
			assert.equal(await beside, "beside");
			assert.equal(await submit(cell({ return: "after" }), { index: 2 }), "after");
		});

		test("a cancelled run comes back with its report and starts nothing more", async (scenario) => {
			const { run, cell, ledger, workers } = scenario;
			const stop = new AbortController();
			const cells = Array.from({ length: 3 * workers }, () => cell(endless));
			const running = run(cells, { signal: stop.signal });
			const allRun = () => ledger.started().length === workers;
			await eventually(patienceSeconds, `${workers} cells start`, allRun);
			stop.abort();
			const report = await within(patienceSeconds, "the cancelled run returns", running);
			assert.equal(report.completionReason, "cancelled");
			assert.deepEqual([report.cellsCancelled, report.cellsError, report.attempts], [workers, 0, workers]);
			assert.equal(ledger.started().length, workers);
		});

		test("keeps no listener on a signal once its attempts have ended", async (scenario) => {
			const { submit, submitFailing, cell } = scenario;
			const { signal } = new AbortController();
			for (let index = 0; index < 5; index++) await submit(cell({ return: index }), { signal, index });
			await submitFailing(cell({ fail: "data" }), { signal, index: 5 });
			const noneLeft = () => getEventListeners(signal, "abort").length === 0;
			await eventually(patienceSeconds, "listeners on the signal are removed", noneLeft);
		});
	},
};

/** Resolves once the cell has stopped beating; rejects if it goes on. */
async function untilSilent({ ledger, patienceSeconds }: Scenario, { key }: ScriptedCell): Promise<void> {
	const end = performance.now() + patienceSeconds * 1000;
	for (;;) {
		const before = ledger.beats(key);
		await sleep(SILENCE_MILLISECONDS);
		if (ledger.beats(key) === before) break;
		assert.ok(performance.now() < end, "capabilities.cancelsRunningWork, but the work goes on");
	}
	assert.equal(ledger.attempts(key)[0]?.endedAt, undefined, "the work was ended, it did not return");
}
