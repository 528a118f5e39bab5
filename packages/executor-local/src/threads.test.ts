import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dispatch, type Executor, isZaggError, LAMBDA_RETRY, type ZaggError } from "@zagg/dispatch";
import { afterEach, describe, expect, it } from "vitest";
import { localExecutor } from "./local-executor.ts";
import type { ThreadOptions } from "./options.ts";
import { type Mishap, workModule } from "./test-support.ts";

const opened: Executor<never, unknown>[] = [];
afterEach(async () => {
	for (const executor of opened.splice(0)) await executor.shutdown();
});

function threadExecutor<Payload, Result>(exportName: string, options: Partial<ThreadOptions> = {}) {
	const executor = localExecutor<Payload, Result>({ module: workModule, exportName, workers: 1, ...options });
	opened.push(executor as Executor<never, unknown>);
	return executor;
}

const submitOptions = (signal = new AbortController().signal) => ({ signal, index: 0, attempt: 1, runId: "r" });

describe("localExecutor({ module })", () => {
	it("runs the module's default export in worker threads", async () => {
		const executor = threadExecutor<number, number>("default", { workers: 2 });
		const report = await dispatch(executor, [1, 2, 3, 4], { workers: 2 });
		expect(report.results.toSorted((a, b) => a - b)).toEqual([1, 4, 9, 16]);
		expect(report).toMatchObject({ cellsError: 0, cost: { gbSeconds: 0, costUsd: 0 } });
	});

	it("starts no more threads than cells need, and keeps them", async () => {
		const executor = threadExecutor<number, number>("whichThread", { workers: 4 });
		const report = await dispatch(executor, [1, 2, 3, 4, 5], { workers: 1 });
		expect(report.results).toHaveLength(5);
		expect(new Set(report.results).size).toBe(1);
		expect(report.results[0]).toBeGreaterThan(0);
	});

	it("computes two cells on two threads in well under the time of both", async () => {
		const executor = threadExecutor<number, number>("compute", { workers: 2 });
		await dispatch(executor, [200, 200], { workers: 2 });
		const startedAt = performance.now();
		await dispatch(executor, [500, 500], { workers: 2 });
		expect(performance.now() - startedAt).toBeLessThan(900);
	});

	it("copies payloads and results with bigints, typed arrays, maps and dates", async () => {
		const executor = threadExecutor<unknown, unknown>("echo");
		const payload = {
			shardKey: 12711972898206646278n,
			values: new Float64Array([1.5, Number.NaN, -0]),
			byName: new Map([["gt1l", [1, null, undefined]]]),
			at: new Date(0),
		};
		const result = await executor.submit(payload, submitOptions());
		expect(result).toEqual(payload);
		expect(result).not.toBe(payload);
		expect(payload.values).toHaveLength(3);
	});

	it("hands on what the work emits, in order and before its result", async () => {
		const heard: unknown[] = [];
		const executor = threadExecutor<string, string>("emitThree", {
			onMessage: (message, from) => heard.push([from.index, from.attempt, message]),
		});
		await dispatch(executor, ["p", "q"], {
			workers: 1,
			runId: "run",
			accumulate: (_, __, result) => heard.push(result),
		});
		expect(heard).toEqual([
			[0, 1, "p a"],
			[0, 1, { index: 0, attempt: 1, runId: "run" }],
			[0, 1, new Uint8Array([1, 2])],
			"p done",
			[1, 1, "q a"],
			[1, 1, { index: 1, attempt: 1, runId: "run" }],
			[1, 1, new Uint8Array([1, 2])],
			"q done",
		]);
	});

	it("lets work emit when nobody listens, and fails the attempt when the listener throws", async () => {
		const deaf = threadExecutor<string, string>("emitThree");
		expect(await deaf.submit("p", submitOptions())).toBe("p done");
		const onMessage = () => {
			throw new Error("progress bar broke");
		};
		const broken = threadExecutor<string, string>("emitThree", { onMessage });
		await expect(broken.submit("p", submitOptions())).rejects.toThrow("progress bar broke");
	});
});

describe("ending threads", () => {
	it("cancels running work for real: its thread has gone when the run returns", async () => {
		const directory = mkdtempSync(join(tmpdir(), "zagg-executor-local-"));
		const path = join(directory, "scribble");
		const executor = threadExecutor<string, never>("scribble");
		const stop = new AbortController();
		const started = async () => {
			while (!statSync(path, { throwIfNoEntry: false })?.size) await new Promise((resolve) => setTimeout(resolve, 5));
			stop.abort();
		};
		const [report] = await Promise.all([dispatch(executor, [path], { workers: 1, signal: stop.signal }), started()]);
		const size = statSync(path).size;
		expect(report).toMatchObject({ completionReason: "cancelled", cellsCancelled: 1 });
		await new Promise((resolve) => setTimeout(resolve, 60));
		expect(statSync(path).size).toBe(size);
		rmSync(directory, { recursive: true });
	});

	it("ends an attempt that takes too long, and computes the next cell in a new thread", async () => {
		const executor = threadExecutor<number, number>("compute", { timeoutSeconds: 2 });
		const report = await dispatch(executor, [60_000, 1], { workers: 1, retry: LAMBDA_RETRY });
		expect(report).toMatchObject({ cellsError: 1, attempts: 2, cellsCompleted: 2 });
		expect(report.failures[0]).toMatchObject({ index: 0, failureClass: "timeout" });
		expect(report.failures[0]!.error).toMatchObject({ code: "executor-local/timeout" });
	});

	it("runs a cell that waits behind one that is cancelled", async () => {
		const executor = threadExecutor<number, unknown>("waitForever", { timeoutSeconds: 0.5 });
		const outcomes = await Promise.allSettled([1, 2].map((cell) => executor.submit(cell, submitOptions())));
		expect(outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason.code)).toEqual([
			"executor-local/timeout",
			"executor-local/timeout",
		]);
	});

	it("ends what runs on shutdown, which is idempotent, and then runs no more", async () => {
		const executor = threadExecutor<number, unknown>("waitForever", { workers: 2 });
		const settled = Promise.allSettled([1, 2, 3].map((cell) => executor.submit(cell, submitOptions())));
		await new Promise((resolve) => setTimeout(resolve, 100));
		await Promise.all([executor.shutdown(), executor.shutdown()]);
		for (const outcome of await settled) expect(outcome).toMatchObject({ reason: { failureClass: "cancelled" } });
		await expect(executor.submit(1, submitOptions())).rejects.toMatchObject({ code: "executor-local/shut-down" });
	});
});

