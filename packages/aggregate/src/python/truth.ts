/** Whether Python holds the value for true: everything but None, False, zero and empty strings, lists and dicts. */
export function isTruthy(value: unknown): boolean {
	if (typeof value !== "object" || value === null) return Boolean(value) || Number.isNaN(value);
	return Array.isArray(value) ? value.length > 0 : Object.keys(value).length > 0;
}
