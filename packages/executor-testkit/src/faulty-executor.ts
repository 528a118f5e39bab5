import type { Executor, FailureClass, SubmitOptions } from "@zagg/dispatch";
import { scriptedFault } from "./errors.ts";
import { transparentExecutor } from "./transparent-executor.ts";

/** A failure to inject, and where. */
export interface SubmitFault {
	/** A failure class, for an error tagged with it, or whatever `submit` is to reject with. */
	readonly error: FailureClass | object;
	/** Only this payload, by its position in its source. Default: any. */
	readonly index?: number;
	/** Only this attempt, from 1. Default: any. */
	readonly attempt?: number;
	/** So many matching submits pass first. Default: 0. */
	readonly after?: number;
	/** So many are then faulted. Default: 1. */
	readonly times?: number;
	/** Whether the request gets lost (the work never runs) or its answer (it has run). Default: "request". */
	readonly lose?: "request" | "answer";
}

/** A fault that was injected. */
export interface InjectedFault extends Pick<SubmitOptions, "runId" | "index" | "attempt"> {
	readonly error: unknown;
}

/** An executor with faults. */
export interface FaultyExecutor<Payload, Result> extends Executor<Payload, Result> {
	/** What was injected so far, in order. */
	readonly injected: readonly InjectedFault[];
}

/**
 * Makes an executor fail at `submit` as a script says; the first fault of the script that matches a submit is taken. Everything
 * else is the given executor's, which keeps its resources: shutting one down shuts down the other.
 *
 * ```ts
 * const faulty = faultyExecutor(executor, [
 *   { error: "throttled", times: 2 },                    // the first two submits
 *   { error: "transport", index: 7, lose: "answer" },    // cell 7 runs, and nobody hears of it
 * ]);
 * ```
 */
export function faultyExecutor<Payload, Result>(
	executor: Executor<Payload, Result>,
	script: readonly SubmitFault[],
): FaultyExecutor<Payload, Result> {
	const matches = script.map(() => 0);
	const injected: InjectedFault[] = [];
	const nextFault = ({ index, attempt }: SubmitOptions): SubmitFault | undefined =>
		script.find((fault, position) => {
			if ((fault.index ?? index) !== index || (fault.attempt ?? attempt) !== attempt) return false;
			const { after = 0, times = 1 } = fault;
			const match = matches[position]!++;
			return match >= after && match < after + times;
		});
	return {
		...transparentExecutor(executor),
		injected,
		async submit(payload, options) {
			const fault = nextFault(options);
			if (fault === undefined) return executor.submit(payload, options);
			const error = typeof fault.error === "string" ? scriptedFault(fault.error) : fault.error;
			const { runId, index, attempt } = options;
			injected.push({ runId, index, attempt, error });
			if (fault.lose === "answer") await executor.submit(payload, options);
			throw error;
		},
	};
}
