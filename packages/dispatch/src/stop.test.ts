import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { type DispatchOptions, dispatch } from "./dispatch.ts";
import { DispatchError } from "./errors.ts";
import type { Executor } from "./executor.ts";
import { openFileLimits } from "./file-descriptors.ts";
import { LAMBDA_RETRY } from "./retry-policy.ts";
import { scriptedExecutor, taggedError, type VirtualClock, virtualClock } from "./test-support.ts";

async function thrownBy(
	clock: VirtualClock,
	executor: Executor<number, unknown>,
	payloads: Iterable<number>,
	options: Omit<DispatchOptions<number, unknown>, "clock">,
): Promise<DispatchError> {
	const thrown = await clock.drive(
		dispatch(executor, payloads, { ...options, clock }).then(
			() => expect.unreachable(),
			(error: unknown) => error,
		),
	);
	expect(thrown).toBeInstanceOf(DispatchError);
	return thrown as DispatchError;
}

describe("cancelling a run", () => {
	it("stops intake, cancels running cells and returns the report", async () => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, (payload) => ({ seconds: payload, result: payload }));
		const stop = new AbortController();
		const report = await clock.drive(
			dispatch(executor, [1, 50, 60, 70], { workers: 3, clock, signal: stop.signal, accumulate: () => stop.abort() }),
		);
		expect(report).toMatchObject({
			completionReason: "cancelled",
			cellsCompleted: 1,
			cellsCancelled: 2,
			cellsError: 0,
			failures: [],
			attempts: 3,
		});
		expect(executor.calls.map(({ index }) => index)).toEqual([0, 1, 2]);
		expect(clock.now()).toBe(1000);
		// Cancelled attempts ran for a second each, and are paid for.
		expect(report.cost.computeTimeSeconds).toBe(3);
	});

	it("counts cells that finish all the same where the executor cannot cancel", async () => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, (payload) => ({ seconds: payload, result: payload }), { cancels: false });
		const stop = new AbortController();
		const accumulate = () => stop.abort();
		const options = { workers: 2, clock, signal: stop.signal, accumulate };
		const report = await clock.drive(dispatch(executor, [1, 5, 6], options));
		expect(report).toMatchObject({ completionReason: "cancelled", cellsCompleted: 2, cellsCancelled: 0 });
	});

	it("ends a wait between attempts", async () => {
		const clock = virtualClock();
		const throttled = taggedError("throttled", "slow down", { retryAfterSeconds: 3600 });
		const executor = scriptedExecutor(clock, (payload) =>
			payload === 0 ? { error: throttled } : { seconds: 1, result: payload },
		);
		const stop = new AbortController();
		const accumulate = () => stop.abort();
		const options = { workers: 2, clock, retry: LAMBDA_RETRY, signal: stop.signal, accumulate };
		const report = await clock.drive(dispatch(executor, [0, 1], options));
		expect(clock.now()).toBe(1000);
		expect(report).toMatchObject({ cellsCompleted: 1, cellsCancelled: 1, cellsError: 0, attempts: 2 });
	});

	it("pulls nothing when the signal is aborted already", async () => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, () => ({ result: 0 }));
		const report = await dispatch(executor, [1, 2], { workers: 2, clock, signal: AbortSignal.abort() });
		expect(report).toMatchObject({ completionReason: "cancelled", cellsCompleted: 0 });
		expect(executor.calls).toEqual([]);
	});

	it("leaves no listener on the caller's signal", async () => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, () => ({ result: 0 }));
		const stop = new AbortController();
		await dispatch(executor, [1, 2], { workers: 2, clock, signal: stop.signal });
		expect(getEventListeners(stop.signal, "abort")).toEqual([]);
	});
});

