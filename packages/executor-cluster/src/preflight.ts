import { ClusterExecutorError } from "./errors.ts";
import type { ClusterExecutorOptions } from "./options.ts";
import { type ClusterLimits, parseConfig, parseCpus, type RunCommand } from "./slurm.ts";

/**
 * Asks Slurm, before anything is submitted, whether it is there, what it allows, and whether it would take such a task.
 *
 * @throws ClusterExecutorError `executor-cluster/slurm-not-found`, `…/controller-unreachable` or `…/refused`
 */
export async function readLimits(
	run: RunCommand,
	options: Pick<ClusterExecutorOptions<never>, "partition">,
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
	const partition = options.partition === undefined ? [] : ["-p", options.partition];
	const cpus = parseCpus((await run("sinfo", ["-h", "-o", "%C", ...partition])).stdout);
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
	return { ...config, cpus };
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
