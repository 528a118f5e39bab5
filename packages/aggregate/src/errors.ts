const zaggErrorMarker = Symbol.for("zagg.error");

/** Stable codes of what can go wrong between a config and a written shard. */
export type AggregateErrorCode =
	| "config/invalid"
	| "config/not-found"
	| "config/unknown-key"
	| "json/invalid"
	| "expression/syntax"
	| "expression/unsupported"
	| "expression/evaluation"
	| "reduce/invalid"
	| "shard/invalid"
	| "shard/read-failed"
	| "credentials/refused"
	| "credentials/unavailable"
	| "store/not-writable"
	| "store/not-found"
	| "store/contains-other"
	| "store/template-missing"
	| "store/invalid"
	| "store/unsupported"
	| "store/io";

/** How a failure should be treated by whoever runs the work; the classes of `@zagg/dispatch`. */
export type AggregateFailureClass =
	| "data"
	| "usage"
	| "bug"
	| "fatal"
	| "throttled"
	| "transport"
	| "access-denied"
	| "cancelled";

/** What an `AggregateError` carries besides its message. */
export interface AggregateErrorDetails {
	readonly failureClass?: AggregateFailureClass;
	readonly remedy?: string;
	readonly context?: Readonly<Record<string, unknown>>;
	readonly cause?: unknown;
}

/** An error of the spatial aggregation: a stable `code`, a failure class, and what to do next. */
export class AggregateError extends Error {
	override readonly name = "AggregateError";
	readonly [zaggErrorMarker] = true;
	readonly code: AggregateErrorCode;
	readonly failureClass: AggregateFailureClass;
	readonly remedy: string | undefined;
	readonly context: Readonly<Record<string, unknown>>;

	constructor(code: AggregateErrorCode, message: string, details: AggregateErrorDetails = {}) {
		super(message, details.cause === undefined ? undefined : { cause: details.cause });
		this.code = code;
		this.failureClass = details.failureClass ?? (code.startsWith("config/") ? "usage" : "data");
		this.remedy = details.remedy;
		this.context = details.context ?? {};
	}
}
