import { describe, expect, it } from "vitest";
import {
	elementsOf,
	hexOf,
	type ReferenceResult,
	readReference,
	referenceColumn,
} from "../reduce/fixtures/reference.ts";
import type { ElementType } from "./dtype.ts";
import { evaluateExpression, parseExpression, toMask, toScalar } from "./index.ts";
import { asArray } from "./value.ts";

interface Cases {
	readonly columns: Readonly<Record<string, [seed: number, length: number, type: ElementType, nanEvery: number]>>;
	readonly results: readonly (readonly [source: string, result: ReferenceResult])[];
}

const { columns: specs, results } = readReference<Cases>("expressions");
const columns = new Map(Object.entries(specs).map(([name, spec]) => [name, referenceColumn(...spec)]));
const evaluate = (source: string, values = columns) => evaluateExpression(parseExpression(source), values);

describe("an expression gives numpy's type, shape and bits", () => {
	it.each(results)("%s", (source, expected) => {
		const value = asArray(evaluate(source));
		expect({ type: value.type, shape: value.shape }).toEqual({ type: expected.type, shape: expected.shape });
		if (hexOf(value.data) !== expected.hex)
			expect(Array.from(value.data as Iterable<number | bigint>)).toEqual(elementsOf(expected));
		expect(hexOf(value.data)).toBe(expected.hex);
	});
});

describe("evaluating an expression", () => {
	const h = Float32Array.of(1, 2, 3);

	it.each([
		["y + 1", "name 'y' is not defined"],
		["h + np.zeros(2)", "operands could not be broadcast together with shapes (3,) (2,)"],
		["h[3]", "index 3 is out of bounds for axis 0 with size 3"],
		["h[0, 0]", "too many indices for array: array is 1-dimensional, but 2 were indexed"],
		["h & 1", "ufunc 'bitwise_and' not supported for the input types"],
		["(h > 1) - (h > 2)", "numpy boolean subtract, the `-` operator, is not supported"],
		["-(h > 1)", "The numpy boolean negative, the `-` operator, is not supported"],
		["h.astype('uint8') + 300", "Python integer 300 out of bounds for uint8"],
		["h.astype('int32') ** -1", "Integers to negative integer powers are not allowed."],
		["np.sqrt(h.astype('int8'))", "numpy computes sqrt of int8 in float16, which is not supported"],
		["h.astype('complex64')", "not a supported dtype: 'complex64'"],
		["np.min(h[h > 9])", "zero-size array to reduction operation minimum which has no identity"],
		["np.quantile(h, 1.5)", "Quantiles must be in the range [0, 1]"],
		["np.percentile(h, -1)", "Percentiles must be in the range [0, 100]"],
		["np.quantile(h, 0.5, method='best')", "'best' is not a valid method"],
		["np.average(h, weights=np.zeros(3))", "Weights sum to zero, can't be normalized"],
		["np.average(h, weights=[1, 2])", "Axis must be specified when shapes of a and weights differ."],
		["np.bincount(h)", "Cannot cast array data from dtype('float32') to dtype('int64') according to the rule 'safe'"],
		["np.bincount(np.array([-1]))", "'list' argument must have no negative elements"],
		["np.histogram(h, 3, (5, 1))", "max must be larger than min in range parameter."],
		["np.histogram(h, 0)", "`bins` must be positive, when an integer"],
		["np.zeros(10**12)", "is too large"],
		["1 / 0", "division by zero"],
		["10 ** 10 ** 10", "the integer power is too large"],
		["float(h)", "only 0-dimensional arrays can be converted to Python scalars"],
		["int(np.nan)", "cannot convert float NaN to integer"],
		["'a' + 1", "unsupported operands for +"],
	])("fails as numpy does: %s", (source, message) => {
		expect(() => evaluate(source, new Map([["h", h]]))).toThrow(message);
	});

	it("yields scalars and masks", () => {
		const columns = new Map([["h", Float32Array.of(-1, 0, 2)]]);
		expect(toScalar(evaluate("np.sum(h)", columns))).toBe(1);
		expect(toScalar(evaluate("len(h)", columns))).toBe(3);
		expect(toMask(evaluate("h > 0", columns))).toEqual({ data: Uint8Array.of(0, 0, 1), shape: [3] });
		expect(toMask(evaluate("h", columns))).toEqual({ data: Uint8Array.of(1, 0, 1), shape: [3] });
		expect(toMask(evaluate("np.sum(h) > 0", columns))).toEqual({ data: Uint8Array.of(1), shape: [] });
		expect(toMask(evaluate("'text'", columns))).toBeNull();
	});

	it.each(["exp log log10 log2 log1p expm1 sin cos tan arctan cbrt".split(" ")].flat())(
		"takes np.%s in double and rounds it to float32",
		(name) => {
			const { type, data } = asArray(evaluate(`np.${name}(h)`, new Map([["h", h]])));
			const compute = Math[name.replace("arc", "a") as "exp"];
			expect(type).toBe("float32");
			expect(data).toEqual(h.map(compute));
		},
	);
});
