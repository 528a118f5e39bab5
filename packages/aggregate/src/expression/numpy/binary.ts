import type { NumericArray } from "@zagg/hdf5";
import {
	allocate,
	type BigintArray,
	bitsOf,
	type ElementType,
	integerRange,
	isBigint,
	isFloat,
	isSigned,
	type NumberArray,
} from "../dtype.ts";
import {
	type ArrayValue,
	arrayValue,
	elementsAs,
	evaluationError,
	type NumberLike,
	resultType,
	shapeOf,
	sizeOf,
} from "../value.ts";
import { broadcastOperand, broadcastShape } from "./broadcast.ts";
import {
	bigintFloorDivide,
	bigintRemainder,
	floatFloorDivide,
	floatRemainder,
	integerFloorDivide,
	integerPower,
	integerRemainder,
	wrappedPower,
} from "./division.ts";
import { notSupported, requireFloatType } from "./types.ts";

/** Computes `out[i]` from `a[i * strideA]` and `b[i * strideB]`; storing into `out` rounds to float32 or wraps an integer. */
type NumberLoop = (a: NumberArray, strideA: number, b: NumberArray, strideB: number, out: NumberArray) => void;

/** An elementwise function of two operands. */
export interface BinaryFunction {
	/** The type in which it computes, from the operands' common type; throws where numpy has no such loop. */
	computeType(common: ElementType): ElementType;
	/** The type of the result, if not the one in which it computes. */
	readonly resultType?: ElementType;
	loop(type: ElementType): NumberLoop;
	/** One element of 64-bit integers, where it can compute in them. */
	readonly bigint?: (a: bigint, b: bigint) => bigint | boolean;
}

/** Applies a binary function with numpy's type promotion and broadcasting. */
export function applyBinary(operation: BinaryFunction, left: NumberLike, right: NumberLike): ArrayValue {
	const common = resultType([left, right]);
	const type = operation.computeType(operation.resultType === "bool" ? comparisonType(common, [left, right]) : common);
	const outType = operation.resultType ?? type;
	const shape = broadcastShape([shapeOf(left), shapeOf(right)]);
	const a = broadcastOperand(operandElements(left, type), type, shapeOf(left), shape);
	const b = broadcastOperand(operandElements(right, type), type, shapeOf(right), shape);
	const out = allocate(outType, sizeOf(shape));
	if (isBigint(type)) {
		const store = out as BigintArray;
		for (let i = 0; i < out.length; i++) {
			const value = operation.bigint!((a.data as BigintArray)[i * a.stride]!, (b.data as BigintArray)[i * b.stride]!);
			store[i] = typeof value === "boolean" ? ((value ? 1 : 0) as never) : value;
		}
	} else operation.loop(type)(a.data as NumberArray, a.stride, b.data as NumberArray, b.stride, out as NumberArray);
	return arrayValue(out, outType, shape);
}

/** Elements for a loop that computes in `type`: loops over numbers read any array of numbers, since promotion never narrows. */
export function operandElements(value: NumberLike, type: ElementType): NumericArray {
	const readable = value.kind === "array" && !isBigint(value.type) && !isBigint(type);
	return readable ? value.data : elementsAs(value, type);
}

// A Python integer may be compared with any integer array, also when the array's type cannot hold it.
function comparisonType(common: ElementType, operands: readonly NumberLike[]): ElementType {
	if (isFloat(common) || common === "bool") return common;
	const fits = (type: ElementType) => {
		const { least, greatest } = integerRange(type);
		return operands.every((operand) => operand.kind !== "int" || (operand.value >= least && operand.value <= greatest));
	};
	return (
		[common, "int64" as const].find(
			(type) => bitsOf(type) >= bitsOf(common) && !(common === "uint64" && type === "int64") && fits(type),
		) ?? "float64"
	);
}

const elementLoop =
	(compute: (a: number, b: number) => number | boolean): NumberLoop =>
	(a, strideA, b, strideB, out) => {
		for (let i = 0; i < out.length; i++) out[i] = Number(compute(a[i * strideA]!, b[i * strideB]!));
	};

// The four operations of which whole columns are made have loops of their own, which the compiler can specialise.
const addLoop: NumberLoop = (a, strideA, b, strideB, out) => {
	for (let i = 0; i < out.length; i++) out[i] = a[i * strideA]! + b[i * strideB]!;
};
const subtractLoop: NumberLoop = (a, strideA, b, strideB, out) => {
	for (let i = 0; i < out.length; i++) out[i] = a[i * strideA]! - b[i * strideB]!;
};
const multiplyLoop: NumberLoop = (a, strideA, b, strideB, out) => {
	for (let i = 0; i < out.length; i++) out[i] = a[i * strideA]! * b[i * strideB]!;
};
const divideLoop: NumberLoop = (a, strideA, b, strideB, out) => {
	for (let i = 0; i < out.length; i++) out[i] = a[i * strideA]! / b[i * strideB]!;
};
const orLoop = elementLoop((a, b) => a | b);
const andLoop = elementLoop((a, b) => a & b);
const xorLoop = elementLoop((a, b) => a ^ b);
const integerMultiplyLoop = elementLoop(Math.imul);

