const zaggErrorMarker = Symbol.for("zagg.error");

/** Stable codes of what can be wrong with a run before any cell is started. */
export type RunErrorCode =
	| "run/no-catalog"
	| "run/no-store"
	| "run/unknown-backend"
	| "run/shard-not-in-catalog"
	| "run/no-cells"
	| "run/other-grid"
	| "run/no-granule-address"
	| "run/bad-workers"
	| "run/bad-credentials"
	| "run/store-not-on-s3"
	| "run/setup-failed"
	| "run/no-spool";

/** A run that cannot be started as asked: a stable `code` and what to do next. */
export class RunError extends Error {
	override readonly name = "RunError";
	readonly [zaggErrorMarker] = true;
	readonly code: RunErrorCode;
	readonly failureClass: "usage" | "fatal";
	readonly remedy: string | undefined;
	readonly context: Readonly<Record<string, unknown>>;

	constructor(
		code: RunErrorCode,
		message: string,
		details: { readonly remedy?: string; readonly context?: Readonly<Record<string, unknown>> } = {},
	) {
		super(message);
		this.code = code;
		this.failureClass = code === "run/setup-failed" ? "fatal" : "usage";
		this.remedy = details.remedy;
		this.context = details.context ?? {};
	}
}
