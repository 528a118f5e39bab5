import assert from "node:assert/strict";
import { type Executor, failureClassOf } from "@zagg/dispatch";
import type { Scenario } from "../scenario.ts";
import type { ScriptedCell } from "../scripted-cell.ts";
import type { TestGroup } from "../suite.ts";
import { eventually, within } from "../waiting.ts";

const LINGERING_MILLISECONDS = 200;

/** After shutdown nothing of the executor is left, and it runs nothing more. */
export const disposal: TestGroup = {
	name: "disposal",
	define({ test, capabilities, patienceSeconds }) {
		test("can be shut down twice, at once and again, used or not", async ({ executor, another, submit, cell }) => {
			await submit(cell({ return: 1 }));
			for (const each of [executor, await another()]) {
				const twice = Promise.all([each.shutdown(), each.shutdown()]);
				await within(patienceSeconds, "two shutdowns at once", twice);
				await within(patienceSeconds, "a third shutdown", each.shutdown());
			}
		});

		test("cancels what still runs", async ({ executor, submitFailing, cell, untilStarted }) => {
			const beat = capabilities.cancelsRunningWork ? "computing" : "waiting";
			const running = cell({ beat, forMilliseconds: patienceSeconds * 1500 });
			const failing = submitFailing(running);
			await untilStarted(running);
			await within(patienceSeconds, "shutdown while a cell runs", executor.shutdown());
			assert.equal(failureClassOf(await failing), "cancelled");
		});

		test("runs nothing afterwards", async ({ executor, submit, submitFailing, cell, ledger }) => {
			const before = cell({ return: 1 });
			await submit(before);
			await executor.shutdown();
			const failureClass = failureClassOf(await submitFailing(cell({ return: 2 }), { index: 1 }));
			assert.ok(["usage", "cancelled"].includes(failureClass), `submit after shutdown is ${failureClass}`);
			assert.deepEqual(ledger.started(), [before.key]);
		});

		test("leaves no process, thread, socket or timer behind", async (scenario) => {
			// What a first use opens for good (standard streams, for one) is the process's, not the executor's.
			await useOnce(await scenario.another(), scenario);
			const before = activeResources();
			await useOnce(await scenario.another(), scenario);
			const isClean = () => [...activeResources()].every(([type, count]) => count <= (before.get(type) ?? 0));
			await eventually(patienceSeconds, "the executor's resources are gone", isClean).catch((error: Error) => {
				const [earlier, now] = [before, activeResources()].map((counts) => JSON.stringify(Object.fromEntries(counts)));
				throw new Error(`${error.message}; active before: ${earlier}, now: ${now}`);
			});
		});
	},
};

/** A whole life, with cells that succeed, fail and are cancelled. */
async function useOnce(
	executor: Executor<ScriptedCell, unknown>,
	{ cell, ledger, patienceSeconds, untilStarted }: Scenario,
): Promise<void> {
	await executor.preflight(3);
	const stop = new AbortController();
	const options = { signal: stop.signal, runId: "disposal", attempt: 1 };
	await executor.submit(cell({ return: 1 }), { ...options, index: 0 });
	await executor.submit(cell({ fail: "data" }), { ...options, index: 1 }).catch(() => {});
	const running = cell({ beat: "waiting", forMilliseconds: LINGERING_MILLISECONDS });
	const failing = executor.submit(running, { ...options, index: 2 }).catch(() => {});
	await untilStarted(running);
	stop.abort();
	await failing;
	await executor.finalize();
	await executor.shutdown();
	if (executor.capabilities.cancelsRunningWork) return;
	// Work that nobody can end is not the executor's resource; it must not be taken for one.
	const hasEnded = () => ledger.attempts(running.key)[0]?.endedAt !== undefined;
	await eventually(patienceSeconds, "cancelled work that cannot be ended ends by itself", hasEnded);
}

function activeResources(): Map<string, number> {
	const counts = new Map<string, number>();
	for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1);
	return counts;
}
