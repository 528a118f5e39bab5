import type { NumericArray, NumericType } from "./numeric.ts";

/** The typed array that holds each numeric type. */
export const numericArrays = {
	int8: Int8Array,
	int16: Int16Array,
	int32: Int32Array,
	int64: BigInt64Array,
	uint8: Uint8Array,
	uint16: Uint16Array,
	uint32: Uint32Array,
	uint64: BigUint64Array,
	float32: Float32Array,
	float64: Float64Array,
} as const satisfies Record<NumericType, unknown>;

/** Bytes of one element of the type. */
export function elementSizeOf(type: NumericType): number {
	return numericArrays[type].BYTES_PER_ELEMENT;
}

/** A zeroed array of `length` elements of the type. */
export function createNumericArray(type: NumericType, length: number): NumericArray {
	return new numericArrays[type](length);
}
