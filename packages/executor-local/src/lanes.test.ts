import { dispatch, failureClassOf } from "@zagg/dispatch";
import { describe, expect, it } from "vitest";
import { localExecutor } from "./local-executor.ts";
import { emitThree } from "./test-support.ts";

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
const submitOptions = (signal = new AbortController().signal) => ({ signal, index: 0, attempt: 1, runId: "r" });

describe("localExecutor({ work })", () => {
	it("runs a whole run: preflight says workers, submit computes, cost is wall time, finalize is empty", async () => {
		const executor = localExecutor({ workers: 2, work: (payload: number) => payload * 2 });
		expect(await executor.preflight(3)).toEqual({ workers: 2, detail: null });
		expect(await executor.submit(21, submitOptions())).toBe(42);
		const report = await dispatch(executor, [1, 2, 3, 4], { workers: 2 });
		expect(report.results).toEqual([2, 4, 6, 8]);
		expect(report.cost).toMatchObject({ gbSeconds: 0, costUsd: 0 });
		expect(await executor.finalize()).toMatchObject({ results: [], cellsCompleted: 0 });
		await executor.shutdown();
	});

	it("costs an attempt by its wall time, failed or not", async () => {
		const executor = localExecutor({
			workers: 1,
			work: async (payload: number) => {
				await pause(30);
				if (payload === 1) throw new Error("no");
			},
		});
		const { cost } = await dispatch(executor, [0, 1], { workers: 1 });
		expect(cost.computeTimeSeconds).toBeGreaterThan(0.055);
		expect(cost.computeTimeSeconds).toBeLessThan(5);
	});

	it("hands payload and result over as they are", async () => {
		const payload = { key: 12711972898206646278n, method: () => 1 };
		const executor = localExecutor({ workers: 1, work: (given: typeof payload) => given });
		expect(await executor.submit(payload, submitOptions())).toBe(payload);
	});

	it("lets never more than `workers` in at once, and the others in order", async () => {
		let running = 0;
		let peak = 0;
		const order: number[] = [];
		const work = async (payload: number) => {
			order.push(payload);
			peak = Math.max(peak, ++running);
			await pause(2);
			running--;
		};
		const executor = localExecutor({ workers: 3, work });
		await Promise.all(Array.from({ length: 20 }, (_, index) => executor.submit(index, submitOptions())));
		expect(peak).toBe(3);
		expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index));
	});

	it("hands on what the work emits, with the cell and attempt that it came from", async () => {
		const heard: unknown[] = [];
		const onMessage = (message: unknown, from: { index: number }) => heard.push([from.index, message]);
		const executor = localExecutor({ workers: 1, work: emitThree, onMessage });
		await dispatch(executor, ["p"], { workers: 1, runId: "run" });
		expect(heard).toEqual([
			[0, "p a"],
			[0, { index: 0, attempt: 1, runId: "run" }],
			[0, new Uint8Array([1, 2])],
		]);
	});

	it("tells running work to stop when the run is cancelled, and does not wait for it", async () => {
		const stop = new AbortController();
		let told = 0;
		const work = (_: number, { signal }: { signal: AbortSignal }) =>
			new Promise<never>(() => {
				signal.addEventListener("abort", () => told++);
				if (_ === 1) stop.abort();
			});
		const executor = localExecutor({ workers: 2, work });
		const report = await dispatch(executor, [0, 1, 2], { workers: 2, signal: stop.signal });
		expect(report).toMatchObject({ completionReason: "cancelled", cellsCancelled: 2 });
		expect(told).toBe(2);
	});

	it("survives work that throws at once after its cell was cancelled", async () => {
		const stop = new AbortController();
		const work = () => {
			stop.abort();
			throw new Error("too late");
		};
		const executor = localExecutor({ workers: 1, work });
		const report = await dispatch(executor, [0], { workers: 1, signal: stop.signal });
		expect(report).toMatchObject({ completionReason: "cancelled", cellsCancelled: 1, cellsError: 0 });
	});

	it("fails an attempt that takes too long with class timeout, and goes on", async () => {
		const work = (payload: number) => (payload === 0 ? new Promise<never>(() => {}) : payload);
		const executor = localExecutor({ workers: 1, timeoutSeconds: 0.02, work });
		const report = await dispatch(executor, [0, 1], { workers: 1 });
		expect(report.results).toEqual([1]);
		expect(report.failures[0]).toMatchObject({
			failureClass: "timeout",
			message:
				'Cell 0 failed at attempt 1 of 1 on executor "local" (timeout): Cell 0 took longer than 0.02 s. ' +
				"Raise timeoutSeconds, or make the cell smaller.",
		});
	});

	it("ends what runs and what waits on shutdown, which is idempotent, and then runs no more", async () => {
		const executor = localExecutor({ workers: 1, work: () => new Promise<never>(() => {}) });
		const pending = [executor.submit(0, submitOptions()), executor.submit(1, submitOptions())];
		const settled = Promise.allSettled(pending);
		await Promise.all([executor.shutdown(), executor.shutdown()]);
		for (const outcome of await settled) {
			expect(outcome).toMatchObject({ reason: { code: "executor-local/shut-down", failureClass: "cancelled" } });
		}
		await expect(executor.submit(2, submitOptions())).rejects.toMatchObject({
			code: "executor-local/shut-down",
			failureClass: "usage",
		});
	});

	it("leaves a place in the queue when its signal is aborted", async () => {
		const stop = new AbortController();
		const work = (payload: number) => pause(10).then(() => payload);
		const executor = localExecutor({ workers: 1, work });
		const first = executor.submit(1, submitOptions());
		const second = executor.submit(2, submitOptions(stop.signal)).catch(failureClassOf);
		const third = executor.submit(3, submitOptions());
		stop.abort();
		expect(await Promise.all([first, second, third])).toEqual([1, "cancelled", 3]);
		await expect(executor.submit(4, submitOptions(stop.signal))).rejects.toThrow("aborted");
	});
});

describe("options", () => {
	const work = () => 0;
	it.each([
		[{ work, workers: 0 }, "localExecutor: workers must be a whole number of at least 1, got 0."],
		[{ work, workers: 1.5 }, "localExecutor: workers must be a whole number of at least 1, got 1.5."],
		[{ work }, "localExecutor: workers must be a whole number of at least 1, got undefined."],
		[
			{ work, workers: 1, timeoutSeconds: 0 },
			"localExecutor: timeoutSeconds must be above 0 and at most 2147483, got 0.",
		],
		[{ workers: 1 }, "localExecutor: work or module must be given, and not both, got neither."],
		[{ work, module: "/a.js", workers: 1 }, "localExecutor: work or module must be given, and not both, got both."],
		[{ work: "cell.js", workers: 1 }, "localExecutor: work must be a function, got string."],
		[
			{ module: "/a.js", workers: 1, resourceLimits: { maxOldGenerationSizeMb: 2 } },
			"localExecutor: resourceLimits.maxOldGenerationSizeMb must be at least 16, got 2.",
		],
		[
			{ module: "./cell.js", workers: 1 },
			'localExecutor: module must be a URL such as new URL("./cell.js", import.meta.url), or an absolute path, got ./cell.js.',
		],
	])("%j are refused", (options, message) => {
		expect(() => localExecutor(options as never)).toThrow(
			expect.objectContaining({ code: "executor-local/invalid-option", failureClass: "usage", message }),
		);
	});
});
