import { allocate, castArray, isFloat, type NumberArray } from "../dtype.ts";
import { type ArrayValue, arrayValue, asArray, evaluationError, type Value } from "../value.ts";
import { greatestArrayLength, requireInteger, requireLength, requireNumber } from "./convert.ts";
import { type ExpressionFunction, plainFunction } from "./function.ts";
import { evenlySpaced } from "./spacing.ts";

type FloatType = "float32" | "float64";

/** `np.histogram(a, bins, range)`: counts in bins that are closed on the left, the last one on both sides; NaN and values outside are left out. */
function histogram([a, bins, range]: readonly (Value | undefined)[]): Value {
	const values = asArray(a!);
	const isCount = bins === undefined || (bins.kind !== "sequence" && !(bins.kind === "array" && bins.shape.length > 0));
	if (!isCount) return histogramOfEdges(values, asArray(bins));
	const binCount = bins === undefined ? 10 : requireInteger(bins, "bins");
	if (binCount < 1) throw evaluationError("`bins` must be positive, when an integer");
	if (binCount > greatestArrayLength) throw evaluationError(`bins of ${binCount} is too large`);
	return uniformHistogram(values, binCount, range === undefined || range.kind === "none" ? null : range);
}

function uniformHistogram(values: ArrayValue, binCount: number, range: Value | null): Value {
	const type: FloatType = values.type === "float32" ? "float32" : "float64";
	const round = type === "float32" ? Math.fround : (value: number) => value;
	const data = castArray(values.data, type) as NumberArray;
	// Edges given as Python numbers are float64; edges taken from the data have its type. That is also the type of the bin width.
	const edgeType: FloatType = range === null ? type : "float64";
	const [first, last] = outerEdges(data, range);
	const edges = evenlySpaced(first, last, binCount + 1, edgeType, type);
	for (let bin = 0; bin < binCount; bin++) {
		if (edges[bin]! >= edges[bin + 1]!)
			throw evaluationError(`Too many bins for data range. Cannot create ${binCount} finite-sized bins.`);
	}
	const roundWidth = edgeType === "float32" ? Math.fround : (value: number) => value;
	const width = roundWidth(last - first);
	const least = round(first);
	const greatest = round(last);
	const counts = new BigInt64Array(binCount);
	const tally = new Float64Array(binCount);
	for (let i = 0; i < data.length; i++) {
		const value = data[i]!;
		if (!(value >= least && value <= greatest)) continue;
		let bin = Math.trunc(roundWidth(roundWidth(round(value - least) / width) * binCount));
		if (bin === binCount) bin--;
		// The quotient may be off by one unit in the last place next to an edge.
		if (value < edges[bin]!) bin--;
		else if (bin !== binCount - 1 && value >= edges[bin + 1]!) bin++;
		tally[bin]! += 1;
	}
	for (let bin = 0; bin < binCount; bin++) counts[bin] = BigInt(tally[bin]!);
	return { kind: "sequence", items: [arrayValue(counts), arrayValue(edges)] };
}

function outerEdges(data: NumberArray, range: Value | null): readonly [number, number] {
	let [first, last] = range === null ? [0, 1] : edgesOf(range);
	if (range === null && data.length > 0) {
		first = data[0]!;
		last = first;
		for (const value of data) {
			if (Number.isNaN(value)) first = value;
			if (value < first) first = value;
			if (value > last) last = value;
		}
	}
	if (first > last) throw evaluationError("max must be larger than min in range parameter.");
	if (!Number.isFinite(first) || !Number.isFinite(last))
		throw evaluationError(`${range === null ? "autodetected" : "supplied"} range of [${first}, ${last}] is not finite`);
	return first === last ? [first - 0.5, last + 0.5] : [first, last];
}

function edgesOf(range: Value): readonly [number, number] {
	const items = range.kind === "sequence" ? range.items : [];
	if (items.length !== 2) throw evaluationError("range must be a pair of numbers");
	return [requireNumber(items[0]!, "range"), requireNumber(items[1]!, "range")];
}

function histogramOfEdges(values: ArrayValue, bins: ArrayValue): Value {
	const edges = castArray(bins.data, "float64") as Float64Array;
	const data = castArray(values.data, "float64") as Float64Array;
	if (bins.shape.length !== 1) throw evaluationError("`bins` must be 1d, when an array");
	if (edges.some((edge, index) => index > 0 && edges[index - 1]! > edge))
		throw evaluationError("`bins` must increase monotonically, when an array");
	const counts = new BigInt64Array(Math.max(0, edges.length - 1));
	for (const value of data) {
		if (!(value >= edges[0]! && value <= edges.at(-1)!)) continue;
		let low = 0;
		let high = edges.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (edges[middle]! <= value) low = middle + 1;
			else high = middle;
		}
		counts[Math.min(low - 1, counts.length - 1)]! += 1n;
	}
	return { kind: "sequence", items: [arrayValue(counts), bins] };
}

/** `np.bincount(x, weights, minlength)`: how often each integer 0, 1, 2, … occurs, or the sums of its weights. */
function bincount([x, weights, minlength]: readonly (Value | undefined)[]): Value {
	const values = asArray(x!);
	if (isFloat(values.type))
		throw evaluationError(
			`Cannot cast array data from dtype('${values.type}') to dtype('int64') according to the rule 'safe'`,
		);
	const indices = castArray(values.data, "float64") as Float64Array;
	let length = minlength === undefined ? 0 : requireLength(minlength, "minlength");
	for (const index of indices) {
		if (index < 0) throw evaluationError("'list' argument must have no negative elements");
		if (index >= greatestArrayLength) throw evaluationError(`bincount of ${index} needs too large an array`);
		if (index >= length) length = index + 1;
	}
	const sums = new Float64Array(length);
	if (weights === undefined || weights.kind === "none") {
		for (const index of indices) sums[index]! += 1;
		return arrayValue(castArray(sums, "int64"), "int64");
	}
	const weightData = castArray(asArray(weights).data, "float64") as Float64Array;
	if (weightData.length !== indices.length) throw evaluationError("The weights and list don't have the same length.");
	indices.forEach((index, i) => {
		sums[index]! += weightData[i]!;
	});
	return arrayValue(sums);
}

/** `np.unique(a)`: the different values in ascending order; NaN once. */
function unique([a]: readonly (Value | undefined)[]): Value {
	const { data, type } = asArray(a!);
	const sorted = data.slice().sort();
	const out = allocate(type, sorted.length);
	let count = 0;
	for (let i = 0; i < sorted.length; i++) {
		const repeated = i > 0 && (sorted[i] === sorted[i - 1] || (Number.isNaN(sorted[i]) && Number.isNaN(sorted[i - 1])));
		if (!repeated) out[count++] = sorted[i]!;
	}
	return arrayValue(out.slice(0, count), type);
}

/** Functions that count values. */
export const countingFunctions: Readonly<Record<string, ExpressionFunction>> = {
	histogram: plainFunction(["a", "bins", "range"], 1, histogram),
	bincount: plainFunction(["x", "weights", "minlength"], 1, bincount),
	unique: plainFunction(["a"], 1, unique),
};
