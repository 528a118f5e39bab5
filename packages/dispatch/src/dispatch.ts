import { attemptCell } from "./attempt-cell.ts";
import { type Clock, systemClock } from "./clock.ts";
import { DispatchError } from "./errors.ts";
import { type CellEndEvent, type EventSubscriber, eventBus } from "./events.ts";
import { type Executor, missingExecutorMembers } from "./executor.ts";
import { failureMessage } from "./failure-message.ts";
import { pump } from "./pump.ts";
import { type CellFailure, type CellRecord, emptyRunReport, type RunReport } from "./report.ts";
import { LOCAL_RETRY, type RetryPolicy } from "./retry-policy.ts";
import { type Cell, cancelRun, type Run, stopForCallback } from "./run.ts";
import { type WorkerLimit, workerLimit } from "./worker-limit.ts";

/** Options of `dispatch`. */
export interface DispatchOptions<Payload, Result> {
	/** The most cells in flight: what `preflight` reported, or a `workerLimit` that can change while the run goes on. */
	readonly workers: number | WorkerLimit;
	/** When a failed cell is tried again. Default: `LOCAL_RETRY`, one attempt. */
	readonly retry?: RetryPolicy;
	/**
	 * Takes the result of every cell that succeeded. The default appends it to `report.results`; pass your own to keep less.
	 * Synchronous, and must not throw: one that does stops the run.
	 *
	 * @param completed this is the completed-th cell to end, from 1; failed cells count along.
	 * @param cell which payload it was, and every attempt at it.
	 */
	readonly accumulate?: (
		report: RunReport<Result, Payload>,
		completed: number,
		result: Result,
		cell: CellRecord<Payload>,
	) => void;
	/** Takes every cell that failed for good, as `accumulate` takes the others; `report.failures` then stays empty. */
	readonly onFailure?: (report: RunReport<Result, Payload>, completed: number, failure: CellFailure<Payload>) => void;
	/** Hears of everything that happens. */
	readonly onEvent?: EventSubscriber | readonly EventSubscriber[];
	/** Cancels the run: no further cell starts, running attempts are cancelled, and the report comes back. */
	readonly signal?: AbortSignal;
	/** Names the run in events and errors. Default: a random UUID. */
	readonly runId?: string;
	/** Default: the machine's. */
	readonly clock?: Clock;
	/** Randomness of the backoff, from 0 up to, not including, 1. Default: `Math.random`. */
	readonly random?: () => number;
}

// Enough to see what went wrong; a run in which everything fails must not fill the memory.
const FAILURES_KEPT = 1000;

/**
 * Runs every payload on the executor: at most `workers` at once, taken from the source only when there is room, retried by the
 * policy, costed attempt by attempt. Memory does not grow with the number of cells, beyond what the caller keeps.
 *
 * A cell that failed for good is an outcome, not an exception. `preflight`, `finalize` and `shutdown` stay the caller's, who
 * has things of its own to do between them and should shut down whatever happens.
 *
 * @returns the report, with `completionReason` "completed" or "cancelled".
 * @throws DispatchError with the `report` so far, after nothing is in flight any more, if the run had to stop:
 *   `dispatch/run-fatal` or `dispatch/too-many-open-files` for a failure that every cell would share (running attempts may
 *   finish and count), `dispatch/payload-source-failed` for a source that threw, `dispatch/callback-failed` for an
 *   `accumulate`, `onFailure`, `measureCost` or retry policy that threw.
 * @throws DispatchError `dispatch/invalid-option` or `dispatch/invalid-executor`, before anything runs.
 */
export async function dispatch<Payload, Result>(
	executor: Executor<Payload, Result>,
	payloads: Iterable<Payload> | AsyncIterable<Payload>,
	options: DispatchOptions<Payload, Result>,
): Promise<RunReport<Result, Payload>> {
	const run = openRun(executor, payloads, options);
	const { report, events, clock, limit, id: runId } = run;
	const startedAt = clock.now();
	events.emit({
		type: "run-start",
		time: startedAt,
		runId,
		executor: executor.name,
		workers: limit.current,
		maxAttempts: run.retry.maxAttempts,
	});
	const cancel = () => cancelRun(run);
	if (options.signal?.aborted) cancel();
	options.signal?.addEventListener("abort", cancel);
	const unsubscribe = limit.onChange((current, previous) => {
		events.emit({ type: "limit-change", time: clock.now(), runId, previous, current });
	});
	try {
		await pump(run, payloads, (payload, index) => runCell(run, options, { index, payload, startedAt: clock.now() }));
	} finally {
		unsubscribe();
		options.signal?.removeEventListener("abort", cancel);
	}
	const { completionReason, cellsCompleted, cellsError, cellsCancelled, attempts } = report;
	const counts = { completionReason, cellsCompleted, cellsError, cellsCancelled, attempts, cost: { ...report.cost } };
	const time = clock.now();
	events.emit({ type: "run-end", time, runId, ...counts, durationSeconds: (time - startedAt) / 1000 });
	if (run.error !== undefined) throw run.error;
	return report;
}

