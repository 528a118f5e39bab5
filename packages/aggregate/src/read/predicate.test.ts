import type { NumericArray } from "@zagg/hdf5";
import { describe, expect, it } from "vitest";
import type { StructuredFilter } from "../config/index.ts";
import { applyPredicate } from "./predicate.ts";

const filter = (parts: object): StructuredFilter =>
	({ level: null, dataset: "/{group}/flag", column: null, keep: true, ...parts }) as StructuredFilter;

function kept(parts: object, data: NumericArray, shape: number[] = [data.length]): number[] {
	const keep = new Uint8Array(shape[0]!).fill(1);
	applyPredicate(filter(parts), { data, shape }, keep);
	return [...keep];
}

describe("applyPredicate", () => {
	it("compares with a scalar", () => {
		expect(kept({ op: "eq", value: 0 }, Int8Array.of(0, 1, 2, 3, 0))).toEqual([1, 0, 0, 0, 1]);
		expect(kept({ op: "ge", value: 2 }, Int8Array.of(0, 1, 2, 3))).toEqual([0, 0, 1, 1]);
		expect(kept({ op: "lt", value: 2 }, Float64Array.of(1.5, 2, 2.5))).toEqual([1, 0, 0]);
	});

	it("looks up a set", () => {
		expect(kept({ op: "in", values: [2, 4] }, Int8Array.of(2, 3, 4, 5))).toEqual([1, 0, 1, 0]);
		expect(kept({ op: "not_in", values: [2, 4] }, Int8Array.of(2, 3, 4, 5))).toEqual([0, 1, 0, 1]);
		expect(kept({ op: "in", values: [2, 4.5] }, BigInt64Array.of(2n, 3n))).toEqual([1, 0]);
	});

	it("turns round with keep: false", () => {
		expect(kept({ op: "eq", value: 0, keep: false }, Int8Array.of(0, 1))).toEqual([0, 1]);
		expect(kept({ op: "in", values: [0], keep: false }, Int8Array.of(0, 1))).toEqual([0, 1]);
	});

	it("takes one column of a 2-D array", () => {
		const confidence = Int8Array.of(4, -2, -2, 4, 0, -2);
		expect(kept({ op: "ne", value: -2, column: 0 }, confidence, [3, 2])).toEqual([1, 0, 1]);
		expect(kept({ op: "ne", value: -2, column: -1 }, confidence, [3, 2])).toEqual([0, 1, 0]);
	});

	it("gives NaN to 'ne' only", () => {
		const values = Float32Array.of(Number.NaN, 1);
		expect(kept({ op: "ne", value: 1 }, values)).toEqual([1, 0]);
		expect(kept({ op: "le", value: 1 }, values)).toEqual([0, 1]);
	});

	it("compares float32 data in float32", () => {
		expect(kept({ op: "eq", value: 0.1 }, Float32Array.of(0.1))).toEqual([1]);
	});

	it("compares 64-bit integers exactly", () => {
		expect(kept({ op: "eq", value: 2 ** 53 }, BigInt64Array.of(2n ** 53n, 2n ** 53n + 1n))).toEqual([1, 0]);
	});

	it("leaves dropped rows dropped", () => {
		const keep = Uint8Array.of(0, 1);
		applyPredicate(filter({ op: "eq", value: 0 }), { data: Int8Array.of(0, 0), shape: [2] }, keep);
		expect([...keep]).toEqual([0, 1]);
	});

	it("wants a column for an N-D array and none for a 1-D one", () => {
		expect(() => kept({ op: "eq", value: 0 }, new Int8Array(4), [2, 2])).toThrow(
			"filter on '/{group}/flag': N-D array requires an integer 'column'",
		);
		expect(() => kept({ op: "eq", value: 0, column: 0 }, new Int8Array(4))).toThrow(
			"filter on '/{group}/flag': 'column' set but array is 1-D",
		);
		expect(() => kept({ op: "eq", value: 0, column: 5 }, new Int8Array(4), [2, 2])).toThrow("column 5 does not exist");
	});
});
