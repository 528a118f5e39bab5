import { type ElementType, elementTypeFromName, isFloat } from "../dtype.ts";
import { describeValue, evaluationError, isNumberLike, type NumberLike, type Value } from "../value.ts";

/** More elements than any expression needs; a guard against `np.zeros(10**12)`. */
export const greatestArrayLength = 2 ** 28;

/** The value as the operand of an elementwise function. */
export function requireNumberLike(value: Value | undefined, name: string): NumberLike {
	if (value !== undefined && isNumberLike(value)) return value;
	throw evaluationError(`${name} needs numbers, got ${value === undefined ? "nothing" : describeValue(value)}`);
}

/** One number, of a Python number or a numpy scalar. */
export function requireNumber(value: Value, name: string): number {
	if (value.kind === "array" && value.shape.length === 0) return Number(value.data[0]);
	if (value.kind === "int" || value.kind === "float" || value.kind === "bool") return Number(value.value);
	throw evaluationError(`${name} must be a number, got ${describeValue(value)}`);
}

/** One integer; floats are refused, also integral ones, as Python's `operator.index` does. */
export function requireInteger(value: Value, name: string): number {
	const isInteger =
		value.kind === "int" ||
		value.kind === "bool" ||
		(value.kind === "array" && value.shape.length === 0 && !isFloat(value.type));
	if (!isInteger) throw evaluationError(`${name} must be an integer, got ${describeValue(value)}`);
	return requireNumber(value, name);
}

/** A number of elements. */
export function requireLength(value: Value, name: string): number {
	const length = requireInteger(value, name);
	if (length < 0) throw evaluationError("negative dimensions are not allowed");
	if (length > greatestArrayLength) throw evaluationError(`${name} of ${length} elements is too large`);
	return length;
}

/** The element type that a dtype argument names. */
export function requireType(value: Value): ElementType {
	if (value.kind === "type") return value.type;
	const type = value.kind === "string" ? elementTypeFromName(value.value) : undefined;
	if (type === undefined)
		throw evaluationError(
			`not a supported dtype: ${value.kind === "string" ? `'${value.value}'` : describeValue(value)}`,
		);
	return type;
}
