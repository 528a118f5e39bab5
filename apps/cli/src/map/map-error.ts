const zaggErrorMarker = Symbol.for("zagg.error");

/** Stable codes of what can keep a map from being drawn. */
export type MapErrorCode =
	| "map/not-found"
	| "map/no-group"
	| "map/unknown-variable"
	| "map/no-cells"
	| "map/no-grid"
	| "map/not-writable";

/** An error of `zagg map`: a stable `code`, a failure class, and what to do next. */
export class MapError extends Error {
	override readonly name = "MapError";
	readonly [zaggErrorMarker] = true;
	readonly code: MapErrorCode;
	readonly failureClass: "usage" | "data" | "fatal";
	readonly remedy: string | undefined;
	readonly context: Readonly<Record<string, unknown>>;

	constructor(
		code: MapErrorCode,
		message: string,
		details: {
			readonly failureClass?: "usage" | "data" | "fatal";
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
