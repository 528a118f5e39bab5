const zaggErrorMarker = Symbol.for("zagg.error");

/** Stable codes of what can go wrong with granule catalogs and shard maps. */
export type CatalogErrorCode =
	| "catalog/not-found"
	| "catalog/not-a-shard-map"
	| "catalog/no-granules"
	| "catalog/unreadable-granules"
	| "catalog/no-shards"
	| "catalog/not-writable"
	| "catalog/bad-query"
	| "catalog/bad-region"
	| "catalog/search-failed"
	| "catalog/not-a-catalog";

/** How a failure should be treated by whoever runs the work; the classes of `@zagg/dispatch`. */
export type CatalogFailureClass = "usage" | "data" | "fatal" | "transport";

/** An error of catalogs and shard maps: a stable `code`, a failure class, and what to do next. */
export class CatalogError extends Error {
	override readonly name = "CatalogError";
	readonly [zaggErrorMarker] = true;
	readonly code: CatalogErrorCode;
	readonly failureClass: CatalogFailureClass;
	readonly remedy: string | undefined;
	readonly context: Readonly<Record<string, unknown>>;

	constructor(
		code: CatalogErrorCode,
		message: string,
		details: {
			readonly failureClass?: CatalogFailureClass;
			readonly remedy?: string;
			readonly context?: Readonly<Record<string, unknown>>;
			readonly cause?: unknown;
		} = {},
	) {
		super(message, details.cause === undefined ? undefined : { cause: details.cause });
		this.code = code;
		this.failureClass = details.failureClass ?? "usage";
		this.remedy = details.remedy;
		this.context = details.context ?? {};
	}
}
