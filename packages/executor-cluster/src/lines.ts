import type { PackedError } from "./packed-error.ts";

/** Names one attempt at a cell in files. */
export interface Identity {
	/** Names the cell; the same in every attempt, and for a dispatcher that attaches. */
	readonly cell: string;
	/** Unique within a run's folder, over all its dispatchers. */
	readonly submission: number;
}

/** One cell in a task's shard file. */
export interface CellLine extends Identity {
	readonly attempt: number;
	readonly index: number;
	readonly runId: string;
	readonly payload: unknown;
}

/** Where and when a line was written. */
export interface LineOrigin {
	readonly node: string;
	readonly job: string;
	/** How often Slurm had restarted the task. */
	readonly restart: number;
	/** Milliseconds since the Unix epoch, by the node's clock. */
	readonly time: number;
	/** CPUs that Slurm gave the task; null if it did not say. */
	readonly cpus: number | null;
}

/** A worker has started a cell. */
export interface StartLine extends Identity, LineOrigin {
	readonly kind: "start";
}

/** What was measured of a cell. */
export interface Meter {
	readonly wallSeconds: number;
	readonly cpuSeconds: number;
	/** Of the process that ran it, so far. */
	readonly peakMemoryMebibytes: number;
	/** CPUs that the cell's task held meanwhile; null if unknown. */
	readonly cpus: number | null;
}

/** A worker has finished a cell. */
export interface EndLine extends Identity, LineOrigin, Meter {
	readonly kind: "end";
	readonly cpus: number | null;
	readonly ok: boolean;
	readonly result?: unknown;
	readonly error?: PackedError;
}

/** What the work emitted on its way. */
export interface MessageLine extends Identity {
	readonly kind: "message";
	readonly message: unknown;
}

/** A line of a result file. */
export type ResultLine = StartLine | EndLine | MessageLine;
