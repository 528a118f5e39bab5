/** What the work is told besides its payload; the same as for worker threads. */
export interface ClusterWorkContext {
	/** For work that takes one. A cell that is to end is ended with its process. */
	readonly signal: AbortSignal;
	readonly index: number;
	/** Counted from 1. */
	readonly attempt: number;
	readonly runId: string;
	/** Sends something to the dispatcher's `onMessage` while the cell runs. */
	emit(message: unknown): void;
}

/** What a worker module exports: runs one cell. Payload and result travel as JSON; bigints survive. */
export type ClusterWork<Payload, Result> = (payload: Payload, context: ClusterWorkContext) => Result | Promise<Result>;
