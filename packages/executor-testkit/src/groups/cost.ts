import assert from "node:assert/strict";
import { type AttemptOutcome, addCost, type CellCost, zeroCost } from "@zagg/dispatch";
import type { TestGroup } from "../suite.ts";

const OUTCOMES: readonly AttemptOutcome<unknown>[] = [
	{ status: "succeeded", index: 0, attempt: 1, durationSeconds: 1, result: null },
	{ status: "succeeded", index: 0, attempt: 1, durationSeconds: 0, result: { unlike: "anything" } },
	...[undefined, null, "text", Object.freeze(new Error("frozen"))].map(
		(error) =>
			({
				status: "failed",
				index: 0,
				attempt: 2,
				durationSeconds: 1,
				error,
				failureClass: "bug",
			}) satisfies AttemptOutcome,
	),
];

/** What ran is paid for, failed or not, in finite numbers. */
export const cost: TestGroup = {
	name: "cost",
	define({ test, testIf, capabilities: { costSource } }) {
		test("measures any outcome, at once, in finite numbers from 0", async ({ executor }) => {
			for (const outcome of OUTCOMES) assertCost(executor.measureCost(outcome));
		});

		testIf(
			costSource === "wall-clock",
			"takes its seconds from the attempt's wall time, as it says",
			async (scenario) => {
				const { computeTimeSeconds: one } = scenario.executor.measureCost(succeededAfter(1));
				const { computeTimeSeconds: ten } = scenario.executor.measureCost(succeededAfter(10));
				assert.ok(one > 0, "one second of wall time costs compute seconds");
				assert.ok(Math.abs(ten - 10 * one) < 1e-9, `1 s costs ${one} compute seconds, 10 s cost ${ten}`);
			},
		);

		testIf(costSource !== "none", "costs a cell that ran, succeeded or failed", async ({ run, cell }) => {
			for (const step of [{ return: 1 }, { fail: "untagged" }] as const) {
				const report = await run([cell({ afterMilliseconds: 30, ...step })]);
				assertCost(report.cost);
				assert.ok(report.cost.computeTimeSeconds > 0, `compute seconds of ${JSON.stringify(step)}`);
			}
		});

		testIf(costSource === "none", "costs nothing, as it says", async ({ executor, run, cell }) => {
			const report = await run([cell({ afterMilliseconds: 30, return: 1 })]);
			assert.equal(report.cost.computeTimeSeconds, 0);
			assert.equal(executor.measureCost(succeededAfter(1)).computeTimeSeconds, 0);
		});

		test("a run costs the sum of its attempts", async ({ run, cell }) => {
			const total = zeroCost();
			let attempts = 0;
			const cells = [cell({ return: 1 }), cell({ fail: "data" }), cell({ afterMilliseconds: 20, return: 2 })];
			const report = await run(cells, {
				onEvent: (event) => {
					if (event.type !== "attempt-end") return;
					assertCost(event.cost);
					addCost(total, event.cost);
					attempts++;
				},
			});
			assert.deepEqual(report.subscriberErrors, []);
			assert.equal(attempts, 3);
			assert.deepEqual(report.cost, total);
		});
	},
};

function succeededAfter(durationSeconds: number): AttemptOutcome<unknown> {
	return { status: "succeeded", index: 0, attempt: 1, durationSeconds, result: 1 };
}

function assertCost({ computeTimeSeconds, gbSeconds, costUsd }: CellCost): void {
	for (const [part, value] of Object.entries({ computeTimeSeconds, gbSeconds, costUsd })) {
		assert.ok(Number.isFinite(value) && value >= 0, `${part} is ${value}`);
	}
}
