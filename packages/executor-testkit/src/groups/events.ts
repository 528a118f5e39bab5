import assert from "node:assert/strict";
import { type DispatchEvent, retryPolicy } from "@zagg/dispatch";
import type { TestGroup } from "../suite.ts";

/** What a run tells while it goes on. */
export const events: TestGroup = {
	name: "events",
	define({ test }) {
		test("a run is told from its start to its end, attempt by attempt", async ({ executor, run, cell }) => {
			const heard: DispatchEvent[] = [];
			const retry = retryPolicy({ maxAttempts: 3, baseSeconds: 0, maxSeconds: 0 });
			const cells = [cell({ fail: "throttled" }, { return: 1 }), cell({ fail: "data" })];
			const report = await run(cells, { workers: 1, retry, runId: "told", onEvent: (event) => heard.push(event) });
			assert.deepEqual(
				heard.map((event) => ("attempt" in event ? `${event.type} ${event.index}.${event.attempt}` : event.type)),
				[
					"run-start",
					"cell-start",
					"attempt-start 0.1",
					"attempt-end 0.1",
					"attempt-start 0.2",
					"attempt-end 0.2",
					"cell-end",
					"cell-start",
					"attempt-start 1.1",
					"attempt-end 1.1",
					"cell-end",
					"run-end",
				],
			);
			const [start] = heard;
			assert.equal(start?.type === "run-start" && start.executor, executor.name);
			assert.ok(heard.every(({ runId }) => runId === "told"));
			assert.ok(
				heard.every(({ time }, at) => at === 0 || time >= heard[at - 1]!.time),
				"time does not run backwards",
			);
			assert.deepEqual([report.cellsCompleted, report.cellsError, report.attempts], [2, 1, 3]);
		});

		test("a failed attempt is told with its class, and each with its cost and duration", async ({ run, cell }) => {
			const ends: (DispatchEvent & { type: "attempt-end" })[] = [];
			await run([cell({ fail: "throttled" }), cell({ return: 1 })], {
				workers: 1,
				onEvent: (event) => {
					if (event.type === "attempt-end") ends.push(event);
				},
			});
			assert.deepEqual(
				ends.map(({ status, failureClass }) => [status, failureClass]),
				[
					["failed", "throttled"],
					["succeeded", undefined],
				],
			);
			for (const { cost, durationSeconds } of ends) {
				assert.ok(durationSeconds >= 0);
				assert.ok(Number.isFinite(cost.computeTimeSeconds));
			}
		});

		test("a subscriber that throws does not disturb the run", async ({ run, cell }) => {
			const broken = new Error("broken subscriber");
			const report = await run([cell({ return: 1 }), cell({ return: 2 })], {
				onEvent: () => {
					throw broken;
				},
			});
			assert.deepEqual(report.results.toSorted(), [1, 2]);
			assert.deepEqual(report.subscriberErrors, [broken]);
		});
	},
};
