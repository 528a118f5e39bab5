import { scriptPath } from "./job-script.ts";
import type { EndLine } from "./lines.ts";
import { findArray, type RunCommand } from "./slurm.ts";
import type { Spool } from "./spool.ts";
import type { TaskPlace } from "./task-table.ts";

/** A cell that an earlier dispatcher of the run has submitted. */
export interface KnownCell {
	readonly submission: number;
	/** Its result, where it has succeeded. */
	readonly result: EndLine | undefined;
	/** The task that it is in, where it has no line yet. */
	readonly place: TaskPlace | undefined;
}

/** What earlier dispatchers of a run have left in its folder. */
export interface AttachedRun {
	/** Cells that have succeeded, and cells whose tasks have not told of them yet; failed ones may be run again. */
	readonly known: Map<string, KnownCell>;
	readonly lastWave: number;
	readonly lastSubmission: number;
}

/** Reads what earlier dispatchers have left; of a new run, nothing. */
export async function attachedRun(spool: Spool, run: RunCommand): Promise<AttachedRun> {
	const ends = new Map<number, EndLine>();
	const jobs = await spool.readJobs();
	for (const line of jobs.length === 0 ? [] : await spool.newLines()) {
		// The first line of an attempt counts: a task may outlive its node's death.
		if (line.kind === "end" && !ends.has(line.submission)) ends.set(line.submission, line);
	}
	const known = new Map<string, KnownCell>();
	let lastSubmission = 0;
	for (const { wave, tasks, ...job } of jobs) {
		const jobId = job.jobId ?? (await findArray(run, scriptPath(spool.directory, wave)));
		if (jobId !== null && job.jobId === null) await spool.addJob({ wave, jobId, tasks });
		for (let task = 0; task < tasks; task++) {
			for (const { cell, submission } of await spool.readShard(wave, task)) {
				lastSubmission = Math.max(lastSubmission, submission);
				const result = ends.get(submission);
				const isOver = result === undefined ? jobId === null : !result.ok;
				// A result stays; otherwise the latest submission counts.
				if (known.get(cell)?.result !== undefined) continue;
				if (isOver) known.delete(cell);
				else known.set(cell, { submission, result, place: result || !jobId ? undefined : { wave, jobId, task } });
			}
		}
	}
	return { known, lastWave: Math.max(0, ...jobs.map(({ wave }) => wave)), lastSubmission };
}
