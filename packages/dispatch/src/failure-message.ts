import { isZaggError } from "./errors.ts";
import { errorText, type FailureClass, failureClassOf } from "./failure-class.ts";
import { errorChain } from "./file-descriptors.ts";

const REMEDIES: Readonly<Record<FailureClass, string>> = {
	throttled: "Run the cell again with fewer workers.",
	transport: "Run the cell again; if it stays, check the network between here and the backend.",
	preempted: "Run the cell again.",
	timeout: "Give a cell more time, or make it smaller.",
	"out-of-memory": "Give a worker more memory, or make the cell smaller.",
	data: "Check the cell's input.",
	bug: "Look at the error's stack: the work did not expect this.",
	fatal: "Remove the cause before running again.",
	"access-denied": "Check credentials and permissions.",
	usage: "Correct the call or the configuration.",
	cancelled: "Run the cell again.",
};

/** What to do about an error: its own remedy, or one for its class. */
export function remedyOf(error: unknown, failureClass: FailureClass): string {
	return errorChain(error).find(isZaggError)?.remedy ?? REMEDIES[failureClass];
}

/** Which cell failed, at which attempt of how many, on which executor, why, and what to do next. */
export function failureMessage(
	run: { readonly executor: { readonly name: string }; readonly retry: { readonly maxAttempts: number } },
	index: number,
	attempt: number,
	error: unknown,
): string {
	const failureClass = failureClassOf(error);
	const where = `at attempt ${attempt} of ${run.retry.maxAttempts} on executor "${run.executor.name}"`;
	const reason = errorText(error).replace(/\.$/, "");
	return `Cell ${index} failed ${where} (${failureClass}): ${reason}. ${remedyOf(error, failureClass)}`;
}
