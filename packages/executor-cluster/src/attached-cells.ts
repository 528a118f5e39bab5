import type { TaskPlace } from "./array-runner.ts";
import type { EndLine } from "./lines.ts";
import type { Spool } from "./spool.ts";

/** A cell that an earlier dispatcher of the run has submitted. */
export interface KnownCell {
	readonly attempt: number;
	/** Its result, where it has succeeded. */
	readonly result: EndLine | undefined;
	/** The task that it is in, where it has no line yet. */
	readonly place: TaskPlace | undefined;
}

/**
 * What earlier dispatchers of a run have left in its folder: cells that have succeeded, and cells whose tasks have not
 * told of them yet. Cells that have failed are left out: they may be run again.
 */
export async function attachedCells(spool: Spool): Promise<{ known: Map<string, KnownCell[]>; lastWave: number }> {
	const jobs = await spool.readJobs();
	const ends = new Map<string, EndLine>();
	for (const line of jobs.length === 0 ? [] : await spool.newLines()) {
		const key = `${"cell" in line ? line.cell : ""} ${line.attempt}`;
		// The first line of an attempt counts: a task may outlive its node's death.
		if (line.kind === "end" && !ends.has(key)) ends.set(key, line);
	}
	const known = new Map<string, KnownCell[]>();
	for (const { wave, jobId, tasks } of jobs) {
		for (let task = 0; task < tasks; task++) {
			for (const { cell, attempt } of await spool.readShard(wave, task)) {
				const end = ends.get(`${cell} ${attempt}`);
				if (end !== undefined && !end.ok) continue;
				const entry = { attempt, result: end, place: end === undefined ? { wave, jobId, task } : undefined };
				const entries = known.get(cell) ?? [];
				// A later attempt replaces one that was lost; a result stays.
				const kept = entries.filter(({ result }) => result !== undefined);
				known.set(cell, end !== undefined || kept.length === 0 ? [entry, ...kept].slice(0, 1) : kept);
			}
		}
	}
	return { known, lastWave: Math.max(0, ...jobs.map(({ wave }) => wave)) };
}
