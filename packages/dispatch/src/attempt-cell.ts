import pRetry from "p-retry";
import { type Attempted, attemptOnce } from "./attempt.ts";
import type { AttemptOutcome } from "./executor.ts";
import type { AttemptRecord } from "./report.ts";
import type { Cell, Run } from "./run.ts";

/** How a cell's last attempt ended, and every attempt at it. */
export interface CellOutcome<Result> {
	readonly last: AttemptOutcome<Result>;
	readonly attempts: readonly AttemptRecord[];
}

/** Attempts a cell until it succeeds or the retry policy gives it up. Never rejects. */
export async function attemptCell<Payload, Result>(
	run: Run<Payload, Result>,
	cell: Cell<Payload>,
): Promise<CellOutcome<Result>> {
	const first = await attemptOnce(run, cell, 1);
	// Most cells succeed at once; p-retry's own promises would then be most of the loop's time.
	if (first.retryDelaySeconds === undefined) return { last: first.outcome, attempts: [first.record] };
	return retryFrom(run, cell, first);
}

/** Lets p-retry take over from a first attempt that has failed. */
async function retryFrom<Payload, Result>(
	run: Run<Payload, Result>,
	cell: Cell<Payload>,
	first: Attempted<Result>,
): Promise<CellOutcome<Result>> {
	let latest = first;
	const attempts = [first.record];
	// Stands for any thrown value, since p-retry has rules of its own for TypeError and for what is not an Error.
	const failed = new Error("attempt failed");
	const attempt = async (number: number) => {
		if (number > 1) {
			latest = await attemptOnce(run, cell, number);
			attempts.push(latest.record);
		}
		if (latest.outcome.status === "failed") throw failed;
	};
	// The policy's wait instead of p-retry's own, so that time and randomness are the run's.
	const waitForRetry = async () => {
		if (latest.retryDelaySeconds === undefined) return false;
		await run.clock.sleep(latest.retryDelaySeconds * 1000, run.intake.signal);
		return !run.intake.signal.aborted;
	};
	try {
		await pRetry(attempt, { retries: run.retry.maxAttempts - 1, minTimeout: 0, shouldRetry: waitForRetry });
	} catch (error) {
		if (error !== failed) throw error;
	}
	return { last: latest.outcome, attempts };
}
