/** Names of the numeric types, as numpy spells them. */
export type NumericType =
	| "int8"
	| "int16"
	| "int32"
	| "int64"
	| "uint8"
	| "uint16"
	| "uint32"
	| "uint64"
	| "float32"
	| "float64";

/** One column of numbers: 64-bit integers as bigint arrays, everything else as the plain typed array. */
export type NumericArray =
	| Int8Array
	| Int16Array
	| Int32Array
	| BigInt64Array
	| Uint8Array
	| Uint16Array
	| Uint32Array
	| BigUint64Array
	| Float32Array
	| Float64Array;
