import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isExecutor } from "@zagg/dispatch";
import { beforeEach, describe, expect, test } from "vitest";
import { clusterExecutor } from "./cluster-executor.ts";
import { jobScript, submitArguments } from "./job-script.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "zagg-cluster-"));
	return () => rmSync(folder, { recursive: true, force: true });
});

const options = () => ({ module: new URL("./fixtures/cells.ts", import.meta.url), spoolDirectory: folder });

describe("clusterExecutor", () => {
	test("is an executor", () => {
		expect(isExecutor(clusterExecutor(options()))).toBe(true);
	});

	test.each([
		[{ spoolDirectory: "" }, "spoolDirectory"],
		[{ module: "work.js" }, "absolute path"],
		[{ cpusPerTask: 0 }, "cpusPerTask"],
		[{ cellTimeoutSeconds: -1 }, "cellTimeoutSeconds"],
		[{ runName: "../other" }, "runName"],
	])("refuses %j", (wrong, message) => {
		expect(() => clusterExecutor({ ...options(), ...wrong })).toThrow(message);
	});

	test("must be asked for its width first, and runs nothing after its end", async () => {
		const executor = clusterExecutor(options());
		const submit = { signal: new AbortController().signal, runId: "r", index: 0, attempt: 1 };
		await expect(executor.submit({}, submit)).rejects.toMatchObject({ code: "executor-cluster/not-ready" });
		await executor.shutdown();
		await executor.shutdown();
		await expect(executor.submit({}, submit)).rejects.toMatchObject({ code: "executor-cluster/shut-down" });
		await expect(executor.preflight(1)).rejects.toMatchObject({ code: "executor-cluster/shut-down" });
	});

	test("says so when the controller does not answer, and submits nothing", async () => {
		const asked: string[] = [];
		const executor = clusterExecutor({
			...options(),
			runCommand: async (command) => {
				asked.push(command);
				return { exitCode: 1, stdout: "Slurmctld(primary) at vm is DOWN\n", stderr: "" };
			},
		});
		await expect(executor.preflight(1)).rejects.toMatchObject({ code: "executor-cluster/controller-unreachable" });
		expect(asked).toEqual(["scontrol"]);
		expect(existsSync(executor.runDirectory)).toBe(false);
	});

	test("a failing sbatch fails the cells as fatal, with Slurm's reason", async () => {
		const executor = clusterExecutor({
			...options(),
			pollIntervalSeconds: 0.05,
			runCommand: async (command, args) => {
				if (command === "sbatch" && !args.includes("--test-only")) {
					return {
						exitCode: 1,
						stdout: "",
						stderr: "sbatch: error: Batch job submission failed: Job violates accounting/QOS policy\n",
					};
				}
				return { exitCode: 0, stdout: "is UP\n0/4/0/4\n", stderr: "" };
			},
		});
		await executor.preflight(1);
		const submit = { signal: new AbortController().signal, runId: "r", index: 0, attempt: 1 };
		await expect(executor.submit({ a: 1n }, submit)).rejects.toMatchObject({
			failureClass: "fatal",
			message: expect.stringContaining("Job violates accounting/QOS policy"),
		});
		expect(readFileSync(join(executor.runDirectory, "shards/1-0.jsonl"), "utf8")).toContain('{"a":{"$bigint":"1"}}');
		await executor.shutdown();
	});
});

describe("a job", () => {
	const shared = { module: "file:///m.js", spoolDirectory: "/s" };

	test("is asked for with what was wanted, and takes no environment along but four names", () => {
		const args = submitArguments(
			{
				...shared,
				partition: "p",
				account: "a",
				timeLimit: "01:00:00",
				memory: "4G",
				maxRunningTasks: 5,
				sbatchArguments: ["--x"],
			},
			{ directory: "/s/run", number: 2, tasks: 7 },
		);
		expect(args).toEqual([
			...[
				"--parsable",
				"--partition=p",
				"--account=a",
				"--time=01:00:00",
				"--mem=4G",
				"--cpus-per-task=1",
				"--ntasks=1",
			],
			...["--x", "--array=0-6%5", "--requeue", "--open-mode=append", "--export=HOME,PATH,USER,LANG", "--job-name=zagg"],
			...["--chdir=/s/run", "--output=/s/run/log/%A_%a.txt", "--comment=zagg wave 2", "/s/run/job-2.sh"],
		]);
	});

	test("runs the worker, quoted, with the environment that was given", () => {
		const script = jobScript({ ...shared, nodeExecutable: "/opt/it's/node", environment: { A: "1 '2'" } }, "/s/run", 3);
		expect(script).toContain("export A='1 '\\''2'\\'''\n");
		expect(script).toMatch(/^exec '\/opt\/it'\\''s\/node' .*worker-entry\.ts' '\/s\/run' '3'\n$/m);
	});
});
