import { userInfo } from "node:os";
import { ClusterExecutorError } from "./errors.ts";
import type { ClusterExecutorOptions } from "./options.ts";
import { type ClusterLimits, parseConfig, parseCpus, type RunCommand } from "./slurm.ts";
import { slurmSeconds } from "./time-limit.ts";

/**
 * Asks Slurm, before anything is submitted, whether it is there, what it allows, and whether it would take such a task.
 *
 * @throws ClusterExecutorError `executor-cluster/slurm-not-found`, `…/controller-unreachable` or `…/refused`
 */
export async function readLimits(
	run: RunCommand,
	options: Pick<ClusterExecutorOptions<never>, "partition" | "account">,
	jobArguments: readonly string[],
): Promise<ClusterLimits> {
	const ping = await run("scontrol", ["ping"]);
	if (!/is UP/.test(ping.stdout)) {
		throw new ClusterExecutorError(
			"executor-cluster/controller-unreachable",
			`Slurm's controller does not answer: ${firstLine(ping.stdout + ping.stderr)}`,
			{ failureClass: "fatal", remedy: "Try again later, or ask the site's administrators." },
		);
	}
	const config = parseConfig((await run("scontrol", ["show", "config"])).stdout);
	const nodes = await readNodes(run, options.partition);
	const trial = await run("sbatch", ["--test-only", ...jobArguments, "--wrap", "true"]);
	if (trial.exitCode !== 0) {
		throw new ClusterExecutorError(
			"executor-cluster/refused",
			`Slurm would not take the job: ${refusal(trial.stderr)}`,
			{
				failureClass: "usage",
				remedy: "Check --partition, --account, --time and --memory; `sinfo` shows what there is.",
				context: { arguments: jobArguments },
			},
		);
	}
	const maxSubmitJobs = config.hasAccounting ? await readSubmitLimit(run, options.account) : Number.POSITIVE_INFINITY;
	return { ...config, ...nodes, maxSubmitJobs };
}

/** The partition's CPUs and the time that a task gets there if it asks for none; without a partition, Slurm's default one. */
async function readNodes(
	run: RunCommand,
	partition: string | undefined,
): Promise<Pick<ClusterLimits, "cpus" | "timeLimitSeconds">> {
	const wanted = partition === undefined ? [] : ["-p", partition];
	const { stdout } = await run("sinfo", ["-h", "-o", "%P|%C|%L|%l", ...wanted]);
	const lines = stdout.split("\n").filter(Boolean);
	const defaults = lines.filter((line) => line.split("|")[0]!.endsWith("*"));
	const chosen = partition === undefined && defaults.length > 0 ? defaults : lines;
	const [, , defaultTime = "", timeLimit = ""] = chosen[0]?.split("|") ?? [];
	return { cpus: parseCpus(chosen.join("\n")), timeLimitSeconds: slurmSeconds(defaultTime) ?? slurmSeconds(timeLimit) };
}

/** What accounting allows this user; several associations count as the largest, and an empty field as no limit. */
async function readSubmitLimit(run: RunCommand, account: string | undefined): Promise<number> {
	const { username } = userInfo();
	const filter = [`user=${username}`, ...(account === undefined ? [] : [`account=${account}`])];
	const { exitCode, stdout } = await run("sacctmgr", [
		"-n",
		"-P",
		"list",
		"associations",
		...filter,
		"format=MaxSubmit",
	]);
	if (exitCode !== 0) return Number.POSITIVE_INFINITY;
	const limits = stdout
		.split("\n")
		.slice(0, -1)
		.map((text) => (/^\d+$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY));
	return limits.length === 0 ? Number.POSITIVE_INFINITY : Math.max(1, ...limits);
}

/** What sbatch says is wrong, without its own name. */
export function refusal(stderr: string): string {
	const lines = stderr.trim().split("\n");
	return (lines.find((line) => line.includes("error:")) ?? lines[0] ?? "").replace(
		/^(?:sbatch|allocation failure): (?:error: )?/,
		"",
	);
}

function firstLine(text: string): string {
	return text.trim().split("\n")[0] ?? "";
}