const same = (type: ElementType) => type;
const boolAsInt8 = (type: ElementType): ElementType => (type === "bool" ? "int8" : type);
const integersOnly = (name: string) => (type: ElementType) => {
	if (isFloat(type)) throw notSupported(name);
	return type;
};
const shiftable = (name: string) => (type: ElementType) => boolAsInt8(integersOnly(name)(type));

const comparison = (compare: (a: number | bigint, b: number | bigint) => boolean): BinaryFunction => ({
	computeType: same,
	resultType: "bool",
	loop: () => elementLoop(compare),
	bigint: compare,
});

const floatOnly = (name: string, compute: (a: number, b: number) => number): BinaryFunction => ({
	computeType: (type) => requireFloatType(name, type),
	loop: () => elementLoop(compute),
});

/** Binary functions by numpy's names. */
export const binaryFunctions = {
	add: { computeType: same, loop: (type) => (type === "bool" ? orLoop : addLoop), bigint: (a, b) => a + b },
	subtract: {
		computeType: (type) => {
			if (type === "bool")
				throw evaluationError(
					"numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the logical_xor function instead.",
				);
			return type;
		},
		loop: () => subtractLoop,
		bigint: (a, b) => a - b,
	},
	multiply: {
		computeType: same,
		loop: (type) => (isFloat(type) ? multiplyLoop : type === "bool" ? andLoop : integerMultiplyLoop),
		bigint: (a, b) => a * b,
	},
	divide: { computeType: (type) => (isFloat(type) ? type : "float64"), loop: () => divideLoop },
	floor_divide: {
		computeType: boolAsInt8,
		loop: (type) => elementLoop(isFloat(type) ? floatFloorDivide(type) : integerFloorDivide),
		bigint: bigintFloorDivide,
	},
	remainder: {
		computeType: boolAsInt8,
		loop: (type) => elementLoop(isFloat(type) ? floatRemainder(type) : integerRemainder),
		bigint: bigintRemainder,
	},
	power: {
		computeType: boolAsInt8,
		loop: (type) => elementLoop(isFloat(type) ? Math.pow : integerPower(type)),
		bigint: wrappedPower,
	},
	equal: comparison((a, b) => a === b),
	not_equal: comparison((a, b) => a !== b),
	less: comparison((a, b) => a < b),
	less_equal: comparison((a, b) => a <= b),
	greater: comparison((a, b) => a > b),
	greater_equal: comparison((a, b) => a >= b),
	bitwise_and: { computeType: integersOnly("bitwise_and"), loop: () => andLoop, bigint: (a, b) => a & b },
	bitwise_or: { computeType: integersOnly("bitwise_or"), loop: () => orLoop, bigint: (a, b) => a | b },
	bitwise_xor: { computeType: integersOnly("bitwise_xor"), loop: () => xorLoop, bigint: (a, b) => a ^ b },
	left_shift: {
		computeType: shiftable("left_shift"),
		loop: (type) => elementLoop((a, b) => (b < 0 || b >= bitsOf(type) ? 0 : a << b)),
		bigint: (a, b) => (b < 0n || b >= 64n ? 0n : a << b),
	},
	right_shift: {
		computeType: shiftable("right_shift"),
		loop: (type) =>
			elementLoop((a, b) => {
				const bits = b < 0 || b >= bitsOf(type) ? 31 : b;
				if (isSigned(type)) return a >> bits;
				return bits === b ? a >>> b : 0;
			}),
		bigint: (a, b) => a >> (b < 0n || b >= 64n ? 64n : b),
	},
	minimum: {
		computeType: same,
		loop: () => elementLoop((a, b) => (a < b || Number.isNaN(a) ? a : b)),
		// biome-ignore lint/complexity/useMathMinMax: Math.min does not take bigints
		bigint: (a, b) => (b < a ? b : a),
	},
	maximum: {
		computeType: same,
		loop: () => elementLoop((a, b) => (a > b || Number.isNaN(a) ? a : b)),
		// biome-ignore lint/complexity/useMathMinMax: Math.max does not take bigints
		bigint: (a, b) => (b > a ? b : a),
	},
	logical_and: {
		computeType: same,
		resultType: "bool",
		loop: () => elementLoop((a, b) => a !== 0 && b !== 0),
		bigint: (a, b) => a !== 0n && b !== 0n,
	},
	logical_or: {
		computeType: same,
		resultType: "bool",
		loop: () => elementLoop((a, b) => a !== 0 || b !== 0),
		bigint: (a, b) => a !== 0n || b !== 0n,
	},
	logical_xor: {
		computeType: same,
		resultType: "bool",
		loop: () => elementLoop((a, b) => (a !== 0) !== (b !== 0)),
		bigint: (a, b) => (a !== 0n) !== (b !== 0n),
	},
	arctan2: floatOnly("arctan2", Math.atan2),
	hypot: floatOnly("hypot", Math.hypot),
} satisfies Record<string, BinaryFunction>;
