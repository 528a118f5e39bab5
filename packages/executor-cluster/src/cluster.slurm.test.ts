import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DispatchOptions, dispatch, type RunReport, retryPolicy } from "@zagg/dispatch";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type ClusterExecutor, clusterExecutor } from "./cluster-executor.ts";
import type { Step } from "./fixtures/cells.ts";
import type { ClusterExecutorOptions } from "./options.ts";

const slurmHome = process.env.ZAGG_TEST_SLURM;
const hasAccounting = slurmHome !== undefined && existsSync(join(slurmHome, "slurmdbd.conf"));
const needs = "(needs ZAGG_TEST_SLURM: scripts/slurm-up.sh)";
const module = new URL("./fixtures/cells.ts", import.meta.url);

let folder: string;
beforeEach(() => {
	if (slurmHome) process.env.SLURM_CONF = join(slurmHome, "slurm.conf");
	folder = mkdtempSync(join(tmpdir(), "zagg-slurm-"));
	return () => rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
	for (const node of ["n3", "n4"]) {
		if (slurmHome) spawnQuietly("scontrol", ["update", `nodename=${node}`, "state=resume"]);
	}
});

function spawnQuietly(command: string, args: readonly string[]): string {
	try {
		return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
	} catch {
		return "";
	}
}

function executorOf(options: Partial<ClusterExecutorOptions<Step>> = {}): ClusterExecutor<Step, unknown> {
	const executor = clusterExecutor<Step, unknown>({
		module,
		spoolDirectory: folder,
		cellKey: ({ key }) => key,
		partition: "faults",
		pollIntervalSeconds: 0.25,
		...options,
	});
	onTestFinished(() => executor.shutdown());
	return executor;
}

async function run(
	executor: ClusterExecutor<Step, unknown>,
	steps: readonly Step[],
	options: Partial<DispatchOptions<Step, unknown>> = {},
): Promise<RunReport<unknown, Step>> {
	const { workers } = await executor.preflight(steps.length);
	const retry = retryPolicy({ maxAttempts: 3, baseSeconds: 0.01 });
	return dispatch(executor, steps, { workers, retry, ...options });
}

const ledgerOf = (path: string): string[][] =>
	existsSync(path)
		? readFileSync(path, "utf8")
				.trim()
				.split("\n")
				.map((line) => line.split(" "))
		: [];
// Other test files use other partitions of the same Slurm.
const jobsLeft = (): string[] =>
	spawnQuietly("squeue", ["-h", "-p", "faults", "-t", "PENDING,RUNNING,COMPLETING", "-o", "%i"])
		.split("\n")
		.filter(Boolean);
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
async function until(condition: () => boolean, seconds = 30): Promise<void> {
	const end = Date.now() + seconds * 1000;
	while (!condition()) {
		if (Date.now() > end) throw new Error("it did not come about");
		await sleep(50);
	}
}

