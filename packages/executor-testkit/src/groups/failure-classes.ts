import assert from "node:assert/strict";
import { errorText, type FailureClass, failureClassOf, retryPolicy } from "@zagg/dispatch";
import type { TestGroup } from "../suite.ts";

// "data" may become "bug" on a wire that carries text alone: both fail the same way again.
const ARRIVES_AS: readonly (readonly [thrown: FailureClass | "untagged", arrivesAs: readonly FailureClass[]])[] = [
	["throttled", ["throttled"]],
	["transport", ["transport"]],
	["timeout", ["timeout"]],
	["out-of-memory", ["out-of-memory"]],
	["data", ["data", "bug"]],
	["untagged", ["bug"]],
];

/** What kind of failure an attempt was must survive the way back: retry and reports go by it. */
export const failureClasses: TestGroup = {
	name: "failure classes",
	define({ test, testIf, capabilities }) {
		for (const [thrown, arrivesAs] of ARRIVES_AS) {
			test(`${thrown} arrives as ${arrivesAs.join(" or ")}`, async ({ submitFailing, cell }) => {
				const error = await submitFailing(cell({ fail: thrown }));
				assert.ok(error instanceof Error, "rejects with an Error");
				assert.ok(arrivesAs.includes(failureClassOf(error)), `${thrown} arrived as ${failureClassOf(error)}`);
			});
		}

		test("the message of what the work threw arrives", async ({ submitFailing, cell }) => {
			const error = await submitFailing(cell({ fail: "untagged" }));
			assert.match(errorText(error), /scripted bug in the work/);
		});

		test("what fails the same way again is attempted once", async ({ run, cell, ledger }) => {
			const cells = (["timeout", "out-of-memory", "data", "untagged"] as const).map((fail) => cell({ fail }));
			const retry = retryPolicy({ maxAttempts: 3, baseSeconds: 0, maxSeconds: 0 });
			const report = await run(cells, { retry });
			assert.deepEqual([report.cellsError, report.attempts], [4, 4]);
			for (const { key } of cells) assert.equal(ledger.attempts(key).length, 1);
		});

		test("a failed cell does no harm to the ones beside it", async ({ run, cell }) => {
			const cells = [cell({ return: 1 }), cell({ fail: "data" }), cell({ return: 2 }), cell({ fail: "untagged" })];
			const report = await run([...cells, cell({ return: 3 })]);
			assert.deepEqual(report.results.toSorted(), [1, 2, 3]);
			assert.deepEqual(report.failures.map(({ index }) => index).toSorted(), [1, 3]);
		});

		testIf(capabilities.isolatesCrashes, "work that ends its process fails one attempt", async (scenario) => {
			const { run, cell, ledger } = scenario;
			const beside = cell({ afterMilliseconds: 100, return: "beside" });
			const crashing = cell({ crash: "exit" });
			const report = await run([beside, crashing, cell({ return: "after" })]);
			assert.deepEqual(report.results.toSorted(), ["after", "beside"]);
			assert.deepEqual([report.cellsError, report.completionReason], [1, "completed"]);
			assert.equal(ledger.attempts(crashing.key).length, 1);
		});

		testIf(capabilities.isolatesCrashes, "work that fills its memory fails one attempt", async (scenario) => {
			const { run, cell, ledger } = scenario;
			const greedy = cell({ crash: "out-of-memory" });
			const report = await run([greedy, cell({ return: "after" })]);
			assert.deepEqual(report.results, ["after"]);
			assert.equal(report.failures[0]?.failureClass, "out-of-memory");
			assert.equal(ledger.attempts(greedy.key).length, 1);
		});
	},
};
