import { LambdaWorkerError } from "./errors.ts";

/**
 * What the function is called with, as the runtime's `JSON.parse` left it: integers beyond ±2^53 have lost their last
 * digits. Other callers may give them as bigint or text.
 */
export type LambdaEvent = Readonly<Record<string, unknown>>;

/** What is used of the context that the runtime passes along. */
export interface LambdaContext {
	readonly awsRequestId: string;
	readonly functionName: string;
	readonly memoryLimitInMB: string | number;
	getRemainingTimeInMillis(): number;
}

/** Keys of `names` that the record does not have, in that order; a key with a null value is there. */
export function missingKeys(record: LambdaEvent, names: readonly string[]): string[] {
	return names.filter((name) => !Object.hasOwn(record, name));
}

/** The text at a key. @throws LambdaWorkerError `lambda-worker/invalid-event`, for an absent key with Python's KeyError text */
export function textAt(event: LambdaEvent, key: string): string {
	requireKeys(event, [key]);
	const value = event[key];
	if (typeof value === "string") return value;
	throw new LambdaWorkerError("lambda-worker/invalid-event", `${key} must be a text`);
}

/** Checks that all keys are there. @throws LambdaWorkerError whose message is the first missing key in quotes */
export function requireKeys(event: LambdaEvent, keys: readonly string[]): void {
	const [first] = missingKeys(event, keys);
	if (first !== undefined) throw new LambdaWorkerError("lambda-worker/invalid-event", `'${first}'`);
}

/** The mapping at a key; an empty one where there is none. */
export function recordAt(event: LambdaEvent, key: string): LambdaEvent {
	const value = event[key];
	return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as LambdaEvent) : {};
}
