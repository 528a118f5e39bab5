import { writeFile } from "node:fs/promises";
import { ClusterExecutorError } from "./errors.ts";
import { jobScript, scriptPath, submitArguments } from "./job-script.ts";
import type { ClusterExecutorOptions } from "./options.ts";
import type { PendingCell } from "./pending-cell.ts";
import { refusal } from "./preflight.ts";
import { findArray, type RunCommand } from "./slurm.ts";
import type { Spool } from "./spool.ts";

/** A wave that is to be submitted. */
export interface WaveSubmission {
	readonly options: ClusterExecutorOptions<never>;
	readonly spool: Spool;
	readonly run: RunCommand;
	readonly wave: number;
	/** Whether tasks of earlier waves are there, whose end makes room. */
	readonly othersRun: boolean;
	/** The cells of each task. */
	readonly dealt: readonly (readonly PendingCell[])[];
}

// Of the controller or the network, not of the job; sbatch may fail with them after the job was taken.
const TRANSIENT = /timed out|unable to contact|connection refused|communication|temporarily|try again/i;

/**
 * Writes a wave's files and submits its array. The wave is noted before and after, so that a dispatcher which dies in
 * between leaves no array that nobody knows of.
 *
 * @returns the job, or why it could not be had just now: a limit on how many there may be, or a controller that is away
 * @throws ClusterExecutorError `executor-cluster/refused`, fatal
 */
export async function submitWave(
	submission: WaveSubmission,
): Promise<{ readonly jobId: string } | { readonly refusal: "limit" | "transient" }> {
	const { options, spool, run, wave, othersRun, dealt } = submission;
	for (const [task, cells] of dealt.entries()) {
		await spool.writeShard(
			wave,
			task,
			cells.map(({ text }) => text),
		);
	}
	const tasks = dealt.length;
	const path = scriptPath(spool.directory, wave);
	await writeFile(path, jobScript(options, spool.directory, wave), { mode: 0o755 });
	await spool.addJob({ wave, jobId: null, tasks });
	const output = await run("sbatch", submitArguments(options, { directory: spool.directory, number: wave, tasks }));
	let jobId: string | null = output.stdout.trim().split(";")[0]!;
	if (output.exitCode !== 0) {
		const reason = refusal(output.stderr);
		if (/limit/i.test(reason) && (tasks > 1 || othersRun)) return { refusal: "limit" };
		if (!TRANSIENT.test(output.stderr)) throw refusedBySlurm(reason, tasks);
		jobId = await findArray(run, path);
		if (jobId === null) return { refusal: "transient" };
	}
	await spool.addJob({ wave, jobId, tasks });
	return { jobId };
}

function refusedBySlurm(reason: string, count: number): ClusterExecutorError {
	return new ClusterExecutorError(
		"executor-cluster/refused",
		`Slurm did not take an array of ${count} tasks: ${reason}`,
		{
			failureClass: "fatal",
			remedy: "Check the partition, account, limits and the memory and time that were asked for.",
		},
	);
}
