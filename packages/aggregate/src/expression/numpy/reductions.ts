import { type QuantileMethodName, quantileMethods } from "../../reduce/kernels/quantile.ts";
import { type Reducer, type ReducerArguments, reducers } from "../../reduce/kernels/reducer.ts";
import type { Rows } from "../../reduce/kernels/rows.ts";
import { sortSlice } from "../../reduce/kernels/sort.ts";
import { type ArrayValue, arrayValue, asArray, evaluationError, scalarValue, type Value } from "../value.ts";
import { requireNumber } from "./convert.ts";
import type { ExpressionFunction } from "./function.ts";

/**
 * The parameters of a reducer from the values given for them, by name.
 *
 * @throws AggregationError "expression/evaluation" if one of them is missing or of the wrong kind
 */
export function reducerArguments(name: string, given: Readonly<Record<string, Value | undefined>>): ReducerArguments {
	const { q, method, ddof, weights } = given;
	if (q === undefined && reducers.get(name)!.parameters.includes("q")) throw evaluationError(`${name} requires 'q'`);
	return {
		q: q === undefined ? Number.NaN : requireNumber(q, "q"),
		inFloat64: q?.kind === "array",
		method: quantileMethod(method),
		ddof: ddof === undefined ? 0 : requireNumber(ddof, "ddof"),
		weights: weights === undefined || weights.kind === "none" ? null : rowsOf(asArray(weights)),
	};
}

function quantileMethod(value: Value | undefined): QuantileMethodName {
	if (value === undefined) return "linear";
	if (value.kind === "string" && Object.hasOwn(quantileMethods, value.value)) return value.value as QuantileMethodName;
	const given = value.kind === "string" ? `'${value.value}'` : "this";
	throw evaluationError(`${given} is not a valid method. Use one of: ${Object.keys(quantileMethods).join(", ")}`);
}

/** All elements of an array as rows to reduce. */
function rowsOf(array: ArrayValue): Rows {
	return {
		data: array.data,
		type: array.type,
		sorted: () => {
			if (array.sorted) return array.sorted();
			const copy = array.data.slice();
			sortSlice(copy, 0, copy.length);
			return copy;
		},
	};
}

function reduceArray(
	name: string,
	reducer: Reducer,
	array: ArrayValue,
	given: Readonly<Record<string, Value | undefined>>,
): Value {
	const args = reducerArguments(name, given);
	if (args.weights !== null && args.weights.data.length !== array.data.length)
		throw evaluationError("Axis must be specified when shapes of a and weights differ.");
	const rows = rowsOf(array);
	return scalarValue(reducer.prepare(rows, args)(0, array.data.length), reducer.resultType(rows, args));
}

function reductionFunction(name: string, reducer: Reducer): ExpressionFunction {
	const parameters = ["a", ...reducer.parameters];
	return {
		parameters,
		// In numpy an axis comes next, so that the others are keywords; only q comes before it.
		positional: reducer.parameters[0] === "q" ? 2 : 1,
		required: reducer.parameters[0] === "q" ? 2 : 1,
		elementwise: false,
		call: ([a, ...values]) => {
			const array = asArray(a!);
			const given = Object.fromEntries(reducer.parameters.map((parameter, index) => [parameter, values[index]]));
			const q = given.q;
			if (q === undefined || (q.kind !== "sequence" && !(q.kind === "array" && q.shape.length > 0)))
				return reduceArray(name, reducer, array, given);
			const wanted = asArray(q);
			const results = Array.from(wanted.data as ArrayLike<number | bigint>, (item) =>
				asArray(reduceArray(name, reducer, array, { ...given, q: scalarValue(item, wanted.type) })),
			);
			const stacked = asArray({ kind: "sequence", items: results });
			return arrayValue(stacked.data, stacked.type, wanted.shape);
		},
	};
}

/** Functions from an array to one number, by numpy's names. */
export const reductionFunctions: Readonly<Record<string, ExpressionFunction>> = {
	...Object.fromEntries([...reducers].map(([name, reducer]) => [name, reductionFunction(name, reducer)])),
	amin: reductionFunction("min", reducers.get("min")!),
	amax: reductionFunction("max", reducers.get("max")!),
};