describe.skipIf(!slurmHome)(`on a real Slurm ${needs}`, () => {
	test("runs cells in array tasks, in few of them, and leaves nothing behind", async () => {
		process.env.SECRET_OF_SUBMITTER = "secret";
		const executor = executorOf({ pricePerCoreHour: 3600, cpusPerTask: 2 });
		const steps = Array.from({ length: 40 }, (_, index) => ({ key: `c${index}`, waitMilliseconds: 20 }));
		const report = await run(executor, steps);
		expect(report.failures).toEqual([]);
		expect(report.results).toHaveLength(40);
		expect(new Set(report.results.map((result) => (result as { key: string }).key)).size).toBe(40);
		expect(report.results[0]).not.toHaveProperty("secret");
		// Two cores each, at least 20 ms a cell.
		expect(report.cost.computeTimeSeconds).toBeGreaterThan(40 * 0.02 * 2);
		expect(report.cost.costUsd).toBeCloseTo(report.cost.computeTimeSeconds);
		expect(report.cost.gbSeconds).toBeGreaterThan(0);
		const jobs = readFileSync(join(executor.runDirectory, "jobs.jsonl"), "utf8").trim().split("\n");
		// Noted before and after.
		expect(jobs.map((line) => JSON.parse(line))).toEqual([
			{ wave: 1, jobId: null, tasks: 4 },
			{ wave: 1, jobId: expect.stringMatching(/^\d+$/), tasks: 4 },
		]);
		await executor.shutdown();
		expect(jobsLeft()).toEqual([]);
		expect(existsSync(executor.runDirectory)).toBe(false);
	}, 60_000);

	test("carries bigints and what the work says, and tells errors as they were thrown", async () => {
		const said: unknown[] = [];
		const executor = executorOf({ onMessage: (message) => said.push(message) });
		const report = await run(executor, [
			{ key: "big", value: { key: 12711972898206646278n, list: [1.5, Number.NaN] } },
			{ key: "talk", do: "emit", value: 1 },
			{ key: "bad", do: "throw" },
			{ key: "exit", do: "exit" },
		]);
		expect(report.results).toContainEqual({ key: 12711972898206646278n, list: [1.5, Number.NaN] });
		expect(said).toEqual([{ said: "talk" }]);
		const failures = report.failures.toSorted((left, right) => (left.payload.key < right.payload.key ? -1 : 1));
		expect(failures.map(({ failureClass }) => failureClass)).toEqual(["bug", "bug"]);
		expect(failures[0]!.error).toMatchObject({
			name: "RangeError",
			code: "E_CELL",
			message: "cell bad is not to be had",
		});
		expect(failures[1]!.error).toMatchObject({ code: "executor-cluster/cell-crashed" });
		expect(report.attempts).toBe(4);
	}, 60_000);

	test("a cell over its time or memory fails alone, once, and is costed", async () => {
		const executor = executorOf({
			cellTimeoutSeconds: 2,
			cellMemoryMegabytes: 400,
			memory: "900M",
			maxRunningTasks: 1,
		});
		const report = await run(executor, [
			{ key: "a" },
			{ key: "slow", do: "spin" },
			{ key: "b" },
			{ key: "fat", do: "eat" },
			{ key: "c" },
		]);
		expect(report.results.map((result) => (result as Step).key).sort()).toEqual(["a", "b", "c"]);
		const classes = Object.fromEntries(report.failures.map(({ payload, failureClass }) => [payload.key, failureClass]));
		expect(classes).toEqual({ slow: "timeout", fat: "out-of-memory" });
		expect(report.attempts).toBe(5);
		expect(report.cost.computeTimeSeconds).toBeGreaterThan(2);
	}, 60_000);

	test("a task that Slurm kills for its memory fails the cell that it was at; its neighbours run again", async () => {
		const executor = executorOf({ memory: "300M", maxRunningTasks: 1 });
		const report = await run(executor, [{ key: "fat", do: "eat" }, { key: "x" }, { key: "y" }]);
		expect(report.failures.map(({ payload, failureClass }) => [payload.key, failureClass])).toEqual([
			["fat", "out-of-memory"],
		]);
		expect(report.results).toHaveLength(2);
	}, 90_000);

	test("cells of a node that goes down run elsewhere, once more, and the run ends complete", async () => {
		const ledger = join(folder, "ledger");
		const executor = executorOf();
		const steps = Array.from({ length: 8 }, (_, index) => ({ key: `c${index}`, waitMilliseconds: 4000, ledger }));
		const running = run(executor, steps);
		await until(() => ledgerOf(ledger).length >= 8);
		const [node] = spawnQuietly("squeue", ["-h", "-p", "faults", "-t", "RUNNING", "-o", "%N"]).trim().split("\n");
		spawnQuietly("scontrol", ["update", `nodename=${node}`, "state=down", "reason=test"]);
		await sleep(500);
		spawnQuietly("scontrol", ["update", `nodename=${node}`, "state=resume"]);
		const report = await running;
		expect(report.failures).toEqual([]);
		expect(new Set(report.results.map((result) => (result as Step).key)).size).toBe(8);
		const starts = ledgerOf(ledger).filter(([what]) => what === "start").length;
		expect(starts).toBeGreaterThan(8);
		expect(starts).toBeLessThanOrEqual(8 + 4);
	}, 90_000);

	test("a node's daemon killed with its cell: the cell runs elsewhere", async () => {
		const ledger = join(folder, "ledger");
		const executor = executorOf({ maxRunningTasks: 1 });
		const running = run(executor, [{ key: "one", waitMilliseconds: 3000, ledger }]);
		await until(() => ledgerOf(ledger).length === 1);
		const node = spawnQuietly("squeue", ["-h", "-p", "faults", "-t", "RUNNING", "-o", "%N"]).trim();
		const daemon = readFileSync(join(slurmHome!, "run", `slurmd-${node}.pid`), "utf8").trim();
		const cellPid = ledgerOf(ledger)[0]![2]!;
		const worker = execFileSync("ps", ["-o", "ppid=", "-p", cellPid], { encoding: "utf8" }).trim();
		const step = execFileSync("ps", ["-o", "ppid=", "-p", worker], { encoding: "utf8" }).trim();
		for (const pid of [daemon, step, worker, cellPid]) spawnQuietly("kill", ["-9", pid]);
		const report = await running;
		expect(report.results).toHaveLength(1);
		expect(ledgerOf(ledger).filter(([what]) => what === "start")).toHaveLength(2);
		execFileSync("slurmd", ["-f", join(slurmHome!, "slurm.conf"), "-N", node]);
		await until(() => spawnQuietly("sinfo", ["-h", "-t", "idle", "-o", "%D"]).trim() === "4", 40);
	}, 120_000);

	test("scancel from outside ends the cells that it hits, and they are not tried again", async () => {
		const ledger = join(folder, "ledger");
		const executor = executorOf();
		const running = run(executor, [
			{ key: "a", waitMilliseconds: 30_000, ledger },
			{ key: "b", waitMilliseconds: 30_000, ledger },
		]);
		await until(() => ledgerOf(ledger).length === 2);
		for (const job of jobsLeft()) spawnQuietly("scancel", [job]);
		const report = await running;
		expect(report.failures.map(({ failureClass }) => failureClass)).toEqual(["cancelled", "cancelled"]);
		expect(report.attempts).toBe(2);
	}, 60_000);

	test("a cancelled run cancels its jobs", async () => {
		const ledger = join(folder, "ledger");
		const executor = executorOf();
		const controller = new AbortController();
		const steps = Array.from({ length: 20 }, (_, index) => ({ key: `c${index}`, waitMilliseconds: 20_000, ledger }));
		const running = run(executor, steps, { signal: controller.signal });
		await until(() => ledgerOf(ledger).length >= 4);
		controller.abort();
		expect(await running).toMatchObject({ completionReason: "cancelled", cellsCancelled: 20 });
		await until(() => jobsLeft().length === 0);
		expect(ledgerOf(ledger).filter(([what]) => what === "end")).toEqual([]);
	}, 60_000);

	test("a dispatcher that dies can be followed by another: no cell is lost, none runs twice", async () => {
		const ledger = join(folder, "ledger");
		const script = join(folder, "dispatcher.ts");
		const sources = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);
		writeFileSync(
			script,
			`import { dispatch } from ${JSON.stringify(import.meta.resolve("@zagg/dispatch"))};
import { clusterExecutor } from ${sources("./index.ts")};
const executor = clusterExecutor({ module: new URL(${sources("./fixtures/cells.ts")}), spoolDirectory: ${JSON.stringify(folder)},
	runName: "mine", cellKey: ({ key }) => key, partition: "faults", pollIntervalSeconds: 0.25, maxRunningTasks: 6 });
await executor.preflight(24);
await dispatch(executor, Array.from({ length: 24 }, (_, index) => ({ key: "c" + index, waitMilliseconds: 700, ledger: ${JSON.stringify(ledger)} })), { workers: 24 });
`,
		);
		const first = spawn(process.execPath, ["--conditions=@zagg/source", script], { stdio: "ignore" });
		await until(() => ledgerOf(ledger).filter(([what]) => what === "end").length >= 4);
		first.kill("SIGKILL");
		const executor = executorOf({ runName: "mine" });
		const steps = Array.from({ length: 24 }, (_, index) => ({ key: `c${index}`, waitMilliseconds: 700, ledger }));
		const report = await run(executor, steps);
		expect(report.failures).toEqual([]);
		expect(report.results.map((result) => (result as Step).key).sort()).toEqual(steps.map(({ key }) => key).sort());
		expect(ledgerOf(ledger).filter(([what]) => what === "start")).toHaveLength(24);
		expect(ledgerOf(ledger).filter(([what]) => what === "end")).toHaveLength(24);
	}, 90_000);

	test.skipIf(!hasAccounting)(
		"a submit limit is kept to, and accounting agrees with what was measured",
		async () => {
			const executor = executorOf({ account: "narrow" });
			const steps = Array.from({ length: 14 }, (_, index) => ({ key: `c${index}`, waitMilliseconds: 1500 }));
			const report = await run(executor, steps);
			expect(report.results).toHaveLength(14);
			expect(report.attempts).toBe(14);
			const jobs = readFileSync(join(executor.runDirectory, "jobs.jsonl"), "utf8").trim().split("\n");
			expect(jobs.map((line) => JSON.parse(line).tasks as number).every((tasks) => tasks <= 5)).toBe(true);
			let use = await executor.accountedUse();
			const end = Date.now() + 10_000;
			while ((use?.coreSeconds ?? 0) < 14 * 1.5 && Date.now() < end) {
				await sleep(500);
				use = await executor.accountedUse();
			}
			// Slurm counts whole seconds, and start-up too.
			expect(use!.coreSeconds).toBeGreaterThan(report.cost.computeTimeSeconds - use!.tasks);
			expect(use!.coreSeconds).toBeLessThan(report.cost.computeTimeSeconds + 5 * use!.tasks);
		},
		90_000,
	);

	test("two dispatchers do not share a run", async () => {
		await executorOf({ runName: "mine" }).preflight(1);
		await expect(executorOf({ runName: "mine" }).preflight(1)).rejects.toMatchObject({
			code: "executor-cluster/already-dispatched",
			message: expect.stringContaining(`process ${process.pid} on `),
		});
	}, 30_000);

	test("an array that was submitted but not noted is found again, and its cells run once", async () => {
		const ledger = join(folder, "ledger");
		const steps = [{ key: "a", waitMilliseconds: 4000, ledger }];
		const first = executorOf({ runName: "mine" });
		const running = run(first, steps);
		await until(() => ledgerOf(ledger).length === 1);
		// As if it had died between sbatch and its note.
		const directory = join(folder, "mine");
		const [intent] = readFileSync(join(directory, "jobs.jsonl"), "utf8").split("\n");
		writeFileSync(join(directory, "jobs.jsonl"), `${intent}\n`);
		rmSync(join(directory, "dispatcher.json"));
		const report = await run(executorOf({ runName: "mine" }), steps);
		expect(report.results).toHaveLength(1);
		expect(ledgerOf(ledger).map(([what]) => what)).toEqual(["start", "end"]);
		await running;
	}, 60_000);

	test("a cell that is cancelled in the middle of a chunk ends, and its neighbours run on", async () => {
		const ledger = join(folder, "ledger");
		const executor = executorOf({ maxRunningTasks: 1, cpusPerTask: 4, sbatchArguments: ["--nodelist=n3"] });
		await executor.preflight(8);
		const stop = new AbortController();
		const { signal } = new AbortController();
		const submit = (step: Step, index: number, of: AbortSignal): Promise<unknown> =>
			executor.submit(step, { signal: of, runId: "r", index, attempt: 1 });
		const endless = submit({ key: "endless", do: "spin", ledger }, 0, stop.signal).catch((error: Error) => error);
		const others = ["a", "b", "c"].map((key, index) => submit({ key, ledger }, index + 1, signal));
		await until(() => ledgerOf(ledger).some(([, key]) => key === "endless"));
		stop.abort();
		expect(await endless).toMatchObject({ code: "executor-cluster/cancelled" });
		expect(await Promise.all(others)).toHaveLength(3);
		expect(ledgerOf(ledger).filter(([what]) => what === "end")).toHaveLength(3);
	}, 60_000);

	test("what Slurm would not take is told before anything is submitted", async () => {
		await expect(executorOf({ partition: "nowhere" }).preflight(1)).rejects.toMatchObject({
			code: "executor-cluster/refused",
			message: expect.stringMatching(/invalid partition/i),
		});
		await expect(executorOf({ memory: "900G" }).preflight(1)).rejects.toMatchObject({
			code: "executor-cluster/refused",
		});
		const { workers, detail } = await executorOf().preflight(7);
		expect([workers, detail]).toEqual([
			7,
			expect.objectContaining({ cpus: 8, maxArraySize: 1001, timeLimitSeconds: null }),
		]);
	}, 30_000);
});
