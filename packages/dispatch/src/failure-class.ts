import { isZaggError } from "./errors.ts";
import { errorChain, isFileDescriptorExhaustion } from "./file-descriptors.ts";

/**
 * What kind of failure an error is; retry and reporting go by it.
 *
 * - `throttled`: the backend asked for less (429, rate exceeded). Retryable.
 * - `transport`: the request or its answer got lost on the way. Retryable.
 * - `preempted`: the infrastructure took the worker away (node failure, requeue). Retryable.
 * - `timeout`: the work itself ran past its deadline.
 * - `out-of-memory`: the work needed more memory than it had.
 * - `data`: the input is wrong or unreadable.
 * - `bug`: an unexpected exception of the work.
 * - `fatal`: no further cell can succeed either; the run stops.
 * - `access-denied`: credentials are missing, expired or not allowed.
 * - `usage`: the caller asked for something that cannot be.
 * - `cancelled`: somebody stopped it on purpose.
 */
export type FailureClass =
	| "throttled"
	| "transport"
	| "preempted"
	| "timeout"
	| "out-of-memory"
	| "data"
	| "bug"
	| "fatal"
	| "access-denied"
	| "usage"
	| "cancelled";

/** The classes that a later attempt may outlive; all others fail the same way again. */
export const RETRYABLE_FAILURE_CLASSES: readonly FailureClass[] = Object.freeze([
	"throttled",
	"transport",
	"preempted",
]);

const CLASS_OF_CODE: ReadonlyMap<string, FailureClass> = new Map([
	// POSIX and resolver codes as Node reports them.
	["ECONNRESET", "transport"],
	["ECONNREFUSED", "transport"],
	["ECONNABORTED", "transport"],
	["EPIPE", "transport"],
	["ETIMEDOUT", "transport"],
	["EHOSTUNREACH", "transport"],
	["ENETUNREACH", "transport"],
	["ENETDOWN", "transport"],
	["ENOTFOUND", "transport"],
	["EAI_AGAIN", "transport"],
	["EACCES", "access-denied"],
	["EPERM", "access-denied"],
	["ENOMEM", "out-of-memory"],
	// Node's own fetch (undici).
	["UND_ERR_SOCKET", "transport"],
	["UND_ERR_CONNECT_TIMEOUT", "transport"],
	["UND_ERR_HEADERS_TIMEOUT", "transport"],
	["UND_ERR_BODY_TIMEOUT", "transport"],
	["ERR_WORKER_OUT_OF_MEMORY", "out-of-memory"],
] as const);

// Case-sensitive, in this order. "Task timed out" is a function's own deadline (AWS Lambda's words), so it must be
// seen before "timed out", which means a connection; the five after it are the Python system's list of what to retry.
const CLASS_OF_TEXT: readonly (readonly [text: string, failureClass: FailureClass])[] = [
	["Task timed out", "timeout"],
	["TooManyRequestsException", "throttled"],
	["Rate exceeded", "throttled"],
	["Read timeout", "transport"],
	["timed out", "transport"],
	["UNEXPECTED_EOF", "transport"],
];

/**
 * Says what kind of failure an error is: by structure first, by text last.
 *
 * 1. Out of file descriptors, anywhere in the chain of causes: `fatal`.
 * 2. A tagged zagg error, here or as a cause: its own `failureClass`.
 * 3. An `AbortError`: `cancelled`.
 * 4. A known `code` (`ECONNRESET`, `EACCES`, ...) in the chain of causes.
 * 5. A known phrase in the error's own text.
 * 6. Anything else is a `bug`.
 */
export function failureClassOf(error: unknown): FailureClass {
	if (isFileDescriptorExhaustion(error)) return "fatal";
	const chain = errorChain(error);
	const tagged = chain.find(isZaggError);
	if (tagged !== undefined) return tagged.failureClass;
	if (propertyOf(error, "name") === "AbortError") return "cancelled";
	for (const link of chain) {
		const code = propertyOf(link, "code");
		const failureClass = typeof code === "string" ? CLASS_OF_CODE.get(code) : undefined;
		if (failureClass !== undefined) return failureClass;
	}
	const text = errorText(error);
	return CLASS_OF_TEXT.find(([phrase]) => text.includes(phrase))?.[1] ?? "bug";
}

/**
 * The delay that a failure itself asks for before the next attempt, in seconds: `error.retryAfterSeconds`, or
 * `context.retryAfterSeconds` of a tagged error. `undefined` where it is absent, negative or not finite.
 */
export function retryAfterSecondsOf(error: unknown): number | undefined {
	const seconds =
		propertyOf(error, "retryAfterSeconds") ?? propertyOf(propertyOf(error, "context"), "retryAfterSeconds");
	return typeof seconds === "number" && Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

/** The message of whatever was thrown, with its name where that says more than "Error". */
export function errorText(error: unknown): string {
	if (!(error instanceof Error)) return typeof error === "string" ? error : safeString(error);
	return error.name === "Error" || isZaggError(error) ? error.message : `${error.name}: ${error.message}`;
}

function safeString(value: unknown): string {
	try {
		return String(propertyOf(value, "message") ?? value);
	} catch {
		return Object.prototype.toString.call(value);
	}
}

function propertyOf(value: unknown, key: string): unknown {
	return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
