import { describe, expect, it } from "vitest";
import { dispatch } from "./dispatch.ts";
import type { DispatchEvent } from "./events.ts";
import { LAMBDA_RETRY } from "./retry-policy.ts";
import { scriptedExecutor, taggedError, virtualClock } from "./test-support.ts";
import { workerLimit } from "./worker-limit.ts";

const oneRetry = (payload: number, attempt: number) =>
	payload === 1 && attempt === 1
		? { seconds: 1, error: taggedError("throttled", "slow") }
		: { seconds: 2, result: payload };

describe("events", () => {
	it("tell the whole run in order, with time and ids", async () => {
		const clock = virtualClock(1_700_000_000_000);
		const events: DispatchEvent[] = [];
		const executor = scriptedExecutor(clock, oneRetry);
		const options = { workers: 1, clock, retry: LAMBDA_RETRY, random: () => 0.5, runId: "r" };
		await clock.drive(dispatch(executor, [0, 1], { ...options, onEvent: (event) => events.push(event) }));
		const short = events.map((event) => {
			expect(event.runId).toBe("r");
			const ids = "index" in event ? [event.index] : [];
			const attempt = "attempt" in event ? [event.attempt] : [];
			return [event.type, (event.time - 1_700_000_000_000) / 1000, ...ids, ...attempt];
		});
		expect(short).toEqual([
			["run-start", 0],
			["cell-start", 0, 0],
			["attempt-start", 0, 0, 1],
			["attempt-end", 2, 0, 1],
			["cell-end", 2, 0],
			["cell-start", 2, 1],
			["attempt-start", 2, 1, 1],
			["attempt-end", 3, 1, 1],
			["attempt-start", 3.5, 1, 2],
			["attempt-end", 5.5, 1, 2],
			["cell-end", 5.5, 1],
			["run-end", 5.5],
		]);
		expect(events[0]).toMatchObject({ executor: "scripted", workers: 1, maxAttempts: 3 });
		expect(events[7]).toMatchObject({ status: "failed", failureClass: "throttled", retryDelaySeconds: 0.5 });
		expect(events[7]).toMatchObject({ durationSeconds: 1, cost: { computeTimeSeconds: 1 } });
		expect(events[9]).toMatchObject({ status: "succeeded", error: undefined, retryDelaySeconds: undefined });
		expect(events[10]).toMatchObject({ status: "succeeded", attempts: 2, completed: 2, durationSeconds: 3.5 });
		expect(events[11]).toMatchObject({
			completionReason: "completed",
			cellsCompleted: 2,
			attempts: 3,
			cost: { computeTimeSeconds: 5 },
			durationSeconds: 5.5,
		});
	});

	it("say how a cancelled and a failed cell ended", async () => {
		const clock = virtualClock();
		const stop = new AbortController();
		const ends: unknown[] = [];
		const executor = scriptedExecutor(clock, (payload) =>
			payload === 0 ? { seconds: 1, error: new Error("no") } : { seconds: 9, result: 1 },
		);
		const report = await clock.drive(
			dispatch(executor, [0, 1], {
				workers: 2,
				clock,
				signal: stop.signal,
				onFailure: () => stop.abort(),
				onEvent: (event) => event.type === "cell-end" && ends.push([event.index, event.status, event.completed]),
			}),
		);
		expect(ends).toEqual([
			[0, "failed", 1],
			[1, "cancelled", 1],
		]);
		expect(report.subscriberErrors).toEqual([]);
	});

	it("let a subscriber narrow a run that gets throttled", async () => {
		const clock = virtualClock();
		const limit = workerLimit(8);
		const changes: unknown[] = [];
		const executor = scriptedExecutor(clock, (payload, attempt) =>
			payload < 2 && attempt === 1 ? { error: taggedError("throttled", "slow") } : { seconds: 10, result: 1 },
		);
		const narrow = (event: DispatchEvent) => {
			if (event.type === "attempt-end" && event.failureClass === "throttled") limit.set(limit.current / 2);
		};
		const watch = (event: DispatchEvent) => {
			if (event.type === "limit-change") changes.push([event.previous, event.current]);
		};
		const options = { workers: limit, clock, retry: LAMBDA_RETRY, onEvent: [narrow, watch] };
		const report = await clock.drive(dispatch(executor, Array(12).keys(), options));
		expect(changes).toEqual([
			[8, 4],
			[4, 2],
		]);
		expect(report.cellsCompleted).toBe(12);
	});

	it("reach every other subscriber when one throws, which is detached and reported once", async () => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, oneRetry);
		let calls = 0;
		let heard = 0;
		const broken = () => {
			if (++calls === 3) throw new Error("progress bar broke");
		};
		const rejecting = async () => {
			throw new Error("log is gone");
		};
		const options = { workers: 2, clock, retry: LAMBDA_RETRY, onEvent: [broken, rejecting, () => heard++] };
		const report = await clock.drive(dispatch(executor, [0, 1, 2], options));
		expect(report.subscriberErrors).toHaveLength(2);
		expect(report.subscriberErrors).toEqual(
			expect.arrayContaining([new Error("progress bar broke"), new Error("log is gone")]),
		);
		expect(calls).toBe(3);
		expect(heard).toBe(2 + 2 * 3 + 2 * 4);
		expect(report.results).toHaveLength(3);
	});
});
