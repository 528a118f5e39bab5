import type { Clock } from "./clock.ts";
import { DispatchError, type DispatchErrorCode, type DispatchErrorDetails } from "./errors.ts";
import type { EventBus } from "./events.ts";
import type { Executor } from "./executor.ts";
import { errorText } from "./failure-class.ts";
import { failureMessage, remedyOf } from "./failure-message.ts";
import { isFileDescriptorExhaustion, openFileLimits, tooManyOpenFilesMessage } from "./file-descriptors.ts";
import type { CompletionReason, RunReport } from "./report.ts";
import type { RetryPolicy } from "./retry-policy.ts";
import type { WorkerLimit } from "./worker-limit.ts";

/** The state that the parts of one run share. */
export interface Run<Payload, Result> {
	readonly id: string;
	readonly executor: Executor<Payload, Result>;
	readonly limit: WorkerLimit;
	readonly retry: RetryPolicy;
	readonly clock: Clock;
	readonly random: () => number;
	readonly events: EventBus;
	readonly report: RunReport<Result, Payload>;
	/** Aborted when the run stops, for whatever reason: no new cell, no further attempt, waits end early. */
	readonly intake: AbortController;
	/** Aborted when running attempts should end too. */
	readonly work: AbortController;
	/** What `dispatch` will throw once nothing is in flight any more. */
	error: DispatchError | undefined;
	/** A callback threw, so that nobody takes outcomes any more. */
	abandoned: boolean;
}

/** One cell while it is in flight. */
export interface Cell<Payload> {
	readonly index: number;
	readonly payload: Payload;
	readonly startedAt: number;
}

/** Stops the run because its caller wants that: running attempts are cancelled. */
export function cancelRun<Payload, Result>(run: Run<Payload, Result>): void {
	stop(run, "cancelled", undefined);
	cancelWork(run);
}

/** Stops the run because no cell can succeed any more. Attempts that run may finish: they are paid for, and count. */
export function stopForFailure<Payload, Result>(
	run: Run<Payload, Result>,
	index: number,
	attempt: number,
	cause: unknown,
): void {
	const [code, message]: [DispatchErrorCode, string] = isFileDescriptorExhaustion(cause)
		? ["dispatch/too-many-open-files", tooManyOpenFilesMessage(run.limit.current, run.executor.name, openFileLimits())]
		: ["dispatch/run-fatal", `The run was stopped. ${failureMessage(run, index, attempt, cause)}`];
	const remedy = remedyOf(cause, "fatal");
	stop(
		run,
		"fatal",
		runError(run, code, message, { cause, failureClass: "fatal", remedy, context: { index, attempt } }),
	);
}

/** Stops the run because its payloads cannot be read on. Attempts that run may finish. */
export function stopForPayloads<Payload, Result>(run: Run<Payload, Result>, cause: unknown): void {
	const message = `The payloads could not be read on: ${errorText(cause)}. The run was stopped.`;
	const remedy = "Fix what yields the payloads and run the rest.";
	stop(run, "fatal", runError(run, "dispatch/payload-source-failed", message, { cause, failureClass: "bug", remedy }));
}

/** Stops the run because a function that the caller passed in threw. Running attempts are cancelled: nobody takes them. */
export function stopForCallback<Payload, Result>(run: Run<Payload, Result>, callback: string, cause: unknown): void {
	const message = `${callback} threw: ${errorText(cause)}. The run was stopped.`;
	const details = { cause, failureClass: "bug", remedy: `Make ${callback} not throw.`, context: { callback } } as const;
	stop(run, "fatal", runError(run, "dispatch/callback-failed", message, details));
	run.abandoned = true;
	cancelWork(run);
}

// The first reason to stop stays, but an error outranks a cancel: it must not go unseen.
function stop<Payload, Result>(
	run: Run<Payload, Result>,
	reason: Exclude<CompletionReason, "completed">,
	error: DispatchError | undefined,
): void {
	if (run.error !== undefined || (run.intake.signal.aborted && error === undefined)) return;
	run.report.completionReason = reason;
	run.error = error;
	run.intake.abort();
}

function cancelWork<Payload, Result>(run: Run<Payload, Result>): void {
	// An AbortError is what everything that takes a signal is expected to reject with.
	run.work.abort(new DOMException(`Run ${run.id} on executor "${run.executor.name}" was stopped.`, "AbortError"));
}

function runError<Payload, Result>(
	run: Run<Payload, Result>,
	code: DispatchErrorCode,
	message: string,
	details: DispatchErrorDetails,
): DispatchError {
	const context = { runId: run.id, executor: run.executor.name, ...details.context };
	return new DispatchError(code, message, { ...details, context, report: run.report });
}