/** Runs one cell to its end and hands its outcome to the caller. Never rejects. */
async function runCell<Payload, Result>(
	run: Run<Payload, Result>,
	options: DispatchOptions<Payload, Result>,
	cell: Cell<Payload>,
): Promise<void> {
	const { report, events, clock, id: runId } = run;
	const { index, payload, startedAt } = cell;
	if (events.active) events.emit({ type: "cell-start", time: startedAt, runId, index });
	const { last, attempts } = await attemptCell(run, cell);

	const endedAt = clock.now();
	const durationSeconds = (endedAt - startedAt) / 1000;
	// An attempt that failed after the cancel says nothing about its cell.
	const cancelled = last.status === "failed" && run.work.signal.aborted;
	if (cancelled) report.cellsCancelled++;
	else report.cellsCompleted++;
	const completed = report.cellsCompleted;
	if (events.active) {
		const status: CellEndEvent["status"] = cancelled ? "cancelled" : last.status;
		const { error, failureClass } = attempts.at(-1)!;
		const ended = { status, attempts: attempts.length, completed, durationSeconds, error, failureClass };
		events.emit({ type: "cell-end", time: endedAt, runId, index, ...ended });
	}
	if (cancelled || run.abandoned) return;

	const record = { index, payload, attempts, durationSeconds };
	if (last.status === "succeeded") {
		try {
			if (options.accumulate) options.accumulate(report, completed, last.result, record);
			else report.results.push(last.result);
		} catch (error) {
			stopForCallback(run, "accumulate", error);
		}
	} else {
		report.cellsError++;
		const { error, failureClass, attempt } = last;
		const failure = { ...record, error, failureClass, message: failureMessage(run, index, attempt, error) };
		try {
			if (options.onFailure) options.onFailure(report, completed, failure);
			else if (report.failures.length < FAILURES_KEPT) report.failures.push(failure);
		} catch (thrown) {
			stopForCallback(run, "onFailure", thrown);
		}
	}
}

function openRun<Payload, Result>(
	executor: Executor<Payload, Result>,
	payloads: unknown,
	options: DispatchOptions<Payload, Result>,
): Run<Payload, Result> {
	const missing = missingExecutorMembers(executor);
	if (missing.length > 0) {
		throw new DispatchError("dispatch/invalid-executor", `dispatch: not an executor, it lacks ${missing.join(", ")}.`, {
			remedy: "Pass an object that implements Executor with specVersion 1.",
			context: { missing },
		});
	}
	if (!isIterable(payloads)) {
		throw new DispatchError("dispatch/invalid-option", "dispatch: payloads must be an iterable or an async iterable.");
	}
	const { workers, retry = LOCAL_RETRY, clock = systemClock, random = Math.random } = options;
	if (!Number.isInteger(retry.maxAttempts) || retry.maxAttempts < 1) {
		const message = `dispatch: retry.maxAttempts must be a whole number of at least 1, got ${String(retry.maxAttempts)}.`;
		throw new DispatchError("dispatch/invalid-option", message, { context: { maxAttempts: retry.maxAttempts } });
	}
	const report = emptyRunReport<Result, Payload>();
	return {
		id: options.runId ?? crypto.randomUUID(),
		executor,
		limit: typeof workers === "object" ? workers : workerLimit(workers),
		retry,
		clock,
		random,
		events: eventBus(options.onEvent, (error) => report.subscriberErrors.push(error)),
		report,
		intake: new AbortController(),
		work: new AbortController(),
		error: undefined,
		abandoned: false,
	};
}

function isIterable(value: unknown): boolean {
	return typeof value === "object" && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}
