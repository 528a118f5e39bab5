import type { FailureClass } from "@zagg/dispatch";

const zaggErrorMarker = Symbol.for("zagg.error");

/** Stable codes of what can go wrong between a payload and the function's answer. */
export type LambdaExecutorErrorCode =
	| "executor-lambda/invalid-option"
	| "executor-lambda/not-ready"
	| "executor-lambda/shut-down"
	| "executor-lambda/payload-too-large"
	| "executor-lambda/throttled"
	| "executor-lambda/timeout"
	| "executor-lambda/out-of-memory"
	| "executor-lambda/function-error"
	| "executor-lambda/bad-response"
	| "executor-lambda/transport"
	| "executor-lambda/access-denied"
	| "executor-lambda/function-not-found"
	| "executor-lambda/refused"
	| "executor-lambda/cancelled";

/** What a `LambdaExecutorError` carries besides its code and message. */
export interface LambdaExecutorErrorDetails {
	readonly failureClass: FailureClass;
	readonly remedy?: string;
	readonly context?: Readonly<Record<string, unknown>>;
	/** Whether the function may have run, and so is paid for. */
	readonly ran?: boolean;
}

/** An error of the executor or of the service: a stable `code`, a failure class, and what to do next; never a secret. */
export class LambdaExecutorError extends Error {
	override readonly name = "LambdaExecutorError";
	readonly [zaggErrorMarker] = true;
	readonly code: LambdaExecutorErrorCode;
	readonly failureClass: FailureClass;
	readonly remedy: string | undefined;
	readonly context: Readonly<Record<string, unknown>>;
	/** Whether the function may have run, and so is paid for. */
	readonly ran: boolean;

	constructor(code: LambdaExecutorErrorCode, message: string, details: LambdaExecutorErrorDetails) {
		super(message);
		this.code = code;
		this.failureClass = details.failureClass;
		this.remedy = details.remedy;
		this.context = details.context ?? {};
		this.ran = details.ran ?? false;
	}
}