describe("a run-fatal failure", () => {
	it("stops intake and retries, lets running cells count, and is thrown with the report", async () => {
		const clock = virtualClock();
		const fatal = taggedError("fatal", "the template is gone");
		const executor = scriptedExecutor(clock, (payload) =>
			payload === 1
				? { seconds: 1, error: fatal }
				: payload === 2
					? { error: taggedError("throttled", "slow down", { retryAfterSeconds: 99 }) }
					: { seconds: 5, result: payload },
		);
		const error = await thrownBy(clock, executor, [0, 1, 2, 3], { workers: 3, retry: LAMBDA_RETRY, runId: "run-7" });
		expect(error).toMatchObject({ code: "dispatch/run-fatal", failureClass: "fatal", cause: fatal });
		expect(error.message).toBe(
			'The run was stopped. Cell 1 failed at attempt 1 of 3 on executor "scripted" (fatal): the template is gone. ' +
				"Remove the cause before running again.",
		);
		expect(error.context).toEqual({ runId: "run-7", executor: "scripted", index: 1, attempt: 1 });
		expect(executor.calls.map(({ index }) => index)).toEqual([0, 1, 2]);
		expect(clock.now()).toBe(5000);
		expect(error.report).toMatchObject({ completionReason: "fatal", results: [0], cellsError: 2, cellsCompleted: 3 });
		expect(error.report?.failures.map(({ failureClass }) => failureClass).sort()).toEqual(["fatal", "throttled"]);
	});

	it("keeps the first of two, and a cancel after it still cancels what runs", async () => {
		const clock = virtualClock();
		const stop = new AbortController();
		const executor = scriptedExecutor(clock, (payload) =>
			payload < 3 ? { seconds: payload, error: taggedError("fatal", `no ${payload}`) } : { seconds: 100, result: 0 },
		);
		const onFailure = (_: unknown, completed: number) => completed === 2 && stop.abort();
		const error = await thrownBy(clock, executor, [1, 2, 3], { workers: 3, signal: stop.signal, onFailure });
		expect(error.message).toContain("no 1");
		expect(error.report).toMatchObject({ completionReason: "fatal", cellsError: 2, cellsCancelled: 1 });
		expect(clock.now()).toBe(2000);
	});

	it("gives advice when file descriptors run out, and does not retry", async () => {
		const clock = virtualClock();
		const emfile = Object.assign(new Error("connect EMFILE 127.0.0.1:13100"), { code: "EMFILE", errno: -24 });
		const wrapped = new Error("request failed", { cause: emfile });
		const executor = scriptedExecutor(clock, () => ({ error: wrapped }));
		const error = await thrownBy(clock, executor, [1, 2, 3], { workers: 1, retry: LAMBDA_RETRY });
		const { soft, hard } = openFileLimits()!;
		expect(error.code).toBe("dispatch/too-many-open-files");
		expect(error.message).toBe(
			`Too many open files: 1 Scripted workers exceeded the open-file soft limit (ulimit -n = ${soft}, hard = ${hard}). ` +
				"Cells would be silently dropped. Raise the limit (e.g. `ulimit -n 8192`) or lower --max-workers to <= " +
				`${soft - 32}.`,
		);
		expect(error.cause).toBe(wrapped);
		expect(executor.calls).toEqual([{ index: 0, attempt: 1 }]);
	});
});

describe("a function of the caller that throws", () => {
	it.each(["accumulate", "onFailure"] as const)("%s stops the run and cancels what runs", async (callback) => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, (payload) =>
			payload === 0
				? { seconds: 1, ...(callback === "accumulate" ? { result: 0 } : { error: new Error("no") }) }
				: { seconds: 60, result: payload },
		);
		const thrower = () => {
			throw new RangeError("disk full");
		};
		const error = await thrownBy(clock, executor, [0, 1, 2], { workers: 2, [callback]: thrower });
		expect(error).toMatchObject({ code: "dispatch/callback-failed", cause: new RangeError("disk full") });
		expect(error.message).toBe(`${callback} threw: RangeError: disk full. The run was stopped.`);
		expect(error.report).toMatchObject({ completionReason: "fatal", cellsCompleted: 1, cellsCancelled: 1 });
		expect(clock.now()).toBe(1000);
	});

	it("is thrown even if the run was being cancelled, and called no more", async () => {
		const clock = virtualClock();
		const stop = new AbortController();
		const executor = scriptedExecutor(clock, (payload) => ({ seconds: payload, result: payload }), { cancels: false });
		let calls = 0;
		const accumulate = () => {
			if (++calls === 1) return stop.abort();
			throw new Error("disk full");
		};
		const error = await thrownBy(clock, executor, [1, 2, 3, 4], { workers: 3, signal: stop.signal, accumulate });
		expect(error).toMatchObject({ code: "dispatch/callback-failed", report: { completionReason: "fatal" } });
		expect(calls).toBe(2);
	});

	it("measureCost, classify and backoff stop the run too", async () => {
		const clock = virtualClock();
		const throttled = () => ({ error: taggedError("throttled", "slow down") });
		const thrower = () => {
			throw new Error("broken");
		};
		const costly = { ...scriptedExecutor(clock, () => ({ result: 1 })), measureCost: thrower };
		const first = await thrownBy(clock, costly, [1], { workers: 1 });
		expect(first.message).toBe("executor.measureCost threw: broken. The run was stopped.");
		for (const broken of [{ classify: thrower }, { backoff: thrower }]) {
			const retry = { ...LAMBDA_RETRY, ...broken };
			const error = await thrownBy(clock, scriptedExecutor(clock, throttled), [1, 2], { workers: 1, retry });
			expect(error.message).toBe("the retry policy threw: broken. The run was stopped.");
		}
	});
});