describe("work that fails in a thread", () => {
	const run = async (cells: Mishap[], options: Partial<ThreadOptions> = {}) => {
		const executor = threadExecutor<Mishap, unknown>("mishap", options);
		return dispatch(executor, cells, { workers: options.workers ?? 1, retry: LAMBDA_RETRY });
	};

	it.each([
		["exit", "thread-crashed", "bug", "The thread of cell 0 crashed: worker exited with code: 3."],
		["uncaught", "thread-crashed", "bug", "The thread of cell 0 crashed: from a timer."],
		["unhandled", "thread-crashed", "bug", "The thread of cell 0 crashed: from a promise."],
		["memory", "thread-out-of-memory", "out-of-memory", "The thread of cell 0 ran out of memory."],
	] as const)("%s is one failed attempt, and the pool goes on", async (cell, code, failureClass, message) => {
		const report = await run([cell, "fine"], { resourceLimits: { maxOldGenerationSizeMb: 32 } });
		expect(report).toMatchObject({ results: ["fine"], cellsError: 1, attempts: 2 });
		expect(report.failures[0]).toMatchObject({ index: 0, failureClass });
		expect(report.failures[0]!.error).toMatchObject({
			name: "LocalExecutorError",
			code: `executor-local/${code}`,
			message,
		});
	});

	it("takes a crash beside running cells without harm to them", async () => {
		const report = await run(["exit", "fine", "uncaught", "fine", "fine", "exit"], { workers: 2 });
		expect(report).toMatchObject({ results: ["fine", "fine", "fine"], cellsError: 3, completionReason: "completed" });
	});

	it("brings back a tagged error with everything that it says", async () => {
		const { failures } = await run(["tagged"]);
		const error = failures[0]!.error as Error;
		expect(isZaggError(error)).toBe(true);
		expect(error).toMatchObject({
			name: "Hdf5Error",
			message: "no dataset /gt1l/h_li",
			code: "hdf5/not-found",
			failureClass: "data",
			remedy: "Check the configuration's paths.",
			context: { path: "/gt1l/h_li", shardKey: 12711972898206646278n },
			cause: { name: "TypeError", message: "inner" },
		});
		expect((error as ZaggError).context).not.toHaveProperty("reader");
		expect(error.stack).toContain("test-support");
		expect(failures[0]!.failureClass).toBe("data");
	});

	it("brings back plain errors and thrown values so that they are classified as if thrown here", async () => {
		const { failures } = await run(["plain", "string"]);
		expect(failures.map(({ error }) => error)).toMatchObject([
			{ name: "RangeError", message: "out of range" },
			{ message: "just text" },
		]);
		expect(failures.map(({ failureClass }) => failureClass)).toEqual(["bug", "bug"]);
		const executor = threadExecutor<Mishap, unknown>("mishap");
		const lost = await dispatch(executor, ["code"], { workers: 1 });
		expect(lost.failures[0]).toMatchObject({
			failureClass: "transport",
			error: { message: "fetch failed", cause: { code: "ECONNRESET", errno: -104 } },
		});
	});

	it("says so when a result or a payload cannot be cloned, and keeps the thread", async () => {
		const { failures, results } = await run(["function", "fine"]);
		expect(failures[0]!.error).toMatchObject({
			code: "executor-local/not-cloneable",
			failureClass: "bug",
			message: "The result of cell 0 cannot leave its thread.",
			cause: { name: "DataCloneError" },
		});
		expect(results).toEqual(["fine"]);
		const echo = threadExecutor<unknown, unknown>("echo");
		await expect(echo.submit({ method() {} }, submitOptions())).rejects.toMatchObject({
			code: "executor-local/not-cloneable",
			failureClass: "usage",
		});
		expect(await echo.submit(1, submitOptions())).toBe(1);
	});

	it.each([
		["nothing", workModule, /has no function "nothing"; it exports compute, default, echo, /],
		["notAFunction", workModule, /has no function "notAFunction"/],
		["default", new URL("./no-such-module.ts", import.meta.url), /cannot be imported in a worker thread/],
	])("stops the run when there is no export %s in %s", async (exportName, module, message) => {
		const executor = threadExecutor<number, number>(exportName, { module });
		await expect(dispatch(executor, [1, 2, 3], { workers: 1 })).rejects.toMatchObject({
			code: "dispatch/run-fatal",
			cause: { code: "executor-local/module-not-loadable", message: expect.stringMatching(message) },
			report: { attempts: 1, completionReason: "fatal" },
		});
	});
});
