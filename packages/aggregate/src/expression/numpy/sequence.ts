import { sortSlice } from "../../reduce/kernels/sort.ts";
import { allocate, type BigintArray, isBigint, isFloat, isSigned, type NumberArray } from "../dtype.ts";
import { arrayValue, asArray, evaluationError, type Value } from "../value.ts";
import { applyBinary, binaryFunctions } from "./binary.ts";
import { type ExpressionFunction, plainFunction } from "./function.ts";

/** `np.sort(a)` along the last axis, NaN last. */
function sort([a]: readonly (Value | undefined)[]): Value {
	const { data, type, shape, sorted } = asArray(a!);
	if (shape.length === 0) throw evaluationError("axis -1 is out of bounds for array of dimension 0");
	const copy = (sorted ? sorted() : data).slice();
	const length = shape.at(-1)!;
	for (let start = 0; !sorted && start < copy.length; start += length) sortSlice(copy, start, start + length);
	return arrayValue(copy, type, shape);
}

/** `np.cumsum(a)`: running sums in order, float32 in float32, integers in 64 bits. */
function cumsum([a]: readonly (Value | undefined)[]): Value {
	const { data, type } = asArray(a!);
	const sumType = isFloat(type) ? type : type === "bool" || isSigned(type) ? "int64" : "uint64";
	const out = allocate(sumType, data.length);
	if (isBigint(sumType)) {
		let total = 0n;
		for (let i = 0; i < data.length; i++) {
			total += BigInt(data[i]!);
			(out as BigintArray)[i] = total;
		}
	} else {
		const sums = out as NumberArray;
		// Reading back what was stored rounds every step to the type.
		for (let i = 0; i < data.length; i++) sums[i] = (i === 0 ? 0 : sums[i - 1]!) + (data as NumberArray)[i]!;
	}
	return arrayValue(out, sumType);
}

/** `np.diff(a)` of a one-dimensional array. */
function diff([a]: readonly (Value | undefined)[]): Value {
	const { data, type, shape } = asArray(a!);
	if (shape.length !== 1) throw evaluationError("diff is supported for one-dimensional arrays");
	const operation = type === "bool" ? binaryFunctions.not_equal : binaryFunctions.subtract;
	return applyBinary(
		operation,
		arrayValue(data.subarray(1), type),
		arrayValue(data.subarray(0, Math.max(0, data.length - 1)), type),
	);
}

function ravel([a]: readonly (Value | undefined)[]): Value {
	const { data, type } = asArray(a!);
	return arrayValue(data, type);
}

/** Functions from one array to another along its order. */
export const sequenceFunctions: Readonly<Record<string, ExpressionFunction>> = {
	sort: plainFunction(["a"], 1, sort),
	cumsum: plainFunction(["a"], 1, cumsum),
	diff: plainFunction(["a"], 1, diff),
	ravel: plainFunction(["a"], 1, ravel),
};
