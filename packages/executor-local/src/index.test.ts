import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { isExecutor } from "@zagg/dispatch";
import { expect, it } from "vitest";
import * as api from "./index.ts";
import { workModule } from "./test-support.ts";

it("exports exactly this", () => {
	expect(Object.keys(api).sort()).toEqual(["LocalExecutorError", "localExecutor"]);
});

it("makes executors whose capabilities tell the two kinds apart", async () => {
	const here = api.localExecutor({ workers: 1, work: () => 0 });
	const threads = api.localExecutor({ workers: 1, module: workModule });
	expect([here, threads].map(isExecutor)).toEqual([true, true]);
	expect(here.capabilities).toEqual({
		cancelsRunningWork: false,
		isolatesCrashes: false,
		runsInParallel: false,
		transfer: "reference",
		maxPayloadBytes: null,
		costSource: "wall-clock",
	});
	expect(threads.capabilities).toEqual({
		cancelsRunningWork: true,
		isolatesCrashes: true,
		runsInParallel: true,
		transfer: "structured-clone",
		maxPayloadBytes: null,
		costSource: "wall-clock",
	});
	await Promise.all([here.shutdown(), threads.shutdown()]);
});

/** Runs a script in a Node of its own, from the package's directory, and returns what it printed. */
async function runScript(script: string, nodeOptions: string[] = []): Promise<{ stdout: string; stderr: string }> {
	const imports = `
		import { dispatch } from "@zagg/dispatch";
		import { localExecutor } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
		const module = ${JSON.stringify(workModule.href)};
		const open = (exportName, options) => localExecutor({ module, exportName, workers: 2, ...options });
	`;
	const args = ["--conditions=@zagg/source", ...nodeOptions, "--input-type=module", "--eval", imports + script];
	const options = { cwd: new URL("..", import.meta.url), timeout: 20_000 };
	return promisify(execFile)(process.execPath, args, options);
}

it("leaves nothing behind: a process that has run, crashed, timed out and cancelled cells ends by itself", async () => {
	const { stdout, stderr } = await runScript(`
		// Both streams open when first touched, which starting a thread does.
		[process.stdout, process.stderr].forEach((stream) => stream.write(""));
		const before = process.getActiveResourcesInfo();
		const reports = [];
		const run = async (executor, cells, signal) => {
			const report = await dispatch(executor, cells, { workers: 2, signal });
			await executor.shutdown();
			reports.push([report.cellsCompleted, report.cellsError, report.cellsCancelled]);
		};
		await run(open("default"), [1, 2, 3]);
		await run(open("mishap"), ["exit", "plain", "fine"]);
		await run(open("waitForever", { timeoutSeconds: 0.2 }), [1, 2, 3]);
		const stop = new AbortController();
		setTimeout(() => stop.abort(), 200);
		await run(open("waitForever", { timeoutSeconds: 3600 }), [1, 2, 3], stop.signal);
		await run(localExecutor({ workers: 2, timeoutSeconds: 3600, work: async (payload) => payload }), [1, 2]);
		console.log(JSON.stringify({ reports, before, after: process.getActiveResourcesInfo() }));
	`);
	const { reports, before, after } = JSON.parse(stdout);
	expect(reports).toEqual([
		[3, 0, 0],
		[3, 2, 0],
		[3, 3, 0],
		[0, 0, 2],
		[2, 0, 0],
	]);
	expect(after).toEqual(before);
	expect(stderr).toBe("");
});

it("does not keep a process alive while its threads are idle, even without shutdown", async () => {
	const { stdout } = await runScript(`
		const report = await dispatch(open("default"), [7], { workers: 1 });
		console.log(report.results[0]);
	`);
	expect(stdout).toBe("49\n");
});

it.each([
	["throws", 'throw new Error("no thread here")', "No worker thread could start: no thread here."],
	["exits", "process.exit(1)", "No worker thread could start: it exited at once."],
])("stops the run, rather than hang, when every thread %s at its start", async (_, failing, message) => {
	const preload = `import { isMainThread } from "node:worker_threads"; if (!isMainThread) ${failing};`;
	const nodeOptions = ["--import", `data:text/javascript,${encodeURIComponent(preload)}`];
	const { stdout } = await runScript(
		`
		const executor = open("default");
		const { code, cause } = await dispatch(executor, [1, 2, 3], { workers: 2 }).catch((error) => error);
		await executor.shutdown();
		console.log(JSON.stringify([code, cause.code, cause.failureClass, cause.message]));
		`,
		nodeOptions,
	);
	expect(JSON.parse(stdout)).toEqual(["dispatch/run-fatal", "executor-local/thread-not-started", "fatal", message]);
});
