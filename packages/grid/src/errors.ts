const zaggErrorMarker = Symbol.for("zagg.error");

/** Stable codes of `GridError`, for programs to branch on. */
export type GridErrorCode =
	| "grid/bad-order"
	| "grid/bad-word"
	| "grid/bad-decimal-id"
	| "grid/bad-shard-key"
	| "grid/bad-layout"
	| "grid/bad-latitude-convention"
	| "grid/bad-polygon"
	| "grid/bad-bounds"
	| "grid/bad-resolution"
	| "grid/bad-chunk-shape"
	| "grid/unknown-crs"
	| "grid/length-mismatch"
	| "grid/no-common-ancestor"
	| "grid/too-many-cells"
	| "grid/inconsistent-shard"
	| "grid/populated-shards-required"
	| "grid/duplicate-shard"
	| "grid/unknown-shard"
	| "grid/incompatible"
	| "grid/unsupported-platform";

/** Who has to act: `usage` is the caller's mistake, `data` is a bad value that was read from somewhere. */
export type GridFailureClass = "usage" | "data";

export interface GridErrorOptions {
	readonly failureClass?: GridFailureClass;
	readonly remedy?: string;
	readonly context?: Readonly<Record<string, unknown>>;
	readonly cause?: unknown;
}

/** Every error that this package throws on purpose. */
export class GridError extends Error {
	override readonly name = "GridError";
	readonly [zaggErrorMarker] = true;
	readonly code: GridErrorCode;
	readonly failureClass: GridFailureClass;
	/** What to do next, in one sentence. */
	readonly remedy: string | undefined;
	readonly context: Readonly<Record<string, unknown>>;

	constructor(code: GridErrorCode, message: string, options: GridErrorOptions = {}) {
		super(message, options.cause === undefined ? undefined : { cause: options.cause });
		this.code = code;
		this.failureClass = options.failureClass ?? "usage";
		this.remedy = options.remedy;
		this.context = options.context ?? {};
	}
}
