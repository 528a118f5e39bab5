import { execFile } from "node:child_process";
import { ClusterExecutorError } from "./errors.ts";

/** What a command printed, and how it ended. */
export interface CommandOutput {
	readonly exitCode: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs one of Slurm's commands. */
export type RunCommand = (command: string, args: readonly string[]) => Promise<CommandOutput>;

// squeue gives up by itself after 18 s when the controller is away (measured with 22.05).
const TIMEOUT_MILLISECONDS = 60_000;
const MOST_OUTPUT_BYTES = 256 * 1024 * 1024;

/** Runs a command of this machine. @throws ClusterExecutorError `executor-cluster/slurm-not-found` */
export const runCommand: RunCommand = (command, args) =>
	new Promise((resolve, reject) => {
		const options = { timeout: TIMEOUT_MILLISECONDS, maxBuffer: MOST_OUTPUT_BYTES };
		execFile(command, args, options, (error, stdout, stderr) => {
			const { code } = (error ?? {}) as { code?: string | number };
			if (code === "ENOENT") {
				reject(
					new ClusterExecutorError("executor-cluster/slurm-not-found", `Slurm's command '${command}' is not there`, {
						failureClass: "usage",
						remedy: "Run this on a login node of the cluster, or load the module that provides Slurm.",
					}),
				);
			} else resolve({ exitCode: error === null ? 0 : typeof code === "number" ? code : 1, stdout, stderr });
		});
	});

/** A running or finished array task, as squeue tells it. */
export interface TaskState {
	/** `PENDING`, `RUNNING`, `COMPLETED`, `NODE_FAIL`, … */
	readonly state: string;
	/** `0:9` is signal 9. */
	readonly exitCode: string;
	readonly reason: string;
	readonly node: string;
}

const SQUEUE_FORMAT = "JobArrayID:|,State:|,exit_code:|,Reason:|,NodeList:|";

/**
 * The state of every task of the arrays, by `<job>_<task>`, in one call for all; finished tasks stay for the site's MinJobAge.
 *
 * @returns null when the controller could not be asked; tasks that it has forgotten are missing
 */
export async function queryTasks(run: RunCommand, jobIds: readonly string[]): Promise<Map<string, TaskState> | null> {
	if (jobIds.length === 0) return new Map();
	const args = ["-h", "-r", "-t", "all", "-j", jobIds.join(","), "-O", SQUEUE_FORMAT];
	const { exitCode, stdout, stderr } = await run("squeue", args);
	if (exitCode !== 0) {
		// The only array that was asked for is forgotten.
		return stderr.includes("Invalid job id") ? new Map() : null;
	}
	return parseTasks(stdout);
}

/** The job id of the array that runs the script, if Slurm knows of one. */
export async function findArray(run: RunCommand, script: string): Promise<string | null> {
	const { stdout } = await run("squeue", ["-h", "-t", "all", "-o", "%F|%o"]);
	const line = stdout.split("\n").find((line) => line.slice(line.indexOf("|") + 1).trim() === script);
	return line === undefined ? null : line.slice(0, line.indexOf("|"));
}

/** Reads squeue's lines. */
export function parseTasks(text: string): Map<string, TaskState> {
	const tasks = new Map<string, TaskState>();
	for (const line of text.split("\n")) {
		const [id, state = "", exitCode = "", reason = "", node = ""] = line.split("|").map((field) => field.trim());
		if (id && /^\d+_\d+$/.test(id)) tasks.set(id, { state, exitCode, reason, node });
	}
	return tasks;
}

/** What the cluster allows. */
export interface ClusterLimits {
	readonly version: string;
	readonly maxArraySize: number;
	readonly maxJobCount: number;
	readonly hasAccounting: boolean;
	/** CPUs of the nodes that are up, in the partition. */
	readonly cpus: number;
	/** Jobs that this user may have at once, array tasks included; infinite where accounting sets no limit. */
	readonly maxSubmitJobs: number;
	/** Of a task that asks for none; null if there is none. */
	readonly timeLimitSeconds: number | null;
}

/** Reads `scontrol show config`. */
export function parseConfig(
	text: string,
): Pick<ClusterLimits, "version" | "maxArraySize" | "maxJobCount" | "hasAccounting"> {
	const value = (name: string): string => new RegExp(`^${name}\\s*=\\s*(.*)$`, "m").exec(text)?.[1]?.trim() ?? "";
	return {
		version: value("SLURM_VERSION"),
		maxArraySize: Number(value("MaxArraySize")) || 1001,
		maxJobCount: Number(value("MaxJobCount")) || 10_000,
		hasAccounting: value("AccountingStorageType").includes("slurmdbd"),
	};
}

/** Adds up the CPUs in `sinfo -h -o %C` lines (allocated/idle/other/total) that are not out of service. */
export function parseCpus(text: string): number {
	let cpus = 0;
	for (const [, allocated, idle] of text.matchAll(/(\d+)\/(\d+)\/\d+\/\d+/g)) cpus += Number(allocated) + Number(idle);
	return cpus;
}

const TERMINAL = new Set([
	...[
		"COMPLETED",
		"FAILED",
		"CANCELLED",
		"TIMEOUT",
		"NODE_FAIL",
		"PREEMPTED",
		"BOOT_FAIL",
		"OUT_OF_MEMORY",
		"DEADLINE",
	],
	...["REVOKED", "SPECIAL_EXIT"],
]);

/** Whether a task has ended and will not run again. */
export function isTerminal({ state }: TaskState): boolean {
	return TERMINAL.has(state.replace(/\s.*$|\+$/g, ""));
}
