import { allocate } from "./dtype.ts";
import { type ExpressionFunction, plainFunction } from "./numpy/function.ts";
import { applyUnary, unaryFunctions } from "./numpy/unary.ts";
import { applyBinaryOperator } from "./operators.ts";
import {
	arrayValue,
	describeValue,
	evaluationError,
	floatValue,
	intValue,
	isNumberLike,
	scalarValue,
	type Value,
} from "./value.ts";

/**
 * Python's `float(value)`.
 *
 * @throws AggregationError "expression/evaluation" for anything but a Python number or a numpy scalar
 */
export function toFloat(value: Value): number {
	if (value.kind === "array" && value.shape.length === 0) return Number(value.data[0]);
	if (value.kind === "int" || value.kind === "float" || value.kind === "bool") return Number(value.value);
	throw evaluationError(`only 0-dimensional arrays can be converted to Python scalars (got ${describeValue(value)})`);
}

function toInt(value: Value): Value {
	if (value.kind === "int") return value;
	if (value.kind === "array" && value.shape.length === 0 && typeof value.data[0] === "bigint")
		return intValue(value.data[0]);
	const number = toFloat(value);
	if (Number.isNaN(number)) throw evaluationError("cannot convert float NaN to integer");
	if (!Number.isFinite(number)) throw evaluationError("cannot convert float infinity to integer");
	return intValue(Math.trunc(number));
}

function len(value: Value): Value {
	if (value.kind === "sequence") return intValue(value.items.length);
	if (value.kind === "array" && value.shape.length > 0) return intValue(value.shape[0]!);
	throw evaluationError(`${describeValue(value)} has no len()`);
}

/** Python's `sum`: one after the other from the left, unlike `np.sum`, which sums pairs. */
function sum(value: Value): Value {
	if (value.kind === "sequence")
		return value.items.reduce((total, item) => applyBinaryOperator("+", total, item), intValue(0));
	if (value.kind !== "array" || value.shape.length !== 1)
		throw evaluationError(`sum() needs a sequence or a one-dimensional array, got ${describeValue(value)}`);
	if (value.data.length === 0) return intValue(0);
	const type = value.type === "bool" ? "int64" : value.type;
	// Reading back what was stored rounds or wraps every step to the type.
	const total = allocate(type, 1);
	for (const item of value.data)
		total[0] = typeof total[0] === "bigint" ? total[0] + BigInt(item) : total[0]! + Number(item);
	return scalarValue(total[0]!, type);
}

function abs(value: Value): Value {
	if (!isNumberLike(value)) throw evaluationError(`bad operand type for abs(): ${describeValue(value)}`);
	if (value.kind === "array") return applyUnary(unaryFunctions.abs, arrayValue(value.data, value.type, value.shape));
	if (value.kind === "float") return floatValue(Math.abs(value.value));
	const integer = BigInt(value.value);
	return intValue(integer < 0n ? -integer : integer);
}

/** The functions that expressions may call without `np.`. */
export const builtinFunctions: Readonly<Record<string, ExpressionFunction>> = {
	len: plainFunction(["obj"], 1, ([value]) => len(value!)),
	float: plainFunction(["x"], 1, ([value]) => floatValue(toFloat(value!))),
	int: plainFunction(["x"], 1, ([value]) => toInt(value!)),
	abs: plainFunction(["x"], 1, ([value]) => abs(value!), true),
	sum: plainFunction(["iterable"], 1, ([value]) => sum(value!)),
};
