import { DispatchError } from "./errors.ts";
import { type FailureClass, failureClassOf, RETRYABLE_FAILURE_CLASSES } from "./failure-class.ts";

/** What to do about a failed attempt: try the cell again, give the cell up, or stop the whole run. */
export type RetryDecision = "retry" | "fail" | "stop";

/**
 * When a cell is tried again. The loop applies it; executors and the clients inside them must not retry.
 * `retryPolicy()` makes one; a hand-written object serves as well, if its functions are pure and do not throw.
 */
export interface RetryPolicy {
	/** Attempts in all, the first one included. */
	readonly maxAttempts: number;
	/**
	 * Seconds to wait after a failed attempt.
	 *
	 * @param attempt the attempt that has just failed, counted from 1.
	 * @param random a number from 0 up to, not including, 1; the run's source of randomness.
	 */
	backoff(attempt: number, random: () => number): number;
	classify(error: unknown): RetryDecision;
}

/** Options of `retryPolicy`. */
export interface RetryPolicyOptions {
	/** Attempts in all, the first one included; a whole number from 1. */
	readonly maxAttempts: number;
	/** The longest wait after the first attempt; it doubles with each further one. Default 1. */
	readonly baseSeconds?: number;
	/** No wait is longer. Default 60. */
	readonly maxSeconds?: number;
	/** The failure classes worth another attempt. Default: throttled, transport, preempted. */
	readonly retryOn?: readonly FailureClass[];
	/** Replaces the decision by failure class. */
	readonly classify?: (error: unknown) => RetryDecision;
}

/**
 * Makes a policy with exponential backoff and full jitter: after attempt n it waits a random time below
 * `min(maxSeconds, baseSeconds * 2^(n-1))`, so that cells which were throttled together do not come back together.
 * Failures of class `fatal` stop the run.
 *
 * @throws DispatchError `dispatch/invalid-option` for a number out of range.
 */
export function retryPolicy(options: RetryPolicyOptions): RetryPolicy {
	const { maxAttempts, baseSeconds = 1, maxSeconds = 60, retryOn = RETRYABLE_FAILURE_CLASSES } = options;
	if (!Number.isInteger(maxAttempts) || maxAttempts < 1) {
		throw invalid("maxAttempts", "a whole number of at least 1", maxAttempts);
	}
	if (!Number.isFinite(baseSeconds) || baseSeconds < 0)
		throw invalid("baseSeconds", "a finite number of at least 0", baseSeconds);
	if (!Number.isFinite(maxSeconds) || maxSeconds < baseSeconds) {
		throw invalid("maxSeconds", `a finite number of at least baseSeconds (${baseSeconds})`, maxSeconds);
	}
	if (retryOn.includes("fatal")) throw invalid("retryOn", "a list without the class that stops a run", "fatal");
	const retryable = new Set(retryOn);
	return Object.freeze({
		maxAttempts,
		backoff: (attempt: number, random: () => number) =>
			random() * Math.min(maxSeconds, baseSeconds * 2 ** (attempt - 1)),
		classify:
			options.classify ??
			((error: unknown): RetryDecision => {
				const failureClass = failureClassOf(error);
				if (failureClass === "fatal") return "stop";
				return retryable.has(failureClass) ? "retry" : "fail";
			}),
	});
}

function invalid(option: string, expected: string, actual: unknown): DispatchError {
	return new DispatchError(
		"dispatch/invalid-option",
		`retryPolicy: ${option} must be ${expected}, got ${String(actual)}.`,
		{
			context: { option, actual },
		},
	);
}

/** For AWS Lambda: three attempts in all, as the Python system makes. */
export const LAMBDA_RETRY: RetryPolicy = retryPolicy({ maxAttempts: 3 });

/** For this machine: what failed here once fails again. */
export const LOCAL_RETRY: RetryPolicy = retryPolicy({ maxAttempts: 1 });
