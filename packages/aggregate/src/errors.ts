const zaggErrorMarker = Symbol.for("zagg.error");

/** Stable codes of what can go wrong between a config and a written shard. */
export type AggregationErrorCode =
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

/** What an `AggregationError` carries besides its message. */
export interface AggregationErrorDetails {
	readonly failureClass?: AggregateFailureClass;
	readonly remedy?: string;
	readonly context?: Readonly<Record<string, unknown>>;
	readonly cause?: unknown;
}

/** An error of the spatial aggregation: a stable `code`, a failure class, and what to do next. */
export class AggregationError extends Error {
	override readonly name = "AggregationError";
	readonly [zaggErrorMarker] = true;
	readonly code: AggregationErrorCode;
	readonly failureClass: AggregateFailureClass;
	readonly remedy: string | undefined;
	readonly context: Readonly<Record<string, unknown>>;

	constructor(code: AggregationErrorCode, message: string, details: AggregationErrorDetails = {}) {
		super(message, details.cause === undefined ? undefined : { cause: details.cause });
		this.code = code;
		this.failureClass = details.failureClass ?? (code.startsWith("config/") ? "usage" : "data");
		this.remedy = details.remedy;
		this.context = details.context ?? {};
	}
}
