import { describe, expect, it } from "vitest";
import { dispatch } from "./dispatch.ts";
import { LAMBDA_RETRY, LOCAL_RETRY, retryPolicy } from "./retry-policy.ts";
import { type Step, scriptedExecutor, taggedError, virtualClock } from "./test-support.ts";

const throttled = taggedError("throttled", "Rate exceeded");

describe("retryPolicy", () => {
	it("has three attempts for Lambda and one for this machine", () => {
		expect(LAMBDA_RETRY.maxAttempts).toBe(3);
		expect(LOCAL_RETRY.maxAttempts).toBe(1);
	});

	it("doubles the longest wait from one second up to a cap, and draws from all of it", () => {
		const { backoff } = retryPolicy({ maxAttempts: 9, maxSeconds: 20 });
		expect([1, 2, 3, 4, 5, 6, 7].map((attempt) => backoff(attempt, () => 1))).toEqual([1, 2, 4, 8, 16, 20, 20]);
		expect([0, 0.25, 0.5].map((drawn) => backoff(3, () => drawn))).toEqual([0, 1, 2]);
	});

	it("retries what may pass, gives up what will not, and stops for what all cells share", () => {
		const decide = (error: unknown) => LAMBDA_RETRY.classify(error);
		expect(["throttled", "transport", "preempted"].map((name) => decide(taggedError(name, "x")))).toEqual(
			Array(3).fill("retry"),
		);
		const final = ["timeout", "out-of-memory", "data", "bug", "access-denied", "usage", "cancelled"];
		expect(final.map((name) => decide(taggedError(name, "x")))).toEqual(Array(7).fill("fail"));
		expect(decide(taggedError("fatal", "x"))).toBe("stop");
		expect(decide(Object.assign(new Error("open"), { code: "EMFILE" }))).toBe("stop");
		expect(decide(new Error("TooManyRequestsException: slow"))).toBe("retry");
		expect(decide(new Error("Read timeout on endpoint URL"))).toBe("retry");
		expect(decide(new Error("something else"))).toBe("fail");
	});

	it("can retry other classes, or decide by itself", () => {
		const timeouts = retryPolicy({ maxAttempts: 2, retryOn: ["timeout"] });
		expect(timeouts.classify(taggedError("timeout", "x"))).toBe("retry");
		expect(timeouts.classify(throttled)).toBe("fail");
		expect(retryPolicy({ maxAttempts: 2, classify: () => "stop" }).classify(throttled)).toBe("stop");
	});

	it.each([
		[{ maxAttempts: 0 }, "retryPolicy: maxAttempts must be a whole number of at least 1, got 0."],
		[{ maxAttempts: 2.5 }, "retryPolicy: maxAttempts must be a whole number of at least 1, got 2.5."],
		[{ maxAttempts: 2, baseSeconds: -1 }, "retryPolicy: baseSeconds must be a finite number of at least 0, got -1."],
		[
			{ maxAttempts: 2, baseSeconds: 5, maxSeconds: 4 },
			"retryPolicy: maxSeconds must be a finite number of at least baseSeconds (5), got 4.",
		],
		[
			{ maxAttempts: 2, retryOn: ["fatal" as const] },
			"retryPolicy: retryOn must be a list without the class that stops a run, got fatal.",
		],
	])("refuses %j", (options, message) => {
		expect(() => retryPolicy(options)).toThrow(expect.objectContaining({ code: "dispatch/invalid-option", message }));
	});
});

describe("retrying in a run", () => {
	const runScript = async (steps: readonly Step[], options: { random?: () => number; maxAttempts?: number } = {}) => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, (_, attempt) => steps[attempt - 1]!);
		const retry = retryPolicy({ maxAttempts: options.maxAttempts ?? 3 });
		const random = options.random ?? (() => 0.5);
		const running = dispatch(executor, [0], { workers: 1, clock, retry, random });
		return { report: await clock.drive(running), executor, clock };
	};

	it("tries a throttled cell until it succeeds, waiting longer each time", async () => {
		const { report, executor, clock } = await runScript([
			{ seconds: 1, error: throttled },
			{ seconds: 2, error: throttled },
			{ seconds: 4, result: "done" },
		]);
		expect(executor.calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
		expect(clock.sleeps).toEqual([1000, 500, 2000, 1000, 4000]);
		expect(report).toMatchObject({ results: ["done"], attempts: 3, cellsError: 0, cellsCompleted: 1 });
		// Every attempt is costed, the failed ones too.
		expect(report.cost.computeTimeSeconds).toBe(7);
	});

	it("gives up after maxAttempts, without a wait after the last, and keeps every attempt", async () => {
		const { report, executor, clock } = await runScript(Array(3).fill({ seconds: 1, error: throttled }));
		expect(executor.calls).toHaveLength(3);
		expect(clock.now()).toBe(1000 + 500 + 1000 + 1000 + 1000);
		const failure = report.failures[0]!;
		expect(failure).toMatchObject({ index: 0, failureClass: "throttled", error: throttled, durationSeconds: 4.5 });
		expect(failure.message).toBe(
			'Cell 0 failed at attempt 3 of 3 on executor "scripted" (throttled): Rate exceeded. ' +
				"Run the cell again with fewer workers.",
		);
		expect(
			failure.attempts.map(({ attempt, startedAt, durationSeconds }) => [attempt, startedAt, durationSeconds]),
		).toEqual([
			[1, 0, 1],
			[2, 1500, 1],
			[3, 3500, 1],
		]);
		expect(report.cost.computeTimeSeconds).toBe(3);
	});

	it("does not try a deterministic failure again, even after one that it retried", async () => {
		const data = taggedError("data", "no such dataset");
		const once = await runScript([{ error: data }]);
		expect(once.executor.calls).toHaveLength(1);
		const twice = await runScript([{ error: throttled }, { error: data }, { result: "never" }]);
		expect(twice.executor.calls).toHaveLength(2);
		expect(twice.report.failures[0]).toMatchObject({ failureClass: "data", error: data });
	});

	it("retries whatever the policy says, also a TypeError and what is not an Error", async () => {
		const lost = new TypeError("x is not a function", { cause: { code: "ECONNRESET" } });
		const { report, executor } = await runScript([{ error: lost }, { error: "Rate exceeded" }, { result: 1 }]);
		expect(executor.calls).toHaveLength(3);
		expect(report.results).toEqual([1]);
	});

	it("waits as long as the failure itself asks for", async () => {
		const { clock } = await runScript([
			{ error: taggedError("throttled", "later", { retryAfterSeconds: 12 }) },
			{ error: Object.assign(new Error("Rate exceeded"), { retryAfterSeconds: 0 }) },
			{ result: 1 },
		]);
		expect(clock.sleeps).toEqual([12_000, 0]);
	});

	it("frees no room while a cell waits: its worker is still taken", async () => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, (payload, attempt) =>
			payload === 0 && attempt === 1 ? { error: throttled } : { seconds: 1, result: payload },
		);
		const options = { workers: 1, clock, retry: LAMBDA_RETRY, random: () => 0.5 };
		await clock.drive(dispatch(executor, [0, 1], options));
		expect(executor.calls).toEqual([
			{ index: 0, attempt: 1 },
			{ index: 0, attempt: 2 },
			{ index: 1, attempt: 1 },
		]);
	});
});
