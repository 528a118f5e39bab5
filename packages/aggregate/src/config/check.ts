import { closest, distance } from "fastest-levenshtein";
import { AggregationError, type AggregationErrorDetails } from "../errors.ts";

/** A mapping of a config document. */
export type PlainRecord = Readonly<Record<string, unknown>>;

/** Whether the value is a mapping, as opposed to a list, a scalar or null. */
export function isRecord(value: unknown): value is PlainRecord {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the value is a list of strings. */
export function isStringList(value: unknown): value is readonly string[] {
	return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** An error about what a config says. */
export function invalidConfig(message: string, details: AggregationErrorDetails = {}): AggregationError {
	return new AggregationError("config/invalid", message, details);
}

/**
 * Refuses a key that has no meaning, which would otherwise be ignored in silence, and suggests the nearest one.
 *
 * @param misplaced keys that belong elsewhere, with the place
 */
export function refuseUnknownKeys(
	record: PlainRecord,
	allowed: readonly string[],
	where: string,
	misplaced: Readonly<Record<string, string>> = {},
): void {
	const key = Object.keys(record).find((name) => !allowed.includes(name));
	if (key === undefined) return;
	const suggestion = Object.hasOwn(misplaced, key) ? misplaced[key]! : nearest(key, allowed);
	const hint = suggestion === null ? "" : `did you mean '${suggestion}'? `;
	throw new AggregationError(
		"config/unknown-key",
		`Unknown key '${key}' in ${where} (${hint}allowed: ${allowed.join(", ")})`,
		{
			context: { key, where },
		},
	);
}

/** The candidate that a mistyped word most likely means; null when none is close. */
export function nearest(word: string, candidates: readonly string[]): string | null {
	if (candidates.length === 0) return null;
	const candidate = closest(word, candidates);
	// Two letters of five swapped still read as the same word; beyond that a suggestion misleads.
	return distance(word, candidate) <= Math.round(0.4 * candidate.length) ? candidate : null;
}
