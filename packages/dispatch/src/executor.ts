import type { CellCost } from "./cost.ts";
import type { FailureClass } from "./failure-class.ts";
import type { RunReport } from "./report.ts";

/**
 * Somewhere that cells can run: threads, cloud functions, a cluster. An executor runs *one attempt of one cell* when asked; how
 * many at once, in which order, whether again and what it all cost together is the loop's business (`dispatch`).
 *
 * Not in this contract: what a cell computes, retries, ordering, progress, credentials of the work. Every resource an executor
 * opens (processes, sockets, clients, jobs, timers) is its own, from the first `preflight` or `submit` until `shutdown`.
 *
 * The caller's order is `preflight`, `dispatch`, `finalize`, and `shutdown` whatever happened.
 */
export interface Executor<Payload = unknown, Result = unknown> {
	/** Short, lower case, stable: "local", "lambda", "cluster". It appears in messages and events. */
	readonly name: string;
	/** The version of this contract. */
	readonly specVersion: 1;
	/** What this executor can do. It must be true of this very object, options included: a conformance suite checks it. */
	readonly capabilities: ExecutorCapabilities;

	/**
	 * Finds out, before anything is paid for, whether the backend is there and how many cells it can run at once.
	 *
	 * Must not start cells. May be called again, with another count. Rejects with an error that says what to do if nothing could
	 * run at all; a figure that could not be read is not an error but belongs in `detail`.
	 *
	 * @param cellCount how many cells the caller means to run; a bound, not a promise. 0 is allowed.
	 */
	preflight(cellCount: number, options?: { readonly signal?: AbortSignal }): Promise<PreflightReport>;

	/**
	 * Runs one attempt of one cell and resolves with its result.
	 *
	 * Must not retry, nor let a client library do so: an attempt that the loop does not see is not costed. Must settle, even
	 * if the worker vanishes. Rejects with whatever says most: a tagged error with `failureClass` (see `FailureClass`) and, where
	 * the backend says when to come back, `retryAfterSeconds` in its `context`. Must not reject for a result that merely tells of
	 * a cell without data.
	 *
	 * When `signal` is aborted the attempt should end soon and reject; `capabilities.cancelsRunningWork` says whether the
	 * work itself ends too.
	 */
	submit(payload: Payload, options: SubmitOptions): Promise<Result>;

	/**
	 * Says what an attempt cost, failed ones included: what ran is paid for. Called once per attempt, at its end.
	 *
	 * Must be synchronous, must not throw, and must return finite numbers; unknown is 0.
	 */
	measureCost(outcome: AttemptOutcome<Result>): CellCost;

	/**
	 * Does what is left to do once after all cells, if anything (merging logs, a closing call). Returns what it has to report,
	 * or an empty report. Called at most once, after the last `submit` has settled.
	 */
	finalize(options?: { readonly signal?: AbortSignal }): Promise<RunReport<Result, Payload>>;

	/**
	 * Gives everything back: afterwards no process, job, socket, thread or timer of this executor is left. Attempts that still
	 * run are cancelled and reject. Idempotent, and must not reject because of work that failed. `submit` rejects afterwards.
	 */
	shutdown(): Promise<void>;
}

/** What an executor can do, as data. */
export interface ExecutorCapabilities {
	/** Aborting the signal ends the work itself, not only the waiting for it. */
	readonly cancelsRunningWork: boolean;
	/** Work that kills its own process or thread (exit, out of memory) fails one attempt and leaves the run alive. */
	readonly isolatesCrashes: boolean;
	/** Two cells that only compute take less time together than one after the other, given two cores. */
	readonly runsInParallel: boolean;
	/**
	 * How payloads and results travel: the very same object; a structured clone (bigint, typed arrays and maps survive,
	 * functions do not); JSON text.
	 */
	readonly transfer: "reference" | "structured-clone" | "json";
	/** The largest payload that `submit` takes, in bytes as sent; `null` if only memory bounds it. */
	readonly maxPayloadBytes: number | null;
	/**
	 * Where `measureCost` has its seconds from: the attempt's wall time as the loop saw it; a meter of the backend or worker; or
	 * nowhere (always 0).
	 */
	readonly costSource: "wall-clock" | "meter" | "none";
}

/** Which attempt this is. */
export interface SubmitOptions {
	/** Aborted when the run is cancelled. One signal serves all attempts of a run. */
	readonly signal: AbortSignal;
	readonly runId: string;
	/** The payload's position in its source, from 0; the same for every attempt of a cell. */
	readonly index: number;
	/** Counted from 1. `(runId, index, attempt)` is unique. */
	readonly attempt: number;
}

/** How one attempt ended. */
export type AttemptOutcome<Result = unknown> =
	| {
			readonly status: "succeeded";
			readonly index: number;
			readonly attempt: number;
			readonly durationSeconds: number;
			readonly result: Result;
	  }
	| {
			readonly status: "failed";
			readonly index: number;
			readonly attempt: number;
			readonly durationSeconds: number;
			readonly error: unknown;
			readonly failureClass: FailureClass;
	  };

/** What `preflight` found. */
export interface PreflightReport {
	/** How many cells may be in flight at once, at least 1: pass it to `dispatch`. */
	readonly workers: number;
	/** Whatever else was found, in the executor's own form; `null` if nothing. */
	readonly detail: unknown;
}

const METHODS = ["preflight", "submit", "measureCost", "finalize", "shutdown"] as const;

/** The members of `Executor` that `value` lacks or has in a wrong form; empty for an executor. */
export function missingExecutorMembers(value: unknown): readonly string[] {
	const candidate = (typeof value === "object" && value !== null ? value : {}) as Partial<
		Record<keyof Executor, unknown>
	>;
	const missing: string[] = METHODS.filter((method) => typeof candidate[method] !== "function");
	if (typeof candidate.name !== "string") missing.push("name");
	if (candidate.specVersion !== 1) missing.push("specVersion");
	if (typeof candidate.capabilities !== "object" || candidate.capabilities === null) missing.push("capabilities");
	return missing;
}

/** True if `value` has the members of an `Executor` of this contract's version. It cannot see their signatures. */
export function isExecutor(value: unknown): value is Executor {
	return missingExecutorMembers(value).length === 0;
}
