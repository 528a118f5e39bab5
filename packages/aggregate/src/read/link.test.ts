import { describe, expect, it } from "vitest";
import { expandMaskToBase } from "./link.ts";

const expand = (keep: number[], begin: number[], count: number[], length: number, indexBase = 0): number[] => [
	...expandMaskToBase(
		Uint8Array.from(keep),
		{ begin: BigInt64Array.from(begin, BigInt), count: Int32Array.from(count), indexBase },
		length,
	),
];

describe("expandMaskToBase", () => {
	it("keeps the rows of kept segments only", () => {
		expect(expand([1], [0], [3], 3)).toEqual([1, 1, 1]);
		expect(expand([0], [0], [3], 3)).toEqual([0, 0, 0]);
		expect(expand([1, 0], [0, 2], [2, 3], 5)).toEqual([1, 1, 0, 0, 0]);
	});

	it("counts begins from the index base", () => {
		expect(expand([0, 1], [1, 4], [3, 2], 5, 1)).toEqual([0, 0, 0, 1, 1]);
	});

	it("drops all or keeps all", () => {
		expect(expand([0, 0], [0, 2], [2, 2], 4)).toEqual([0, 0, 0, 0]);
		expect(expand([1, 1], [0, 2], [2, 2], 4)).toEqual([1, 1, 1, 1]);
	});

	it("clips a segment that runs past the last row", () => {
		expect(expand([1], [2], [10], 4)).toEqual([0, 0, 1, 1]);
	});

	it("skips an empty segment, whose begin of 0 lies before the index base", () => {
		expect(expand([1, 1], [0, 1], [0, 2], 3, 1)).toEqual([1, 1, 0]);
	});

	it("refuses a segment that begins before the first row", () => {
		expect(() => expand([1], [0], [2], 3, 1)).toThrow("index_beg_arr[0]=0 is less than index_base=1");
	});
});
