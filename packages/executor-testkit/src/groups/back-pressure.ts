import assert from "node:assert/strict";
import type { TestGroup } from "../suite.ts";

// As long as two cells that compute one after the other wait in vain.
const ALONE_MILLISECONDS = 250;

/** Never more at once than preflight allowed, from a source that may never end. */
export const backPressure: TestGroup = {
	name: "back-pressure",
	define({ test, capabilities: { runsInParallel }, patienceSeconds }) {
		test("runs no more cells at once than may be in flight", async ({ run, cell, ledger, workers }) => {
			const cells = Array.from({ length: 4 * workers }, (_, index) => cell({ afterMilliseconds: 10, return: index }));
			const report = await run(cells);
			assert.equal(report.cellsCompleted, cells.length);
			assert.ok(ledger.peak() <= workers, `${ledger.peak()} cells ran at once, ${workers} may`);
		}, 3);

		const how = runsInParallel ? "at the same time" : "one after the other";
		test(`computes two cells ${how}, as it says`, async ({ submit, cell }) => {
			const patienceMilliseconds = runsInParallel ? patienceSeconds * 900 : ALONE_MILLISECONDS;
			// Each computes until the other one has started; their keys are known beforehand.
			const [one, two] = [cell(), cell()];
			const cells = [
				{ ...one, steps: [{ meet: two.key, patienceMilliseconds }] },
				{ ...two, steps: [{ meet: one.key, patienceMilliseconds }] },
			];
			const met = await Promise.all(cells.map((payload, index) => submit(payload, { index })));
			assert.equal(met.every(Boolean), runsInParallel, `runsInParallel is ${runsInParallel}, they met: ${met}`);
		});

		test("takes payloads from an endless source only as there is room, and closes it", async (scenario) => {
			const { run, cell, workers } = scenario;
			const stop = new AbortController();
			const enough = 4 * workers;
			let taken = 0;
			let furthestAhead = 0;
			let closed = false;
			const endless = (function* () {
				try {
					for (;;) {
						taken++;
						// Without this a run that cannot be stopped would hang the tests.
						assert.ok(taken < 100 * workers, "payloads are taken on and on");
						yield cell({ return: taken });
					}
				} finally {
					closed = true;
				}
			})();
			const report = await run(endless, {
				signal: stop.signal,
				accumulate: (_, completed) => {
					furthestAhead = Math.max(furthestAhead, taken - completed);
					if (completed === enough) stop.abort();
				},
			});
			// A cell beside the last one may have ended in the same moment.
			const { cellsCompleted } = report;
			assert.ok(cellsCompleted >= enough && cellsCompleted < enough + workers, `${cellsCompleted} cells completed`);
			assert.equal(report.completionReason, "cancelled");
			assert.ok(furthestAhead <= workers, `${furthestAhead} payloads were taken ahead, ${workers} may be`);
			assert.equal(closed, true, "the source was closed");
		});

		test("serves an asynchronous source", async ({ run, cell }) => {
			const source = (async function* () {
				for (const value of [1, 2, 3, 4]) yield cell({ return: value });
			})();
			assert.deepEqual((await run(source)).results.toSorted(), [1, 2, 3, 4]);
		});
	},
};
