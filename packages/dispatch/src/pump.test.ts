import { describe, expect, it } from "vitest";
import { dispatch } from "./dispatch.ts";
import { DispatchError } from "./errors.ts";
import { scriptedExecutor, virtualClock } from "./test-support.ts";
import { workerLimit } from "./worker-limit.ts";

describe("taking payloads", () => {
	it("pulls from an unbounded source only when there is room", async () => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, (payload) => ({ seconds: 1, result: payload }));
		const stop = new AbortController();
		let pulled = 0;
		let closed = false;
		function* forever() {
			try {
				for (;;) yield pulled++;
			} finally {
				closed = true;
			}
		}
		const ahead: number[] = [];
		const report = await clock.drive(
			dispatch(executor, forever(), {
				workers: 5,
				clock,
				signal: stop.signal,
				accumulate: (_, completed) => {
					ahead.push(pulled - completed);
					if (completed === 100) stop.abort();
				},
			}),
		);
		expect(Math.max(...ahead)).toBeLessThanOrEqual(5);
		expect(executor.peak).toBe(5);
		expect(report.cellsCompleted).toBe(100);
		expect(closed).toBe(true);
	});

	it("takes an asynchronous source one next() at a time", async () => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, (payload) => ({ seconds: 10, result: payload }));
		let pending = 0;
		let next = 0;
		const source: AsyncIterable<number> = {
			[Symbol.asyncIterator]: () => ({
				async next() {
					expect(++pending).toBe(1);
					await clock.sleep(1000, new AbortController().signal);
					pending--;
					return next < 6 ? { done: false, value: next++ } : { done: true, value: undefined };
				},
			}),
		};
		const report = await clock.drive(dispatch(executor, source, { workers: 3, clock }));
		expect(report.results).toEqual([0, 1, 2, 3, 4, 5]);
		expect(executor.peak).toBe(3);
	});

	it("is not held up by a source that never answers when the run is cancelled", async () => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, (payload) => ({ seconds: 1, result: payload }));
		async function* stuck() {
			yield 1;
			await new Promise(() => {});
		}
		const stop = new AbortController();
		const running = dispatch(executor, stuck(), {
			workers: 2,
			clock,
			signal: stop.signal,
			accumulate: () => stop.abort(),
		});
		expect(await clock.drive(running)).toMatchObject({ cellsCompleted: 1, completionReason: "cancelled" });
	});

	it("ignores a source that rejects because the run was cancelled", async () => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, (payload) => ({ seconds: 1, result: payload }));
		const stop = new AbortController();
		async function* followingTheSignal() {
			yield 1;
			await new Promise((_, reject) => stop.signal.addEventListener("abort", () => reject(stop.signal.reason)));
		}
		const options = { workers: 2, clock, signal: stop.signal, accumulate: () => stop.abort() };
		const report = await clock.drive(dispatch(executor, followingTheSignal(), options));
		expect(report.completionReason).toBe("cancelled");
	});

	it.each([
		["synchronous", () => throwingSource()],
		["asynchronous", () => throwingAsyncSource()],
	])("stops for a %s source that throws, lets running cells finish, and attaches the report", async (_, source) => {
		const clock = virtualClock();
		const executor = scriptedExecutor(clock, (payload) => ({ seconds: 5, result: payload }));
		const error: DispatchError = await clock.drive(
			dispatch(executor, source(), { workers: 4, clock }).then(
				() => expect.unreachable(),
				(thrown) => thrown,
			),
		);
		expect(error).toBeInstanceOf(DispatchError);
		expect(error).toMatchObject({
			code: "dispatch/payload-source-failed",
			cause: new Error("line 3 is not JSON"),
			message: "The payloads could not be read on: line 3 is not JSON. The run was stopped.",
		});
		expect(error.report).toMatchObject({ results: [1, 2], completionReason: "fatal", cellsError: 0 });
	});

	it("starts more cells when the limit is raised and none above it when it is lowered", async () => {
		const clock = virtualClock();
		const limit = workerLimit(2);
		const widths: number[] = [];
		let running = 0;
		const executor = scriptedExecutor(clock, (payload) => ({ seconds: 1, result: payload }));
		const report = await clock.drive(
			dispatch(executor, Array(20).keys(), {
				workers: limit,
				clock,
				onEvent: (event) => {
					if (event.type === "cell-start") widths.push(++running);
					if (event.type === "cell-end") running--;
				},
				accumulate: (_, completed) => {
					if (completed === 2) limit.set(4);
					if (completed === 10) limit.set(1);
				},
			}),
		);
		expect(report.cellsCompleted).toBe(20);
		// Two at first, four after the second cell, one at a time once those four have ended.
		expect(widths.slice(0, 2)).toEqual([1, 2]);
		expect(Math.max(...widths)).toBe(4);
		expect(widths.slice(-7)).toEqual([1, 1, 1, 1, 1, 1, 1]);
	});

	it("enters a source only once, even if pulling changes the limit", async () => {
		const clock = virtualClock();
		const limit = workerLimit(1);
		const executor = scriptedExecutor(clock, (payload) => ({ seconds: 1, result: payload }));
		function* widening() {
			for (let payload = 1; payload <= 4; payload++) {
				limit.set(payload + 1);
				yield payload;
			}
		}
		const report = await clock.drive(dispatch(executor, widening(), { workers: limit, clock }));
		expect(report.results).toEqual([1, 2, 3, 4]);
		expect(executor.peak).toBe(4);
	});
});

function* throwingSource() {
	yield 1;
	yield 2;
	throw new Error("line 3 is not JSON");
}

async function* throwingAsyncSource() {
	yield* throwingSource();
}
