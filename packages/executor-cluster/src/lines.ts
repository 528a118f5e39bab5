import type { PackedError } from "./packed-error.ts";

/** One cell in a task's shard file. */
export interface CellLine {
	/** Names the cell; the same in every attempt, and for a dispatcher that attaches. */
	readonly cell: string;
	readonly attempt: number;
	readonly index: number;
	readonly runId: string;
	readonly payload: unknown;
}

/** A worker has started a cell. */
export interface StartLine {
	readonly kind: "start";
	readonly cell: string;
	readonly attempt: number;
	readonly node: string;
	readonly job: string;
	readonly restart: number;
	/** Milliseconds since the Unix epoch. */
	readonly time: number;
}

/** What a worker measured of a cell. */
export interface Meter {
	readonly wallSeconds: number;
	readonly cpuSeconds: number;
	/** Of the process that ran it, so far. */
	readonly peakMemoryMebibytes: number;
}

/** A worker has finished a cell. */
export interface EndLine extends Meter {
	readonly kind: "end";
	readonly cell: string;
	readonly attempt: number;
	readonly node: string;
	readonly job: string;
	readonly restart: number;
	readonly time: number;
	readonly ok: boolean;
	readonly result?: unknown;
	readonly error?: PackedError;
}

/** What the work emitted on its way. */
export interface MessageLine {
	readonly kind: "message";
	readonly cell: string;
	readonly attempt: number;
	readonly message: unknown;
}

/** A line of a result file. */
export type ResultLine = StartLine | EndLine | MessageLine;
