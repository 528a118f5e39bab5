/**
 * Python keeps `5000` and `5000.0` apart, and so do the JSON and the messages it writes; JavaScript numbers do not.
 * Containers read from YAML or JSON stay plain, and this table remembers which of their whole numbers were floats.
 * Fractions, non-finite numbers and -0 cannot be integers and need no mark.
 */
const floatKeys = new WeakMap<object, Set<string>>();

/** Records that the number at `container[key]` was written as a float (`5000.0`). */
export function markFloat(container: object, key: string | number): void {
	const keys = floatKeys.get(container);
	if (keys === undefined) floatKeys.set(container, new Set([String(key)]));
	else keys.add(String(key));
}

/** Whether `container[key]` is an integer to Python: a bigint, or a whole number that was not written as a float. */
export function isIntegerAt(container: object, key: string | number): boolean {
	const value = (container as Record<string, unknown>)[key];
	if (typeof value === "bigint") return true;
	return typeof value === "number" && isPlainInteger(value) && !isMarkedFloat(container, key);
}

/** Whether the number at `container[key]` was written as a float. */
export function isMarkedFloat(container: object, key: string | number): boolean {
	return floatKeys.get(container)?.has(String(key)) ?? false;
}

/** Whether an unmarked number prints as an integer. Integers beyond ±2^53 are bigints, so such numbers are floats. */
export function isPlainInteger(value: number): boolean {
	return Number.isSafeInteger(value) && !Object.is(value, -0);
}
