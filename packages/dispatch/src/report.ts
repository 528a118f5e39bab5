import { type CellCost, zeroCost } from "./cost.ts";
import type { FailureClass } from "./failure-class.ts";

/** Why a run ended: every payload was taken; `signal` was aborted; something made going on pointless. */
export type CompletionReason = "completed" | "cancelled" | "fatal";

/** One attempt of one cell, after it ended. */
export interface AttemptRecord {
	/** Counted from 1. */
	readonly attempt: number;
	/** Milliseconds since the Unix epoch. */
	readonly startedAt: number;
	/** From submit to its settling, as the loop saw it; waiting between attempts is not part of it. */
	readonly durationSeconds: number;
	readonly cost: CellCost;
	/** What was thrown; `undefined` for the attempt that succeeded. */
	readonly error: unknown;
	readonly failureClass: FailureClass | undefined;
}

/** One cell that has ended, with every attempt at it. */
export interface CellRecord<Payload = unknown> {
	/** The payload's position in its source, from 0. */
	readonly index: number;
	readonly payload: Payload;
	readonly attempts: readonly AttemptRecord[];
	/** From the first attempt's start to the last one's end, waits included. */
	readonly durationSeconds: number;
}

/** One cell that failed for good. Its payload is enough to run it again. */
export interface CellFailure<Payload = unknown> extends CellRecord<Payload> {
	/** What the last attempt threw. */
	readonly error: unknown;
	readonly failureClass: FailureClass;
	/** Which cell failed, at which attempt of how many, on which executor, why, and what to do next. */
	readonly message: string;
}

/**
 * What a run did. The loop fills in what its fields below say; `results`, `cellsWithData` and `totalObservations` belong to
 * the caller's `accumulate`, which decides what counts.
 */
export interface RunReport<Result = unknown, Payload = unknown> {
	/** Filled by `accumulate`; by the loop, in completion order, if there is none. */
	results: Result[];
	/** Filled by `accumulate`. */
	cellsWithData: number;
	/** The loop adds one per cell that failed for good; `accumulate` adds the results that say so themselves. */
	cellsError: number;
	/** Filled by `accumulate`. */
	totalObservations: number;
	/** Cells that ended: succeeded or failed, not cancelled. */
	cellsCompleted: number;
	/** Cells that were running or waiting for another attempt when the run was cancelled. */
	cellsCancelled: number;
	/** Attempts that ended, failed and cancelled ones included. */
	attempts: number;
	/** Summed over every attempt that ended, failed and cancelled ones included. */
	cost: CellCost;
	/**
	 * Without `onFailure`, the first 1,000 failures in completion order, so that a run in which everything fails does not
	 * fill the memory; with it, empty. `cellsError` always counts them all.
	 */
	failures: CellFailure<Payload>[];
	/** What an event subscriber threw when it was detached; at most one per subscriber. */
	subscriberErrors: unknown[];
	completionReason: CompletionReason;
}

/** A report of nothing yet; executors return one from `finalize` when they have nothing to add. */
export function emptyRunReport<Result = unknown, Payload = unknown>(): RunReport<Result, Payload> {
	return {
		results: [],
		cellsWithData: 0,
		cellsError: 0,
		totalObservations: 0,
		cellsCompleted: 0,
		cellsCancelled: 0,
		attempts: 0,
		cost: zeroCost(),
		failures: [],
		subscriberErrors: [],
		completionReason: "completed",
	};
}
