import type { NumericArray, NumericType } from "../numeric.ts";
import { createNumericArray, elementSizeOf } from "../numeric-array.ts";

/** The array that a read fills, with the views that filling needs. While it is filled, it is in the file's byte order. */
export interface Output {
	readonly array: NumericArray;
	readonly bytes: Buffer;
	/** The same memory by 16 bits for 2-byte elements and by 32 bits for 4- and 8-byte elements. */
	readonly words: Uint16Array | Uint32Array | undefined;
	readonly elementSize: number;
}

export function createOutput(type: NumericType, length: number): Output {
	const array = createNumericArray(type, length);
	const elementSize = elementSizeOf(type);
	const { buffer } = array;
	const bytes = Buffer.from(buffer as ArrayBuffer);
	const words = elementSize === 1 ? undefined : elementSize === 2 ? new Uint16Array(buffer) : new Uint32Array(buffer);
	return { array, bytes, words, elementSize };
}

/** Turns big-endian elements into the machine's order, in place. Machines are taken to be little-endian. */
export function swapBytes({ bytes, elementSize }: Output): void {
	if (elementSize === 2) bytes.swap16();
	else if (elementSize === 4) bytes.swap32();
	else if (elementSize === 8) bytes.swap64();
}
