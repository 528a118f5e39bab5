import { addCost, type CellCost, zeroCost } from "./cost.ts";
import type { AttemptOutcome } from "./executor.ts";
import { failureClassOf, retryAfterSecondsOf } from "./failure-class.ts";
import type { AttemptRecord } from "./report.ts";
import { type Cell, type Run, stopForCallback, stopForFailure } from "./run.ts";

/** How one attempt ended, and what comes next. */
export interface Attempted<Result> {
	readonly outcome: AttemptOutcome<Result>;
	readonly record: AttemptRecord;
	/** The wait before the next attempt; `undefined` if there is to be none. */
	readonly retryDelaySeconds: number | undefined;
}

/** Runs one attempt, costs it, and decides whether another one follows. Never rejects. */
export async function attemptOnce<Payload, Result>(
	run: Run<Payload, Result>,
	cell: Cell<Payload>,
	attempt: number,
): Promise<Attempted<Result>> {
	const { clock, events, report, id: runId } = run;
	const { index } = cell;
	const startedAt = attempt === 1 ? cell.startedAt : clock.now();
	if (events.active) events.emit({ type: "attempt-start", time: startedAt, runId, index, attempt });

	const outcome = await submitOnce(run, cell, attempt, startedAt);
	const { status, durationSeconds } = outcome;
	const { error, failureClass } = status === "failed" ? outcome : NO_ERROR;
	const cost = costOf(run, outcome);
	addCost(report.cost, cost);
	report.attempts++;
	const retryDelaySeconds = status === "failed" ? retryDelayAfter(run, index, attempt, error) : undefined;
	if (events.active) {
		const ended = { status, durationSeconds, cost, error, failureClass, retryDelaySeconds };
		events.emit({ type: "attempt-end", time: clock.now(), runId, index, attempt, ...ended });
	}
	return { outcome, record: { attempt, startedAt, durationSeconds, cost, error, failureClass }, retryDelaySeconds };
}

const NO_ERROR = { error: undefined, failureClass: undefined };

async function submitOnce<Payload, Result>(
	run: Run<Payload, Result>,
	{ index, payload }: Cell<Payload>,
	attempt: number,
	startedAt: number,
): Promise<AttemptOutcome<Result>> {
	const { executor, clock, work, id: runId } = run;
	try {
		const result = await executor.submit(payload, { signal: work.signal, runId, index, attempt });
		return { status: "succeeded", index, attempt, durationSeconds: (clock.now() - startedAt) / 1000, result };
	} catch (error) {
		const durationSeconds = (clock.now() - startedAt) / 1000;
		return { status: "failed", index, attempt, durationSeconds, error, failureClass: failureClassOf(error) };
	}
}

function costOf<Payload, Result>(run: Run<Payload, Result>, outcome: AttemptOutcome<Result>): CellCost {
	try {
		return run.executor.measureCost(outcome);
	} catch (error) {
		stopForCallback(run, "executor.measureCost", error);
		return zeroCost();
	}
}

function retryDelayAfter<Payload, Result>(
	run: Run<Payload, Result>,
	index: number,
	attempt: number,
	error: unknown,
): number | undefined {
	// A cancelled attempt says nothing about the cell or the backend.
	if (run.work.signal.aborted) return undefined;
	try {
		const decision = run.retry.classify(error);
		if (decision === "stop") stopForFailure(run, index, attempt, error);
		if (decision !== "retry" || attempt >= run.retry.maxAttempts || run.intake.signal.aborted) return undefined;
		return retryAfterSecondsOf(error) ?? run.retry.backoff(attempt, run.random);
	} catch (thrown) {
		stopForCallback(run, "the retry policy", thrown);
		return undefined;
	}
}
