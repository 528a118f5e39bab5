import { bigintFloorDivide, bigintRemainder, floatFloorDivide, floatRemainder } from "./numpy/division.ts";
import { evaluationError, floatValue, intValue, type PythonNumber, type Value } from "./value.ts";

// Arithmetic between two Python numbers: integers of any size, and doubles.

// Python would compute 2 ** 10 ** 9 for minutes; no column needs such numbers.
const greatestIntegerBits = 4096n;

type Arithmetic = { readonly int: (a: bigint, b: bigint) => Value; readonly float: (a: number, b: number) => Value };

const bool = (value: boolean): Value => ({ kind: "bool", value });
const floorDivide = floatFloorDivide("float64");
const remainder = floatRemainder("float64");

function nonzero<T extends number | bigint>(divisor: T): T {
	if (Number(divisor) === 0) throw evaluationError("division by zero");
	return divisor;
}

function integerPower(base: bigint, exponent: bigint): Value {
	if (exponent < 0n) return floatValue(Number(nonzero(base)) ** Number(exponent));
	if (BigInt(base.toString(2).length) * exponent > greatestIntegerBits)
		throw evaluationError("the integer power is too large");
	return intValue(base ** exponent);
}

const compared = (compare: (a: number | bigint, b: number | bigint) => boolean): Arithmetic => ({
	int: (a, b) => bool(compare(a, b)),
	float: (a, b) => bool(compare(a, b)),
});

const integral = (symbol: string, int: (a: bigint, b: bigint) => bigint): Arithmetic => ({
	int: (a, b) => intValue(int(a, b)),
	float: () => {
		throw evaluationError(`unsupported operand type(s) for ${symbol}: float`);
	},
});

function shifted(value: bigint, places: bigint): bigint {
	if (places < -greatestIntegerBits || places > greatestIntegerBits) throw evaluationError("the shift is too large");
	return places >= 0n ? value << places : value >> -places;
}

const operations: Readonly<Record<string, Arithmetic>> = {
	"+": { int: (a, b) => intValue(a + b), float: (a, b) => floatValue(a + b) },
	"-": { int: (a, b) => intValue(a - b), float: (a, b) => floatValue(a - b) },
	"*": { int: (a, b) => intValue(a * b), float: (a, b) => floatValue(a * b) },
	"/": { int: (a, b) => floatValue(Number(a) / Number(nonzero(b))), float: (a, b) => floatValue(a / nonzero(b)) },
	"//": {
		int: (a, b) => intValue(bigintFloorDivide(a, nonzero(b))),
		float: (a, b) => floatValue(floorDivide(a, nonzero(b))),
	},
	"%": {
		int: (a, b) => intValue(bigintRemainder(a, nonzero(b))),
		float: (a, b) => floatValue(remainder(a, nonzero(b))),
	},
	"**": { int: integerPower, float: (a, b) => floatValue(a ** b) },
	"&": integral("&", (a, b) => a & b),
	"|": integral("|", (a, b) => a | b),
	"^": integral("^", (a, b) => a ^ b),
	"<<": integral("<<", shifted),
	">>": integral(">>", (a, b) => shifted(a, -b)),
	"==": compared((a, b) => a === b),
	"!=": compared((a, b) => a !== b),
	"<": compared((a, b) => a < b),
	"<=": compared((a, b) => a <= b),
	">": compared((a, b) => a > b),
	">=": compared((a, b) => a >= b),
};

/** `left symbol right` as Python computes it. */
export function pythonBinary(symbol: string, left: PythonNumber, right: PythonNumber): Value {
	const operation = operations[symbol]!;
	if (left.kind === "float" || right.kind === "float") return operation.float(Number(left.value), Number(right.value));
	const result = operation.int(BigInt(left.value), BigInt(right.value));
	const stayBool = left.kind === "bool" && right.kind === "bool" && "&|^".includes(symbol);
	return stayBool && result.kind === "int" ? bool(result.value !== 0n) : result;
}

/** `-x`, `+x` or `~x` of a Python number. */
export function pythonUnary(symbol: string, operand: PythonNumber): Value {
	if (operand.kind === "float") {
		if (symbol === "~") throw evaluationError("bad operand type for unary ~: 'float'");
		return symbol === "-" ? floatValue(-operand.value) : operand;
	}
	const value = BigInt(operand.value);
	return intValue(symbol === "-" ? -value : symbol === "~" ? ~value : value);
}
