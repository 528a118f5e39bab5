import { describe, expect, it } from "vitest";
import { castArray, type ElementType } from "../../expression/dtype.ts";
import { reducerArguments } from "../../expression/numpy/reductions.ts";
import { arrayValue, scalarValue, type Value } from "../../expression/value.ts";
import { hexOf, type ReferenceResult, readReference, referenceColumn } from "../fixtures/reference.ts";
import { reducers } from "./reducer.ts";
import { sortSlices } from "./sort.ts";

interface Case {
	readonly seed: number;
	readonly length: number;
	readonly type: ElementType;
	readonly nanEvery: number;
	readonly results: readonly (readonly [
		name: string,
		keywords: Readonly<Record<string, number | string>>,
		result: ReferenceResult,
	])[];
}

/** The weights that `generate.py` makes for a column. */
function weightsOf(seed: number, length: number, type: ElementType): Value {
	const weights = referenceColumn(seed + 100, length, type) as Float64Array;
	// Stored back, the steps round or wrap in the weights' own type, as numpy's do.
	for (let i = 0; i < length; i++) weights[i] = Math.abs(weights[i]!);
	for (let i = 0; i < length; i++) weights[i] = weights[i]! + 1;
	for (let i = 0; i < length; i++) weights[i] = weights[i] === 0 ? 1 : Math.abs(weights[i]!);
	return arrayValue(weights);
}

describe("reducers give numpy's type and bits", () => {
	for (const { seed, length, type, nanEvery, results } of readReference<Case[]>("reducers")) {
		const column = referenceColumn(seed, length, type, nanEvery);
		// The slice stands in the middle of a longer column, as a cell's rows do.
		const data = castArray(column, type);
		const framed = (() => {
			const out = new (data.constructor as Float64ArrayConstructor)(length + 5) as typeof data;
			out.set(data as never, 3);
			return out;
		})();
		const rows = { data: framed, type, sorted: () => sortSlices(framed, Uint32Array.of(0, 3, length + 3, length + 5)) };
		const nan = nanEvery > 0 ? `, every ${nanEvery}th NaN` : "";
		it.each(results)(`of ${length} ${type}${nan}: %s %o`, (name, keywords, expected) => {
			const given = Object.fromEntries(
				Object.entries(keywords).map(([key, value]): [string, Value] => {
					if (key === "weights") return [key, weightsOf(seed, length, value as ElementType)];
					return [key, typeof value === "string" ? { kind: "string", value } : { kind: "float", value }];
				}),
			);
			const args = reducerArguments(name, given);
			const shifted = args.weights && { ...args.weights, data: shift(args.weights.data as Float64Array) };
			const reducer = reducers.get(name)!;
			const result = reducer.prepare(rows, { ...args, weights: shifted })(3, length + 3);
			expect(reducer.resultType(rows, args)).toBe(expected.type);
			expect(hexOf(scalarValue(result, expected.type).data)).toBe(expected.hex);
		});
	}
});

function shift(data: Float64Array): Float64Array {
	const out = new (data.constructor as Float64ArrayConstructor)(data.length + 5);
	out.set(data, 3);
	return out;
}
