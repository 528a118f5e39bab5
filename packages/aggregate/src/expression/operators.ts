import { isFloat } from "./dtype.ts";
import { applyBinary, binaryFunctions } from "./numpy/binary.ts";
import { applyUnary, unaryFunctions } from "./numpy/unary.ts";
import { pythonBinary, pythonUnary } from "./python.ts";
import { describeValue, evaluationError, isNumberLike, type NumberLike, type Value } from "./value.ts";

const binaryNames = {
	"+": "add",
	"-": "subtract",
	"*": "multiply",
	"/": "divide",
	"//": "floor_divide",
	"%": "remainder",
	"**": "power",
	"&": "bitwise_and",
	"|": "bitwise_or",
	"^": "bitwise_xor",
	"<<": "left_shift",
	">>": "right_shift",
	"==": "equal",
	"!=": "not_equal",
	"<": "less",
	"<=": "less_equal",
	">": "greater",
	">=": "greater_equal",
} as const;

const unaryNames = { "-": "negative", "+": "positive", "~": "invert" } as const;

export type BinaryOperator = keyof typeof binaryNames;
export type UnaryOperator = keyof typeof unaryNames;

/** Computes `left operator right` with Python's rules between Python numbers and numpy's wherever an array takes part. */
export function applyBinaryOperator(operator: BinaryOperator, left: Value, right: Value): Value {
	if (!isNumberLike(left) || !isNumberLike(right))
		throw evaluationError(`unsupported operands for ${operator}: ${describeValue(left)} and ${describeValue(right)}`);
	if (left.kind !== "array" && right.kind !== "array") return pythonBinary(operator, left, right);
	if (operator === "**") return power(left, right);
	return applyBinary(binaryFunctions[binaryNames[operator]], left, right);
}

/** Computes `operator operand`. */
export function applyUnaryOperator(operator: UnaryOperator, operand: Value): Value {
	if (!isNumberLike(operand))
		throw evaluationError(`unsupported operand for unary ${operator}: ${describeValue(operand)}`);
	if (operand.kind !== "array") return pythonUnary(operator, operand);
	return applyUnary(unaryFunctions[unaryNames[operator]], operand);
}

/** `**` with the exponents that numpy replaces by exact operations (array_power's fast_scalar_power). */
function power(base: NumberLike, exponent: NumberLike): Value {
	if (base.kind === "array" && (exponent.kind === "int" || exponent.kind === "float")) {
		const value = Number(exponent.value);
		const integers = !isFloat(base.type);
		if (value === 2 && base.type !== "bool" && (!integers || exponent.kind === "int"))
			return applyBinary(binaryFunctions.multiply, base, base);
		if (value === 0.5 && !integers) return applyUnary(unaryFunctions.sqrt, base);
		if (value === -1 && !integers) return applyBinary(binaryFunctions.divide, { kind: "float", value: 1 }, base);
	}
	return applyBinary(binaryFunctions.power, base, exponent);
}
