import { roundHalfEven } from "../../reduce/kernels/round.ts";
import { allocate, type BigintArray, type ElementType, isBigint, isFloat, type NumberArray } from "../dtype.ts";
import {
	type ArrayValue,
	arrayValue,
	elementsAs,
	evaluationError,
	type NumberLike,
	resultType,
	shapeOf,
} from "../value.ts";
import { notSupported, requireFloatType } from "./types.ts";

/** An elementwise function of one operand. */
export interface UnaryFunction {
	/** The type in which it computes; throws where numpy has no such loop. */
	computeType(type: ElementType): ElementType;
	/** The type of the result, if not the one in which it computes. */
	readonly resultType?: ElementType;
	number(value: number, type: ElementType): number | boolean;
	/** The same for 64-bit integers, where it can compute in them. */
	readonly bigint?: (value: bigint) => bigint | boolean;
}

/** Applies a unary function; the result has the shape of the operand. */
export function applyUnary(operation: UnaryFunction, operand: NumberLike): ArrayValue {
	const type = operation.computeType(resultType([operand]));
	const data = elementsAs(operand, type);
	const outType = operation.resultType ?? type;
	const out = allocate(outType, data.length);
	if (isBigint(type)) {
		const compute = operation.bigint!;
		for (let i = 0; i < data.length; i++) {
			const value = compute((data as BigintArray)[i]!);
			out[i] = typeof value === "boolean" ? Number(value) : value;
		}
	} else {
		for (let i = 0; i < data.length; i++) out[i] = Number(operation.number((data as NumberArray)[i]!, type));
	}
	return arrayValue(out, outType, shapeOf(operand));
}

const floatFunction = (name: string, number: UnaryFunction["number"]): UnaryFunction => ({
	computeType: (type) => requireFloatType(name, type),
	number,
});

/** A function that keeps integers integers; `boolMessage` is the error where numpy has none for bool. */
const integerFunction = (
	number: (value: number) => number,
	bigint: (value: bigint) => bigint = (value) => value,
	boolMessage?: string,
): UnaryFunction => ({
	computeType: (type) => {
		if (type === "bool" && boolMessage !== undefined) throw evaluationError(boolMessage);
		return type;
	},
	number,
	bigint,
});

const predicate = (number: (value: number) => boolean, ofIntegers: boolean): UnaryFunction => ({
	computeType: (type) => type,
	resultType: "bool",
	number,
	bigint: () => ofIntegers,
});

/** Multiplication by a quotient that numpy takes in the type of the operand. */
const scaling = (name: string, numerator: number, denominator: number): UnaryFunction => {
	const double = numerator / denominator;
	const single = Math.fround(Math.fround(numerator) / Math.fround(denominator));
	return floatFunction(name, (value, type) => value * (type === "float32" ? single : double));
};

const absolute = integerFunction(Math.abs, (value) => (value < 0n ? -value : value));
const degrees = scaling("degrees", 180, Math.PI);
const radians = scaling("radians", Math.PI, 180);

/** Unary functions by numpy's names. */
export const unaryFunctions = {
	negative: integerFunction(
		(value) => -value,
		(value) => -value,
		"The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the logical_not function instead.",
	),
	positive: integerFunction(
		(value) => value,
		undefined,
		"ufunc 'positive' did not contain a loop with signature matching types <class 'numpy.dtypes.BoolDType'> -> None",
	),
	invert: {
		computeType: (type) => {
			if (isFloat(type)) throw notSupported("invert");
			return type;
		},
		number: (value, type) => (type === "bool" ? 1 - value : ~value),
		bigint: (value) => ~value,
	},
	abs: absolute,
	absolute,
	square: {
		computeType: (type) => (type === "bool" ? "int8" : type),
		number: (value, type) => (isFloat(type) ? value * value : Math.imul(value, value)),
		bigint: (value) => value * value,
	},
	sign: integerFunction(
		(value) => (value === 0 ? 0 : Math.sign(value)),
		(value) => (value > 0n ? 1n : value < 0n ? -1n : 0n),
		"ufunc 'sign' did not contain a loop with signature matching types <class 'numpy.dtypes.BoolDType'> -> None",
	),
	floor: integerFunction(Math.floor),
	ceil: integerFunction(Math.ceil),
	trunc: integerFunction(Math.trunc),
	rint: floatFunction("rint", roundHalfEven),
	sqrt: floatFunction("sqrt", Math.sqrt),
	cbrt: floatFunction("cbrt", Math.cbrt),
	exp: floatFunction("exp", Math.exp),
	expm1: floatFunction("expm1", Math.expm1),
	log: floatFunction("log", Math.log),
	log10: floatFunction("log10", Math.log10),
	log2: floatFunction("log2", Math.log2),
	log1p: floatFunction("log1p", Math.log1p),
	sin: floatFunction("sin", Math.sin),
	cos: floatFunction("cos", Math.cos),
	tan: floatFunction("tan", Math.tan),
	arcsin: floatFunction("arcsin", Math.asin),
	arccos: floatFunction("arccos", Math.acos),
	arctan: floatFunction("arctan", Math.atan),
	degrees,
	rad2deg: degrees,
	radians,
	deg2rad: radians,
	isnan: predicate(Number.isNaN, false),
	isfinite: predicate(Number.isFinite, true),
	isinf: predicate((value) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY, false),
	logical_not: {
		computeType: (type) => type,
		resultType: "bool",
		number: (value) => value === 0,
		bigint: (value) => value === 0n,
	},
} satisfies Record<string, UnaryFunction>;
