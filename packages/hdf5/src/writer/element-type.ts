import type { NumericArray, NumericType } from "../numeric.ts";
import { record } from "./record.ts";

/** How one numeric type is stored. */
export interface ElementType {
	readonly name: NumericType;
	/** Bytes of one element. */
	readonly size: number;
	/** Body of the datatype message. Layout: HDF5 File Format Specification, IV.A.2.d. */
	readonly datatype: Uint8Array;
	/** One element as it is stored; a value out of range wraps as in a typed array. */
	encode(value: number | bigint): NumericArray;
}

// Typed arrays have the byte order of the machine, little-endian wherever Node.js is supported.
const elementTypes: Readonly<Record<NumericArray[typeof Symbol.toStringTag], ElementType>> = {
	Int8Array: integer("int8", 1, (value) => Int8Array.of(Number(value))),
	Int16Array: integer("int16", 2, (value) => Int16Array.of(Number(value))),
	Int32Array: integer("int32", 4, (value) => Int32Array.of(Number(value))),
	BigInt64Array: integer("int64", 8, (value) => BigInt64Array.of(BigInt(value))),
	Uint8Array: integer("uint8", 1, (value) => Uint8Array.of(Number(value))),
	Uint16Array: integer("uint16", 2, (value) => Uint16Array.of(Number(value))),
	Uint32Array: integer("uint32", 4, (value) => Uint32Array.of(Number(value))),
	BigUint64Array: integer("uint64", 8, (value) => BigUint64Array.of(BigInt(value))),
	Float32Array: float("float32", 4, 8, (value) => Float32Array.of(Number(value))),
	Float64Array: float("float64", 8, 11, (value) => Float64Array.of(Number(value))),
};

/** How the elements of `data` are stored. */
export function elementTypeOf(data: NumericArray): ElementType {
	return elementTypes[data[Symbol.toStringTag]];
}

function integer(name: NumericType, size: number, encode: ElementType["encode"]): ElementType {
	const signed = name.startsWith("int") ? 0x08 : 0;
	const datatype = record()
		.u8(0x10, signed, 0, 0)
		.u32(size)
		.u16(0)
		.u16(8 * size);
	return { name, size, datatype: datatype.build(), encode };
}

/** An IEEE 754 type: mantissa at bit 0, exponent above it, sign on top, leading mantissa bit implied. */
function float(name: NumericType, size: number, exponentBits: number, encode: ElementType["encode"]): ElementType {
	const mantissaBits = 8 * size - 1 - exponentBits;
	const datatype = record()
		.u8(0x11, 0x20, 8 * size - 1, 0)
		.u32(size)
		.u16(0)
		.u16(8 * size)
		.u8(mantissaBits, exponentBits, 0, mantissaBits)
		.u32(2 ** (exponentBits - 1) - 1);
	return { name, size, datatype: datatype.build(), encode };
}
