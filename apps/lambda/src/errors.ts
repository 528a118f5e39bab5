const zaggErrorMarker = Symbol.for("zagg.error");

/** Stable codes of what can go wrong in the function and in the local Lambda. */
export type LambdaWorkerErrorCode =
	| "lambda-worker/invalid-event"
	| "lambda-worker/inexact-number"
	| "lambda-worker/invalid-option"
	| "lambda-worker/no-bundle";

/** What a `LambdaWorkerError` carries besides its code and message. */
export interface LambdaWorkerErrorDetails {
	readonly remedy?: string;
	readonly context?: Readonly<Record<string, unknown>>;
	readonly cause?: unknown;
}

/** An event or an option that cannot be used: a stable `code`, and what to do next. */
export class LambdaWorkerError extends Error {
	override readonly name = "LambdaWorkerError";
	readonly [zaggErrorMarker] = true;
	readonly code: LambdaWorkerErrorCode;
	readonly failureClass = "usage";
	readonly remedy: string | undefined;
	readonly context: Readonly<Record<string, unknown>>;

	constructor(code: LambdaWorkerErrorCode, message: string, details: LambdaWorkerErrorDetails = {}) {
		super(message, details.cause === undefined ? undefined : { cause: details.cause });
		this.code = code;
		this.remedy = details.remedy;
		this.context = details.context ?? {};
	}
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
