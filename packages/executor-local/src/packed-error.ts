import { errorText, isZaggError, type ZaggError } from "@zagg/dispatch";

const zaggErrorMarker = Symbol.for("zagg.error");

// Longer chains of causes say nothing more, and a chain can be a cycle.
const DEEPEST_CAUSE = 8;

/** An error in a form that survives a structured clone with everything that retry and reports go by. */
export interface PackedError {
	readonly name: string;
	readonly message: string;
	readonly stack: string | undefined;
	/** Further properties that the loop or a reader needs: `code`, `errno`, `retryAfterSeconds`, ... */
	readonly properties: Readonly<Record<string, unknown>>;
	/** Of a tagged zagg error. */
	readonly tag: Pick<ZaggError, "code" | "failureClass" | "remedy" | "context"> | undefined;
	readonly cause: PackedError | undefined;
}

/** Packs whatever was thrown. */
export function packError(thrown: unknown, depth = 0): PackedError {
	const error = thrown instanceof Error ? thrown : undefined;
	const { cause } = (typeof thrown === "object" && thrown !== null ? thrown : {}) as { cause?: unknown };
	return {
		name: error?.name ?? "Error",
		message: error?.message ?? errorText(thrown),
		stack: error?.stack,
		properties: plainProperties(thrown),
		tag: isZaggError(thrown)
			? {
					code: thrown.code,
					failureClass: thrown.failureClass,
					remedy: thrown.remedy,
					context: cloneableEntries(thrown.context),
				}
			: undefined,
		cause: cause === undefined || depth === DEEPEST_CAUSE ? undefined : packError(cause, depth + 1),
	};
}

/** Makes an error again that reads, and is classified, as the packed one. Its class is `Error`; `isZaggError` still holds. */
export function reviveError(packed: PackedError): Error {
	const { name, message, stack, properties, tag, cause } = packed;
	const error = new Error(message, cause === undefined ? undefined : { cause: reviveError(cause) });
	Object.defineProperty(error, "name", { value: name, configurable: true });
	if (stack !== undefined) error.stack = stack;
	return Object.assign(error, properties, tag, tag && { [zaggErrorMarker]: true });
}

function plainProperties(thrown: unknown): Record<string, unknown> {
	if (typeof thrown !== "object" || thrown === null) return {};
	const kept = Object.entries(thrown).filter(([key, value]) => !TAKEN.has(key) && PLAIN.has(typeof value));
	return Object.fromEntries(kept);
}

const TAKEN = new Set(["name", "message", "stack", "cause"]);
const PLAIN = new Set(["string", "number", "bigint", "boolean"]);

function cloneableEntries(context: Readonly<Record<string, unknown>>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(context).filter(([, value]) => isCloneable(value)));
}

function isCloneable(value: unknown): boolean {
	try {
		structuredClone(value);
		return true;
	} catch {
		return false;
	}
}
