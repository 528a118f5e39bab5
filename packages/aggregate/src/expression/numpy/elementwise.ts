import { roundHalfEven } from "../../reduce/kernels/round.ts";
import { allocate, castArray, isFloat, type NumberArray } from "../dtype.ts";
import { arrayValue, asArray, elementsAs, type NumberLike, resultType, shapeOf, sizeOf, type Value } from "../value.ts";
import { applyBinary, type BinaryFunction, binaryFunctions } from "./binary.ts";
import { broadcastOperand, broadcastShape } from "./broadcast.ts";
import { requireInteger, requireNumberLike, requireType } from "./convert.ts";
import { type ExpressionFunction, plainFunction } from "./function.ts";
import { requireFloatType } from "./types.ts";
import { applyUnary, type UnaryFunction, unaryFunctions } from "./unary.ts";

function unary(name: string, operation: UnaryFunction): ExpressionFunction {
	return plainFunction(["x"], 1, ([x]) => applyUnary(operation, asArray(requireNumberOrSequence(x, name))), true);
}

function binary(name: string, operation: BinaryFunction): ExpressionFunction {
	return plainFunction(
		["x1", "x2"],
		2,
		([x1, x2]) => applyBinary(operation, operand(x1, name), operand(x2, name)),
		true,
	);
}

// Sequences become arrays, which are strong types; Python numbers stay weak beside an array.
function operand(value: Value | undefined, name: string): NumberLike {
	return value?.kind === "sequence" ? asArray(value) : requireNumberLike(value, name);
}

function requireNumberOrSequence(value: Value | undefined, name: string): Value {
	return value?.kind === "sequence" ? value : requireNumberLike(value, name);
}

function where([condition, x, y]: readonly (Value | undefined)[]): Value {
	const choice = asArray(operand(condition, "where"));
	const yes = operand(x, "where");
	const no = operand(y, "where");
	const type = resultType([yes, no]);
	const shape = broadcastShape([choice.shape, shapeOf(yes), shapeOf(no)]);
	const mask = broadcastOperand(castArray(choice.data, "bool"), "bool", choice.shape, shape);
	const a = broadcastOperand(elementsAs(yes, type), type, shapeOf(yes), shape);
	const b = broadcastOperand(elementsAs(no, type), type, shapeOf(no), shape);
	const out = allocate(type, sizeOf(shape));
	for (let i = 0; i < out.length; i++)
		out[i] = mask.data[i * mask.stride] ? a.data[i * a.stride]! : b.data[i * b.stride]!;
	return arrayValue(out, type, shape);
}

function clip([a, aMin, aMax, min, max]: readonly (Value | undefined)[]): Value {
	let result: NumberLike = asArray(operand(a, "clip"));
	const least = aMin ?? min;
	const greatest = aMax ?? max;
	if (least !== undefined && least.kind !== "none")
		result = applyBinary(binaryFunctions.maximum, result, operand(least, "clip"));
	if (greatest !== undefined && greatest.kind !== "none")
		result = applyBinary(binaryFunctions.minimum, result, operand(greatest, "clip"));
	return result;
}

/** `np.round`: halves to even, by way of scaling with a power of ten in the type of the values. */
function round([a, decimals]: readonly (Value | undefined)[]): Value {
	const array = asArray(operand(a, "round"));
	const places = decimals === undefined ? 0 : requireInteger(decimals, "decimals");
	if (!isFloat(array.type) && array.type !== "bool" && places >= 0) return array;
	const type = isFloat(array.type) ? array.type : requireFloatType("round", array.type);
	const scale = 10 ** Math.abs(places);
	const data = elementsAs(array, type) as NumberArray;
	const out = allocate(type, data.length) as NumberArray;
	const narrow = type === "float32" ? Math.fround : (value: number) => value;
	for (let i = 0; i < data.length; i++) {
		const scaled = roundHalfEven(narrow(places >= 0 ? data[i]! * scale : data[i]! / scale));
		out[i] = places >= 0 ? scaled / scale : scaled * scale;
	}
	return isFloat(array.type)
		? arrayValue(out, type, array.shape)
		: arrayValue(castArray(out, array.type), array.type, array.shape);
}

/** `x.astype(dtype)`. */
export function astype([a, dtype]: readonly (Value | undefined)[]): Value {
	const array = asArray(a!);
	const type = requireType(dtype!);
	return arrayValue(castArray(array.data, type), type, array.shape);
}

const rounding = plainFunction(["a", "decimals"], 1, round, true);

/** Elementwise functions by numpy's names. */
export const elementwiseFunctions: Readonly<Record<string, ExpressionFunction>> = {
	...Object.fromEntries(Object.entries(unaryFunctions).map(([name, operation]) => [name, unary(name, operation)])),
	...Object.fromEntries(Object.entries(binaryFunctions).map(([name, operation]) => [name, binary(name, operation)])),
	true_divide: binary("divide", binaryFunctions.divide),
	mod: binary("remainder", binaryFunctions.remainder),
	where: plainFunction(["condition", "x", "y"], 3, where, true),
	clip: { ...plainFunction(["a", "a_min", "a_max", "min", "max"], 1, clip, true), positional: 3 },
	round: rounding,
	around: rounding,
};
