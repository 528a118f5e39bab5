import type { RunCommand } from "./slurm.ts";

/** What Slurm's accounting says that jobs have held. */
export interface AccountedUse {
	/** Array tasks that have run. */
	readonly tasks: number;
	/** Allocated CPUs times elapsed seconds, in Slurm's whole seconds; an outage of the controller inflates it. */
	readonly coreSeconds: number;
}

const SACCT_FORMAT = "JobID,ElapsedRaw,AllocCPUS";

/**
 * Adds up what accounting has of the arrays' tasks, every run of a requeued one included.
 *
 * @returns null when there is no accounting, or it does not answer
 */
export async function readAccountedUse(run: RunCommand, jobIds: readonly string[]): Promise<AccountedUse | null> {
	if (jobIds.length === 0) return null;
	// -D: all runs of a requeued task; -X: a line per task, none per step.
	const args = ["-n", "-P", "-X", "-D", "-j", jobIds.join(","), "-o", SACCT_FORMAT];
	const { exitCode, stdout } = await run("sacct", args).catch(() => ({ exitCode: 1, stdout: "" }));
	return exitCode === 0 ? addUse(stdout) : null;
}

/** Reads sacct's lines. */
export function addUse(text: string): AccountedUse {
	let tasks = 0;
	let coreSeconds = 0;
	for (const line of text.split("\n")) {
		const [id = "", elapsed, cpus] = line.split("|");
		// The rest of an array that was cancelled before it ran is one line, `12_[4-9]`.
		if (!/^\d+(_\d+)?$/.test(id)) continue;
		const seconds = Number(elapsed) * Number(cpus);
		if (!(seconds > 0)) continue;
		tasks++;
		coreSeconds += seconds;
	}
	return { tasks, coreSeconds };
}
