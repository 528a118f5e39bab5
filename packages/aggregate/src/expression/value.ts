import type { NumericArray } from "@zagg/hdf5";
import { AggregationError } from "../errors.ts";
import { pythonTuple } from "../python/index.ts";
import {
	allocate,
	castArray,
	type ElementType,
	elementTypeOf,
	integerRange,
	isBigint,
	isFloat,
	promoteTypes,
} from "./dtype.ts";

/** A numpy array, or with `shape` `[]` a numpy scalar: C order, a strong type in promotions (NEP 50). */
export interface ArrayValue {
	readonly kind: "array";
	readonly type: ElementType;
	readonly data: NumericArray;
	readonly shape: readonly number[];
	/** The same elements in ascending order (NaN last), where the caller has them anyway. */
	readonly sorted?: () => NumericArray;
}

/** A Python number: a weak type in promotions (NEP 50). */
export type PythonNumber =
	| { readonly kind: "int"; readonly value: bigint }
	| { readonly kind: "float"; readonly value: number }
	| { readonly kind: "bool"; readonly value: boolean };

/** What an expression can yield or pass to a function. */
export type Value =
	| ArrayValue
	| PythonNumber
	| { readonly kind: "string"; readonly value: string }
	| { readonly kind: "type"; readonly type: ElementType }
	| { readonly kind: "none" }
	| { readonly kind: "sequence"; readonly items: readonly Value[] };

export type NumberLike = ArrayValue | PythonNumber;

/** The error of an expression that parsed, yet cannot be computed on these values. */
export function evaluationError(message: string): AggregationError {
	return new AggregationError("expression/evaluation", message);
}

export function isNumberLike(value: Value): value is NumberLike {
	return value.kind === "array" || value.kind === "int" || value.kind === "float" || value.kind === "bool";
}

/** A value over existing elements; one-dimensional unless a shape is given. */
export function arrayValue(
	data: NumericArray,
	type: ElementType = elementTypeOf(data),
	shape: readonly number[] = [data.length],
): ArrayValue {
	return { kind: "array", type, data, shape };
}

/** A numpy scalar. */
export function scalarValue(value: number | bigint, type: ElementType): ArrayValue {
	const data = allocate(type, 1);
	data[0] = isBigint(type) ? BigInt(value) : Number(value);
	return { kind: "array", type, data, shape: [] };
}

export const intValue = (value: number | bigint): Value => ({ kind: "int", value: BigInt(value) });
export const floatValue = (value: number): Value => ({ kind: "float", value });
export const noneValue: Value = { kind: "none" };

export function sizeOf(shape: readonly number[]): number {
	return shape.reduce((product, length) => product * length, 1);
}

/** What a message calls a value. */
export function describeValue(value: Value): string {
	switch (value.kind) {
		case "array":
			return value.shape.length === 0
				? `a ${value.type} scalar`
				: `a ${value.type} array of shape ${pythonTuple(value.shape)}`;
		case "sequence":
			return "a sequence";
		case "none":
			return "None";
		case "type":
			return "a dtype";
		default:
			return `a Python ${value.kind === "string" ? "str" : value.kind}`;
	}
}

/** The type of a result over all the values (NEP 50): arrays and numpy scalars decide, Python numbers adapt to them. */
export function resultType(values: readonly NumberLike[]): ElementType {
	let strong: ElementType | undefined;
	let weak: "bool" | "int" | "float" = "bool";
	for (const value of values) {
		if (value.kind === "array") strong = strong === undefined ? value.type : promoteTypes(strong, value.type);
		else if (value.kind === "float" || (value.kind === "int" && weak === "bool")) weak = value.kind;
	}
	if (weak === "float") return strong !== undefined && isFloat(strong) ? strong : "float64";
	if (weak === "int") return strong === undefined || strong === "bool" ? "int64" : strong;
	return strong ?? "bool";
}

/** The elements of a value in the given type; Python integers that do not fit are refused, as numpy does. */
export function elementsAs(value: NumberLike, type: ElementType): NumericArray {
	if (value.kind === "array") return value.type === type ? value.data : castArray(value.data, type);
	if (value.kind === "int" && !isFloat(type) && type !== "bool") {
		const { least, greatest } = integerRange(type);
		if (value.value < least || value.value > greatest)
			throw evaluationError(`Python integer ${value.value} out of bounds for ${type}`);
	}
	return scalarValue(
		Number.isNaN(value.value) ? Number.NaN : value.kind === "bool" ? Number(value.value) : value.value,
		type,
	).data;
}

export function shapeOf(value: NumberLike): readonly number[] {
	return value.kind === "array" ? value.shape : [];
}

/** numpy's `asarray`: numbers become numpy scalars, sequences of equal shapes are stacked; anything else is refused. */
export function asArray(value: Value): ArrayValue {
	if (value.kind === "array") return value;
	if (isNumberLike(value)) {
		const type = resultType([value]);
		return arrayValue(elementsAs(value, type), type, []);
	}
	if (value.kind !== "sequence") throw evaluationError(`expected numbers, got ${describeValue(value)}`);
	const flat = value.items.map((item) => (item.kind === "sequence" ? asArray(item) : item));
	if (!flat.every(isNumberLike)) throw evaluationError("expected a sequence of numbers");
	const shape = flat.length === 0 ? [] : shapeOf(flat[0]!);
	if (flat.some((item) => pythonTuple(shapeOf(item)) !== pythonTuple(shape)))
		throw evaluationError("setting an array element with a sequence. The requested array has an inhomogeneous shape");
	// Inside of a new array a Python number counts with its own type: [np.float32(1), 1.5] is float64.
	const types = flat.map((item) => resultType([item]));
	const type = types.length === 0 ? "float64" : types.reduce(promoteTypes);
	const size = sizeOf(shape);
	const data = allocate(type, size * flat.length);
	flat.forEach((item, index) => {
		data.set(elementsAs(item, type) as never, index * size);
	});
	return arrayValue(data, type, [flat.length, ...shape]);
}
