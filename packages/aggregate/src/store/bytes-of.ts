import type { NumericArray } from "@zagg/hdf5";

/** The array's bytes, without copying them. */
export function bytesOf(array: NumericArray): Uint8Array {
	return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
