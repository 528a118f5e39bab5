import type { NumericArray, NumericType } from "@zagg/hdf5";
import type { Field } from "../config/index.ts";
import { AggregationError } from "../errors.ts";
import { allocate, castArray, integerRange, isBigint, isBigintArray, isFloat } from "../expression/dtype.ts";
import { type ArrayValue, asArray, sizeOf, type Value } from "../expression/value.ts";
import { pythonTuple } from "../python/index.ts";

// How a cell's value gets into a field's array.

function invalid(message: string, remedy?: string): AggregationError {
	return new AggregationError("reduce/invalid", message, remedy === undefined ? {} : { remedy });
}

/**
 * Stores a scalar result as numpy's `array[cell] = float(value)` does: rounded to a float type, truncated toward zero to an integer type.
 *
 * @throws AggregationError "reduce/invalid" if an integer type cannot hold the value
 */
export function storeScalar(out: NumericArray, dtype: NumericType, cell: number, value: number): void {
	if (isFloat(dtype)) {
		out[cell] = value;
		return;
	}
	const remedy = "Declare a float dtype for this field, or a wider integer.";
	if (Number.isNaN(value)) throw invalid("cannot convert float NaN to integer", remedy);
	if (!Number.isFinite(value)) throw invalid("cannot convert float infinity to integer", remedy);
	const integer = Math.trunc(value);
	const { least, greatest } = integerRange(dtype);
	if (integer < least || integer > greatest)
		throw invalid(`Python integer ${BigInt(integer)} out of bounds for ${dtype}`, remedy);
	out[cell] = isBigint(dtype) ? BigInt(integer) : integer;
}

/**
 * An array of a field's type for `cellCount` cells, holding what cells without rows get: 0 for counts, NaN for other float scalars (whatever the fill value,
 * as the Python system writes it), the fill value for integer scalars and for vectors.
 */
export function emptyCells(field: Field, isCount: boolean, cellCount: number): NumericArray {
	const out = allocate(field.dtype, cellCount * sizeOf(field.trailingShape));
	if (isCount) return out;
	if (field.kind === "scalar" && isFloat(field.dtype)) return out.fill(Number.NaN as never);
	const fill = typeof field.fillValue === "string" ? Number(field.fillValue) : field.fillValue;
	if (!isFloat(field.dtype) && typeof fill === "number" && !Number.isInteger(fill))
		throw invalid(
			`Variable '${field.name}': fill_value ${field.fillValue} is not an integer, and cells without data need one of dtype ${field.dtype}`,
			"Set fill_value to an integer, e.g. fill_value: 0.",
		);
	if (isBigintArray(out)) return out.fill(BigInt(fill));
	return out.fill(Number(fill));
}

/** A vector result in the field's type. @throws AggregationError "reduce/invalid" if it does not have the field's shape */
export function coerceVector(field: Field, result: Value): NumericArray {
	const array = asArray(result);
	if (pythonTuple(array.shape) !== pythonTuple(field.trailingShape))
		throw invalid(
			`vector field produced shape ${pythonTuple(array.shape)}, expected ${pythonTuple(field.trailingShape)}`,
		);
	return convert(array, field.dtype);
}

/** The rows of a ragged result in the field's type, empty if there are none. @throws AggregationError "reduce/invalid" if a row does not have the field's shape */
export function coerceRagged(field: Field, result: Value): NumericArray {
	const array = asArray(result);
	const { innerShape } = field;
	if (array.data.length === 0) return allocate(field.dtype, 0);
	let { shape } = array;
	if (shape.length === 1 && innerShape.length === 1) {
		const width = innerShape[0]!;
		if (array.data.length % width !== 0)
			throw invalid(`cannot reshape array of size ${array.data.length} into shape (${width})`);
		shape = [array.data.length / width, width];
	}
	const inner = shape.slice(1);
	if (shape.length === 0 || pythonTuple(inner) !== pythonTuple(innerShape))
		throw invalid(`ragged field produced inner shape ${pythonTuple(inner)}, expected ${pythonTuple(innerShape)}`);
	return convert(array, field.dtype);
}

function convert({ data, type }: ArrayValue, dtype: NumericType): NumericArray {
	return type === dtype ? data : castArray(data, dtype);
}
