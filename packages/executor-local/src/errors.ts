import type { FailureClass } from "@zagg/dispatch";

const zaggErrorMarker = Symbol.for("zagg.error");

/** Stable codes of what can go wrong between a payload and its result on this machine. */
export type LocalExecutorErrorCode =
	| "executor-local/invalid-option"
	| "executor-local/shut-down"
	| "executor-local/timeout"
	| "executor-local/module-not-loadable"
	| "executor-local/not-cloneable"
	| "executor-local/thread-crashed"
	| "executor-local/thread-out-of-memory"
	| "executor-local/thread-not-started";

/** What a `LocalExecutorError` carries besides its code and message. */
export interface LocalExecutorErrorDetails {
	readonly failureClass: FailureClass;
	readonly remedy?: string;
	readonly context?: Readonly<Record<string, unknown>>;
	readonly cause?: unknown;
}

/** An error of the executor, not of the work: a stable `code`, a failure class, and what to do next. */
export class LocalExecutorError extends Error {
	override readonly name = "LocalExecutorError";
	readonly [zaggErrorMarker] = true;
	readonly code: LocalExecutorErrorCode;
	readonly failureClass: FailureClass;
	readonly remedy: string | undefined;
	readonly context: Readonly<Record<string, unknown>>;

	constructor(code: LocalExecutorErrorCode, message: string, details: LocalExecutorErrorDetails) {
		super(message, details.cause === undefined ? undefined : { cause: details.cause });
		this.code = code;
		this.failureClass = details.failureClass;
		this.remedy = details.remedy;
		this.context = details.context ?? {};
	}
}
