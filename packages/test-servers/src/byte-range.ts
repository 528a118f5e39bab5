/** A half-open range of bytes. */
export interface ByteRange {
	readonly start: number;
	readonly end: number;
}

/**
 * Reads a Range header for an object of `size` bytes: `bytes=2-5`, `bytes=2-`, `bytes=-4`.
 *
 * @returns null without a range (then all of it is meant), `"unsatisfiable"` for one outside of the object
 */
export function parseRange(header: string | undefined, size: number): ByteRange | null | "unsatisfiable" {
	const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
	if (match === null || (match[1] === "" && match[2] === "")) return null;
	const [, first, last] = match;
	if (first === "") {
		const length = Math.min(Number(last), size);
		return length === 0 ? "unsatisfiable" : { start: size - length, end: size };
	}
	const start = Number(first);
	if (start >= size) return "unsatisfiable";
	return { start, end: last === "" ? size : Math.min(Number(last) + 1, size) };
}
