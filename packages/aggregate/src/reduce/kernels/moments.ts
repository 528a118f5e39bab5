import type { NumericArray } from "@zagg/hdf5";
import { castArray, isBigintArray, type NumberArray, promoteTypes } from "../../expression/dtype.ts";
import type { Rows, SliceReducer } from "./rows.ts";
import { sumAs, sumFloats } from "./sum.ts";

type FloatArray = Float32Array | Float64Array;
type FloatType = "float32" | "float64";

/** The type of means and variances: float32 stays float32, everything else is float64. */
export function momentType(rows: Rows): FloatType {
	return rows.type === "float32" ? "float32" : "float64";
}

/** `np.mean`: sum over count, in the type of the moments. */
export function meanReducer(rows: Rows): SliceReducer {
	const type = momentType(rows);
	const round = rounding(type);
	return (start, end) => round(sumAs(rows.data, start, end, type) / (end - start));
}

/** `np.var`: mean of the squared deviations, every step in the type of the moments; the divisor is `max(n - ddof, 0)`. */
export function varianceReducer(rows: Rows, ddof: number): SliceReducer {
	const type = momentType(rows);
	const round = rounding(type);
	const scratch = scratchOf(type);
	const values = asNumbers(rows.data);
	return (start, end) => {
		const length = end - start;
		const mean = round(sumAs(rows.data, start, end, type) / length);
		const squares = scratch(length);
		deviate(values, start, end, mean, squares);
		for (let i = 0; i < length; i++) squares[i] = squares[i]! * squares[i]!;
		return round(sumFloats(squares, 0, length) / Math.max(length - ddof, 0));
	};
}

/** `np.std`: the square root of the variance, in its type. */
export function deviationReducer(variance: SliceReducer, rows: Rows): SliceReducer {
	const round = rounding(momentType(rows));
	return (start, end) => round(Math.sqrt(Number(variance(start, end))));
}

/** `np.nanmean`: NaN counts as 0 in the sum (at its place, which decides the pairs) and not at all in the count. */
export function nanMeanReducer(rows: Rows): SliceReducer {
	if (!isFloatArray(rows.data)) return meanReducer(rows);
	const { data } = rows;
	const round = rounding(momentType(rows));
	const scratch = scratchOf(momentType(rows));
	return (start, end) => {
		const filled = scratch(end - start);
		const count = zeroNan(data, start, end, filled);
		return round(sumFloats(filled, 0, end - start) / count);
	};
}

/** `np.nansum`: the sum with 0 for NaN. */
export function nanSumReducer(data: FloatArray): SliceReducer {
	const scratch = scratchOf(data instanceof Float32Array ? "float32" : "float64");
	return (start, end) => {
		const filled = scratch(end - start);
		zeroNan(data, start, end, filled);
		return sumFloats(filled, 0, end - start);
	};
}

/** `np.nanvar`: the variance of what is not NaN; NaN where `count - ddof` is not positive. */
export function nanVarianceReducer(rows: Rows, ddof: number): SliceReducer {
	const { data } = rows;
	if (!isFloatArray(data)) return varianceReducer(rows, ddof);
	const round = rounding(momentType(rows));
	const scratch = scratchOf(momentType(rows));
	return (start, end) => {
		const length = end - start;
		const squares = scratch(length);
		const count = zeroNan(data, start, end, squares);
		if (count - ddof <= 0) return Number.NaN;
		const mean = round(sumFloats(squares, 0, length) / count);
		deviate(squares, 0, length, mean, squares);
		for (let i = 0; i < length; i++) {
			const value = data[start + i]!;
			squares[i] = Number.isNaN(value) ? 0 : squares[i]! * squares[i]!;
		}
		return round(sumFloats(squares, 0, length) / (count - ddof));
	};
}

/** The type of a weighted average: of values and weights together, at least float64 for integer values. */
export function averageType(rows: Rows, weights: Rows | null): FloatType {
	if (weights === null) return momentType(rows);
	return promoteTypes(rows.type, weights.type) === "float32" && rows.type === "float32" ? "float32" : "float64";
}

/**
 * `np.average`: `sum(values * weights) / sum(weights)`, every step in {@link averageType}; without weights the mean.
 * `onZeroWeights` makes the error that is thrown where the weights of some rows sum to zero.
 */
export function averageReducer(rows: Rows, weights: Rows | null, onZeroWeights: () => Error): SliceReducer {
	if (weights === null) return meanReducer(rows);
	const type = averageType(rows, weights);
	const round = rounding(type);
	const products = scratchOf(type);
	const values = asNumbers(rows.data);
	const factors = asNumbers(weights.data);
	return (start, end) => {
		const length = end - start;
		const scale = sumAs(weights.data, start, end, type);
		if (scale === 0) throw onZeroWeights();
		const product = products(length);
		for (let i = 0; i < length; i++) product[i] = values[start + i]! * factors[start + i]!;
		return round(sumFloats(product, 0, length) / scale);
	};
}

function rounding(type: FloatType): (value: number) => number {
	return type === "float32" ? Math.fround : (value) => value;
}

/** A buffer that is reused from call to call and only grows. */
function scratchOf(type: FloatType): (length: number) => FloatArray {
	let buffer: FloatArray = new Float64Array(0);
	return (length) => {
		if (buffer.length < length) {
			const capacity = Math.max(length, 2 * buffer.length);
			buffer = type === "float32" ? new Float32Array(capacity) : new Float64Array(capacity);
		}
		return buffer;
	};
}

function isFloatArray(data: NumericArray): data is FloatArray {
	return data instanceof Float32Array || data instanceof Float64Array;
}

function asNumbers(data: NumericArray): NumberArray {
	return isBigintArray(data) ? (castArray(data, "float64") as Float64Array) : data;
}

/** Writes `value - mean` of every row to the beginning of `out`, rounded to its type. */
function deviate(data: NumberArray, start: number, end: number, mean: number, out: FloatArray): void {
	for (let i = start; i < end; i++) out[i - start] = data[i]! - mean;
}

/** Copies the rows to the beginning of `out` with 0 for NaN; how many are not NaN. */
function zeroNan(data: FloatArray, start: number, end: number, out: FloatArray): number {
	let count = 0;
	for (let i = start; i < end; i++) {
		const value = data[i]!;
		if (Number.isNaN(value)) out[i - start] = 0;
		else {
			out[i - start] = value;
			count++;
		}
	}
	return count;
}
