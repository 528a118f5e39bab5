import { describe, expect, test } from "vitest";
import { addUse } from "./accounting.ts";
import { readLimits, refusal } from "./preflight.ts";
import { isTerminal, parseConfig, parseCpus, parseTasks, queryTasks, runCommand } from "./slurm.ts";
import { taskFailure } from "./task-failure.ts";
import { slurmSeconds } from "./time-limit.ts";

// As Slurm 22.05.8 prints them.
const SQUEUE = `1241_4              |RUNNING             |0:0                 |None                |n1                  |
1241_5              |NODE_FAIL           |0:0                 |NodeDown            |n2                  |
1241_6              |PENDING             |0:0                 |BeginTime           |                    |
1242_[0-9]          |PENDING             |0:0                 |Resources           |                    |
`;

describe("Slurm's texts", () => {
	test("squeue's lines become states by task", () => {
		const tasks = parseTasks(SQUEUE);
		expect([...tasks.keys()]).toEqual(["1241_4", "1241_5", "1241_6"]);
		expect(tasks.get("1241_5")).toEqual({ state: "NODE_FAIL", exitCode: "0:0", reason: "NodeDown", node: "n2" });
		expect([...tasks.values()].map(isTerminal)).toEqual([false, true, false]);
		expect(isTerminal({ state: "CANCELLED by 0", exitCode: "", reason: "", node: "" })).toBe(true);
	});

	test("the configuration tells limits and whether there is accounting", () => {
		const text =
			"AccountingStorageType   = accounting_storage/slurmdbd\nMaxArraySize            = 1001\nMaxJobCount             = 10000\nSLURM_VERSION           = 22.05.8\n";
		expect(parseConfig(text)).toEqual({
			version: "22.05.8",
			maxArraySize: 1001,
			maxJobCount: 10_000,
			hasAccounting: true,
		});
		expect(parseConfig("AccountingStorageType = accounting_storage/none").hasAccounting).toBe(false);
	});

	test("CPUs out of service do not count", () => {
		expect(parseCpus("0/16/0/16\n4/8/4/16\n")).toBe(28);
		expect(parseCpus("")).toBe(0);
	});

	test("accounting's lines add up to core-seconds, those of a requeued task too", () => {
		const text = "1241_0|10|4\n1241_1|3|4\n1241_1|5|4\n1241_[2-9]|0|0\n1241_2.batch|7|4\n";
		expect(addUse(text)).toEqual({ tasks: 3, coreSeconds: 72 });
		expect(addUse("")).toEqual({ tasks: 0, coreSeconds: 0 });
	});

	test("a submit limit of the user's narrows the run; none, or an empty field, does not", async () => {
		const config = "AccountingStorageType = accounting_storage/slurmdbd\nMaxArraySize = 11\n";
		const answers = (associations: string) => async (command: string, args: readonly string[]) => ({
			exitCode: 0,
			stdout:
				command === "sacctmgr"
					? associations
					: args[0] === "ping"
						? "is UP"
						: command === "sinfo"
							? "main*|0/16/0/16|01:00:00|infinite\nother|0/99/0/99|n/a|infinite\n"
							: config,
			stderr: "",
		});
		expect(await readLimits(answers("100\n20\n"), {}, [])).toMatchObject({
			...{ maxSubmitJobs: 100, cpus: 16, timeLimitSeconds: 3600, maxArraySize: 11 },
		});
		expect((await readLimits(answers("100\n\n"), {}, [])).maxSubmitJobs).toBe(Number.POSITIVE_INFINITY);
		expect((await readLimits(answers(""), {}, [])).maxSubmitJobs).toBe(Number.POSITIVE_INFINITY);
	});

	test.each([
		["30", 1800],
		["10:30", 630],
		["01:00:00", 3600],
		["2-0", 172_800],
		["1-12:30", 131_400],
		["1-00:00:01", 86_401],
		["infinite", null],
		["n/a", null],
		["", null],
	])("a time of '%s' is %s seconds", (text, seconds) => {
		expect(slurmSeconds(text)).toBe(seconds);
	});

	test("a refusal is told in sbatch's own words", () => {
		expect(refusal("sbatch: error: invalid partition specified: x\nsbatch: error: Batch job submission failed\n")).toBe(
			"invalid partition specified: x",
		);
		expect(refusal("allocation failure: Requested node configuration is not available\n")).toBe(
			"Requested node configuration is not available",
		);
	});

	test("a controller that does not answer is not the same as jobs that it has forgotten", async () => {
		const failing = (stderr: string) => async () => ({ exitCode: 1, stdout: "", stderr });
		expect(await queryTasks(failing("slurm_load_jobs error: Invalid job id specified"), ["1"])).toEqual(new Map());
		expect(await queryTasks(failing("Unable to contact slurm controller (connect failure)"), ["1"])).toBeNull();
	});

	test("a machine without Slurm is told what to do", async () => {
		await expect(runCommand("no-such-slurm-command", [])).rejects.toMatchObject({
			code: "executor-cluster/slurm-not-found",
			remedy: expect.stringContaining("login node"),
		});
	});
});

describe("taskFailure", () => {
	const lost = { cell: "c1", wasRunning: true, taskId: "1_2" };
	test.each([
		["NODE_FAIL", "0:0", true, "", "preempted", "node-failed"],
		["BOOT_FAIL", "0:0", false, "", "preempted", "node-failed"],
		["PREEMPTED", "0:0", true, "", "preempted", "preempted"],
		["CANCELLED by 0", "0:0", true, "", "cancelled", "cancelled"],
		["OUT_OF_MEMORY", "0:125", true, "", "out-of-memory", "out-of-memory"],
		["OUT_OF_MEMORY", "0:125", false, "", "preempted", "task-lost"],
		[
			"FAILED",
			"0:9",
			true,
			"slurmstepd: error: StepId=1.batch exceeded memory limit (3 > 2), being killed",
			"out-of-memory",
			"out-of-memory",
		],
		["FAILED", "0:9", true, "", "preempted", "task-lost"],
		["FAILED", "1:0", true, "x\nError: no such file\n", "bug", "task-failed"],
		["TIMEOUT", "0:15", true, "", "preempted", "timeout"],
		["TIMEOUT", "0:15", false, "", "preempted", "task-lost"],
		["COMPLETED", "0:0", true, "", "preempted", "task-lost"],
	] as const)(
		"%s %s (at this cell: %s, %j) is of class %s: %s",
		(state, exitCode, wasRunning, log, failureClass, code) => {
			const error = taskFailure({ ...lost, wasRunning }, { state, exitCode, reason: "", node: "n3" }, log);
			expect([error.failureClass, error.code]).toEqual([failureClass, `executor-cluster/${code}`]);
			expect(error.message).toContain("cell c1: Slurm task 1_2");
		},
	);

	test("a task that Slurm has forgotten is lost", () => {
		expect(taskFailure(lost, null, "")).toMatchObject({
			failureClass: "preempted",
			code: "executor-cluster/task-lost",
		});
	});
});
