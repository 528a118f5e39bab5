import assert from "node:assert/strict";
import { dispatch, retryPolicy } from "@zagg/dispatch";
import { faultyExecutor } from "../faulty-executor.ts";
import type { TestGroup } from "../suite.ts";
import { virtualClock } from "../virtual-clock.ts";

const THREE_ATTEMPTS = retryPolicy({ maxAttempts: 3, baseSeconds: 0, maxSeconds: 0 });

/** One submit is one attempt; the loop makes cells of them. */
export const submit: TestGroup = {
	name: "submit",
	define({ test }) {
		test("resolves with what the work returns", async ({ submit, cell }) => {
			for (const result of [42, "text", { rows: [1.5, -2], missing: null, yes: true }, null, 0, false, ""]) {
				assert.deepEqual(await submit(cell({ return: result })), result);
			}
		});

		test("runs each of many cells exactly once", async ({ run, cell, ledger }) => {
			const cells = Array.from({ length: 12 }, (_, index) => cell({ return: index }));
			const report = await run(cells);
			assert.deepEqual(
				report.results.map(Number).toSorted((a, b) => a - b),
				cells.map((_, index) => index),
			);
			for (const { key } of cells) assert.equal(ledger.attempts(key).length, 1, `attempts at ${key}`);
		});

		test("runs the same payload again when it is submitted again", async ({ submit, cell, ledger }) => {
			const again = cell({ return: "first" }, { return: "second" });
			assert.equal(await submit(again, { index: 0, attempt: 1 }), "first");
			assert.equal(await submit(again, { index: 0, attempt: 2 }), "second");
			assert.equal(ledger.attempts(again.key).length, 2);
		});

		test("tells the work which attempt of which cell of which run it is, if anything", async (scenario) => {
			const { submit, cell, ledger } = scenario;
			const told = cell({ return: 0 });
			const ids = { index: 7, attempt: 3, runId: "run-of-seven" };
			await submit(told, ids);
			const mark = ledger.attempts(told.key)[0];
			for (const [id, value] of Object.entries(ids)) {
				const heard = mark?.[id as keyof typeof ids];
				if (heard !== undefined) assert.equal(heard, value, id);
			}
		});

		for (const failureClass of ["throttled", "transport"] as const) {
			test(`leaves it to the loop to retry what is ${failureClass}`, async ({ submitFailing, cell, ledger }) => {
				const flaky = cell({ fail: failureClass }, { return: "a second attempt, which nobody ordered" });
				await submitFailing(flaky);
				assert.equal(ledger.attempts(flaky.key).length, 1);
			});
		}

		test("throttled, throttled, fine is one cell in three attempts", async ({ run, cell, ledger }) => {
			const flaky = cell({ fail: "throttled" }, { fail: "throttled" }, { return: 7 });
			const report = await run([flaky], { retry: THREE_ATTEMPTS });
			assert.deepEqual(report.results, [7]);
			assert.equal(report.attempts, 3);
			assert.equal(ledger.attempts(flaky.key).length, 3);
		});

		test("throttled, out of memory, then fine after 10 ms, if both are retried", async ({ run, cell, ledger }) => {
			const flaky = cell({ fail: "throttled" }, { fail: "out-of-memory" }, { afterMilliseconds: 10, return: 7 });
			const retryOn = ["throttled", "out-of-memory"] as const;
			const retry = retryPolicy({ maxAttempts: 5, baseSeconds: 0, maxSeconds: 0, retryOn });
			const report = await run([flaky], { retry });
			assert.deepEqual(report.results, [7]);
			assert.equal(report.attempts, 3);
			assert.equal(ledger.attempts(flaky.key).length, 3);
		});

		test("a cell that is throttled for ever fails after the policy's attempts, and only it", async (scenario) => {
			const { run, cell, ledger } = scenario;
			const hopeless = cell({ fail: "throttled" });
			const fine = cell({ return: "fine" });
			const report = await run([hopeless, fine], { retry: THREE_ATTEMPTS });
			assert.deepEqual(report.results, ["fine"]);
			assert.deepEqual([report.cellsError, report.attempts], [1, 4]);
			assert.equal(ledger.attempts(hopeless.key).length, 3);
			assert.equal(ledger.attempts(fine.key).length, 1);
		});

		test("waits between attempts on the loop's clock, which may be virtual", async ({ run, cell }) => {
			const clock = virtualClock();
			const flaky = cell({ fail: "throttled" }, { fail: "throttled" }, { return: 7 });
			const retry = retryPolicy({ maxAttempts: 3, baseSeconds: 3600, maxSeconds: 36_000 });
			const report = await clock.drive(run([flaky], { retry, clock, random: () => 0.5 }));
			assert.deepEqual(report.results, [7]);
			assert.deepEqual(clock.sleeps, [1_800_000, 3_600_000]);
		});

		test("runs a cell again when the answer to its first attempt got lost", async (scenario) => {
			const { executor, cell, ledger, another } = scenario;
			const lossy = faultyExecutor(await another(), [{ error: "transport", lose: "answer" }]);
			await lossy.preflight(1);
			const unheard = cell({ return: "unheard" }, { return: "heard" });
			const report = await dispatch(lossy, [unheard], { workers: 1, retry: THREE_ATTEMPTS });
			assert.deepEqual(report.results, ["heard"]);
			assert.equal(ledger.attempts(unheard.key).length, 2);
			assert.equal(lossy.name, executor.name);
		});
	},
};
