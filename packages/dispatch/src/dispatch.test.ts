import { describe, expect, it } from "vitest";
import { dispatch } from "./dispatch.ts";
import { DispatchError } from "./errors.ts";
import { emptyRunReport } from "./report.ts";
import { scriptedExecutor, virtualClock } from "./test-support.ts";

describe("dispatch", () => {
	it("collects every result in completion order, not in submission order", async () => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, (payload) => ({ seconds: payload, result: `took ${payload}` }));
		const report = await clock.drive(dispatch(executor, [3, 1, 2], { workers: 3, clock }));
		expect(report.results).toEqual(["took 1", "took 2", "took 3"]);
		expect(report).toMatchObject({
			cellsCompleted: 3,
			cellsError: 0,
			cellsCancelled: 0,
			attempts: 3,
			completionReason: "completed",
			failures: [],
		});
		expect(report.cost).toEqual({ computeTimeSeconds: 6, gbSeconds: 0, costUsd: 0 });
	});

	it("completes in submission order with one worker", async () => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, (payload) => ({ seconds: payload, result: payload }));
		const report = await clock.drive(dispatch(executor, [3, 1, 2], { workers: 1, clock }));
		expect(report.results).toEqual([3, 1, 2]);
		expect(executor.peak).toBe(1);
	});

	it("returns an empty report for no payloads", async () => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, () => ({ result: 0 }));
		expect(await dispatch(executor, [], { workers: 4, clock })).toEqual(emptyRunReport());
	});

	it("leaves it to accumulate what counts and what is kept", async () => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, (observations) => ({ seconds: 1, result: observations }));
		const seen: unknown[] = [];
		const report = await clock.drive(
			dispatch(executor, [10, 20, 30], {
				workers: 2,
				clock,
				accumulate: (into, completed, result, cell) => {
					into.cellsWithData++;
					into.totalObservations += result as number;
					seen.push([completed, result, cell.index, cell.payload, cell.attempts.length, cell.durationSeconds]);
				},
			}),
		);
		expect(report).toMatchObject({ results: [], cellsWithData: 3, totalObservations: 60 });
		expect(report.cost.computeTimeSeconds).toBe(3);
		expect(seen).toEqual([
			[1, 10, 0, 10, 1, 1],
			[2, 20, 1, 20, 1, 1],
			[3, 30, 2, 30, 1, 1],
		]);
	});

	it("reports a cell that failed for good as an outcome, counted along with the others", async () => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, (payload) =>
			payload === 2 ? { seconds: 1, error: new Error("bad beam") } : { seconds: payload, result: payload },
		);
		const numbers: number[] = [];
		const report = await clock.drive(
			dispatch(executor, [1.5, 2, 3], { workers: 3, clock, accumulate: (_, completed) => numbers.push(completed) }),
		);
		expect(numbers).toEqual([2, 3]);
		expect(report).toMatchObject({ cellsCompleted: 3, cellsError: 1, completionReason: "completed" });
		expect(report.failures).toHaveLength(1);
		expect(report.failures[0]).toMatchObject({
			index: 1,
			payload: 2,
			failureClass: "bug",
			durationSeconds: 1,
			message:
				'Cell 1 failed at attempt 1 of 1 on executor "scripted" (bug): bad beam. ' +
				"Look at the error's stack: the work did not expect this.",
		});
		expect(report.failures[0]!.attempts).toHaveLength(1);
	});

	it("hands every failure to onFailure and keeps none, or keeps the first 1,000 and counts all", async () => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, () => ({ error: new Error("no") }));
		const cells = Array.from({ length: 1200 }, (_, index) => index);
		const handed: number[] = [];
		const options = { workers: 10, clock };
		const onFailure = (_: unknown, completed: number) => handed.push(completed);
		const given = await dispatch(executor, cells, { ...options, onFailure });
		expect(handed).toEqual(cells.map((cell) => cell + 1));
		expect([given.failures.length, given.cellsError]).toEqual([0, 1200]);
		const kept = await dispatch(executor, cells, options);
		expect([kept.failures.length, kept.failures.at(-1)!.index, kept.cellsError]).toEqual([1000, 999, 1200]);
	});

	it("treats a submit that throws instead of rejecting as a failed attempt", async () => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, () => ({ result: 0 }));
		executor.submit = () => {
			throw new Error("not even a promise");
		};
		const report = await dispatch(executor, [1], { workers: 1, clock });
		expect(report.failures[0]).toMatchObject({ failureClass: "bug", error: new Error("not even a promise") });
	});

	it("refuses what is not an executor, not iterable, or not a number of workers, before anything runs", async () => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, () => ({ result: 0 }));
		const { shutdown: _, ...lacking } = executor;
		await expect(dispatch({ ...lacking, specVersion: 2 } as never, [1], { workers: 1 })).rejects.toMatchObject({
			code: "dispatch/invalid-executor",
			message: "dispatch: not an executor, it lacks shutdown, specVersion.",
		});
		for (const workers of [0, 1.5, Number.NaN, undefined]) {
			await expect(dispatch(executor, [1], { workers: workers as number })).rejects.toMatchObject({
				code: "dispatch/invalid-option",
				message: `workers must be a whole number of at least 1, got ${workers}.`,
			});
		}
		await expect(dispatch(executor, 7 as never, { workers: 1 })).rejects.toThrow(DispatchError);
		const never = { maxAttempts: 0, backoff: () => 0, classify: () => "fail" as const };
		await expect(dispatch(executor, [1], { workers: 1, retry: never })).rejects.toThrow(
			"dispatch: retry.maxAttempts must be a whole number of at least 1, got 0.",
		);
		expect(executor.calls).toEqual([]);
	});
});
