import type { NumericArray, NumericType } from "@zagg/hdf5";

const typedArrays = {
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
export function elementSizeOf(dtype: NumericType): number {
	return typedArrays[dtype].BYTES_PER_ELEMENT;
}

/** A zeroed array of `length` elements of the type. */
export function createNumericArray(dtype: NumericType, length: number): NumericArray {
	return new typedArrays[dtype](length);
}

/** The array's bytes, without copying them. */
export function bytesOf(array: NumericArray): Uint8Array {
	return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
