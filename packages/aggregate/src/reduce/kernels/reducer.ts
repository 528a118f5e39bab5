import type { NumericArray } from "@zagg/hdf5";
import { AggregationError } from "../../errors.ts";
import { type ElementType, isFloat, isSigned } from "../../expression/dtype.ts";
import {
	extremumIndexReducer,
	maximumReducer,
	minimumReducer,
	nanExtremumReducer,
	nonzeroReducer,
	rangeReducer,
} from "./extrema.ts";
import {
	averageReducer,
	averageType,
	deviationReducer,
	meanReducer,
	momentType,
	nanMeanReducer,
	nanSumReducer,
	nanVarianceReducer,
	varianceReducer,
} from "./moments.ts";
import { medianReducer, type QuantileMethodName, quantileMethods, quantileReducer } from "./quantile.ts";
import type { Rows, SliceReducer } from "./rows.ts";
import { sumFloats, sumIntegers } from "./sum.ts";

/** Parameters besides the values, as the reducers that take them need them. */
export interface ReducerArguments {
	/** Quantile from 0 to 1. */
	readonly q: number;
	/** The q came from an array: interpolate in float64 even between float32 values. */
	readonly inFloat64: boolean;
	readonly method: QuantileMethodName;
	/** Delta degrees of freedom. */
	readonly ddof: number;
	readonly weights: Rows | null;
}

export type ReducerParameter = "q" | "method" | "ddof" | "weights";

/** A numpy function from many values to one. */
export interface Reducer {
	/** What it takes after the values. */
	readonly parameters: readonly ReducerParameter[];
	resultType(rows: Rows, args: ReducerArguments): ElementType;
	/** Prepares a reduction of slices of these rows: what can be done once per column is done here. */
	prepare(rows: Rows, args: ReducerArguments): SliceReducer;
}

function sameType(rows: Rows): ElementType {
	return rows.type;
}

function sumType(rows: Rows): ElementType {
	if (isFloat(rows.type)) return rows.type;
	return rows.type === "bool" || isSigned(rows.type) ? "int64" : "uint64";
}

function quantileType(rows: Rows, args: ReducerArguments): ElementType {
	if (quantileMethods[args.method].discrete) return rows.type;
	return args.inFloat64 ? "float64" : momentType(rows);
}

function sumReducer({ data }: Rows): SliceReducer {
	if (data instanceof Float32Array || data instanceof Float64Array) return (start, end) => sumFloats(data, start, end);
	return (start, end) => sumIntegers(data, start, end);
}

const simple = (resultType: (rows: Rows) => ElementType, prepare: (rows: Rows) => SliceReducer): Reducer => ({
	parameters: [],
	resultType,
	prepare,
});

const zeroWeights = () =>
	new AggregationError("reduce/invalid", "Weights sum to zero, can't be normalized", {
		remedy: "Filter out rows whose weight is zero or NaN, or use an unweighted reducer.",
	});

const spread = (variance: (rows: Rows, ddof: number) => SliceReducer, squareRoot: boolean): Reducer => ({
	parameters: ["ddof"],
	resultType: momentType,
	prepare: (rows, { ddof }) => (squareRoot ? deviationReducer(variance(rows, ddof), rows) : variance(rows, ddof)),
});

const quantile = (skipNan: boolean, scale: 1 | 100): Reducer => ({
	parameters: ["q", "method"],
	resultType: quantileType,
	prepare: (rows, { q, method, inFloat64 }) => {
		if (!(q >= 0 && q <= scale))
			throw new AggregationError(
				"reduce/invalid",
				scale === 1 ? "Quantiles must be in the range [0, 1]" : "Percentiles must be in the range [0, 100]",
			);
		return quantileReducer(rows, { q: q / scale, method, inFloat64, skipNan });
	},
});

/** The reducers by numpy's names. */
export const reducers: ReadonlyMap<string, Reducer> = new Map<string, Reducer>([
	["min", simple(sameType, minimumReducer)],
	["max", simple(sameType, maximumReducer)],
	["sum", simple(sumType, sumReducer)],
	["mean", simple(momentType, meanReducer)],
	[
		"average",
		{
			parameters: ["weights"],
			resultType: (rows, { weights }) => averageType(rows, weights),
			prepare: (rows, { weights }) => averageReducer(rows, weights, zeroWeights),
		},
	],
	["median", simple(momentType, (rows) => medianReducer(rows, false))],
	["var", spread(varianceReducer, false)],
	["std", spread(varianceReducer, true)],
	["quantile", quantile(false, 1)],
	["percentile", quantile(false, 100)],
	["ptp", simple(sameType, rangeReducer)],
	["nanmin", simple(sameType, (rows) => nanExtremumReducer(rows, "minimum"))],
	["nanmax", simple(sameType, (rows) => nanExtremumReducer(rows, "maximum"))],
	["nansum", simple(sumType, (rows) => (isFloatData(rows.data) ? nanSumReducer(rows.data) : sumReducer(rows)))],
	["nanmean", simple(momentType, nanMeanReducer)],
	["nanmedian", simple(momentType, (rows) => medianReducer(rows, true))],
	["nanvar", spread(nanVarianceReducer, false)],
	["nanstd", spread(nanVarianceReducer, true)],
	["nanquantile", quantile(true, 1)],
	["nanpercentile", quantile(true, 100)],
	[
		"argmin",
		simple(
			() => "int64",
			(rows) => extremumIndexReducer(rows, "argmin"),
		),
	],
	[
		"argmax",
		simple(
			() => "int64",
			(rows) => extremumIndexReducer(rows, "argmax"),
		),
	],
	["count_nonzero", simple(() => "int64", nonzeroReducer)],
	["any", simple(() => "bool", someReducer)],
	["all", simple(() => "bool", everyReducer)],
]);

function isFloatData(data: NumericArray): data is Float32Array | Float64Array {
	return data instanceof Float32Array || data instanceof Float64Array;
}

function someReducer(rows: Rows): SliceReducer {
	const nonzero = nonzeroReducer(rows);
	return (start, end) => (Number(nonzero(start, end)) > 0 ? 1 : 0);
}

function everyReducer(rows: Rows): SliceReducer {
	const nonzero = nonzeroReducer(rows);
	return (start, end) => (nonzero(start, end) === end - start ? 1 : 0);
}
