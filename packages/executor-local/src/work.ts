/** What a cell's work is told besides its payload. */
export interface WorkContext {
	/**
	 * Aborted when the cell is cancelled or out of time; its result is no longer wanted then. In a worker thread it never is:
	 * there the thread is ended instead.
	 */
	readonly signal: AbortSignal;
	/** The payload's position in its source, from 0. */
	readonly index: number;
	/** Counted from 1. */
	readonly attempt: number;
	readonly runId: string;
	/** Hands a message to the executor's `onMessage`; from a thread it travels by structured clone. */
	emit(message: unknown): void;
}

/** Computes one cell. It may be synchronous; what it throws fails the attempt. */
export type Work<Payload, Result> = (payload: Payload, context: WorkContext) => Promise<Result> | Result;

/** Which attempt a message, or a piece of work, belongs to. */
export type AttemptIds = Pick<WorkContext, "index" | "attempt" | "runId">;

/** Takes what work emits, in order and before the cell's result; one that throws fails the attempt. */
export type MessageHandler = (message: unknown, from: AttemptIds) => void;

/** Where attempts run: lanes in this thread, or a pool of worker threads. */
export interface Site<Payload, Result> {
	/**
	 * Runs one attempt. When `attempt` is aborted, whoever did it, it rejects with the signal's reason.
	 * Never called for more attempts at once than there are workers.
	 */
	run(payload: Payload, ids: AttemptIds, attempt: AbortController): Promise<Result>;
	/** Gives back what the site holds; every attempt has been aborted. */
	close(): Promise<void>;
}
