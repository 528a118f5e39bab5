import { type NumericArray, type NumericType, numericArrays } from "@zagg/hdf5";

/** Element types of values in an expression: the stored numeric types, and numpy's `bool` (held as 0/1 bytes). */
export type ElementType = NumericType | "bool";

/** A typed array whose elements are JavaScript numbers. */
export type NumberArray = Exclude<NumericArray, BigInt64Array | BigUint64Array>;
/** A typed array whose elements are bigints. */
export type BigintArray = BigInt64Array | BigUint64Array;

const arrayConstructors = { bool: Uint8Array, ...numericArrays } as const;

const elementTypeNames: Readonly<Record<string, ElementType>> = {
	...Object.fromEntries(Object.keys(arrayConstructors).map((name) => [name, name as ElementType])),
	// numpy's and Python's other names of the same types, and the array-protocol codes (little endian).
	bool_: "bool",
	int: "int64",
	int_: "int64",
	intp: "int64",
	uint: "uint64",
	float: "float64",
	single: "float32",
	double: "float64",
	i1: "int8",
	i2: "int16",
	i4: "int32",
	i8: "int64",
	u1: "uint8",
	u2: "uint16",
	u4: "uint32",
	u8: "uint64",
	f4: "float32",
	f8: "float64",
};

/** The element type that a numpy dtype string means (`"uint32"`, `"<f4"`, `"float"`), or undefined. */
export function elementTypeFromName(name: string): ElementType | undefined {
	const bare = name.replace(/^[<=|]/, "");
	return Object.hasOwn(elementTypeNames, bare) ? elementTypeNames[bare] : undefined;
}

/** A zeroed typed array of `length` elements of the type. */
export function allocate(type: ElementType, length: number): NumericArray {
	return new arrayConstructors[type](length);
}

/** The element type of a typed array (never `bool`). */
export function elementTypeOf(data: NumericArray): NumericType {
	if (data instanceof Float32Array) return "float32";
	if (data instanceof Float64Array) return "float64";
	if (data instanceof BigInt64Array) return "int64";
	if (data instanceof BigUint64Array) return "uint64";
	return data.constructor.name.replace("Array", "").toLowerCase() as NumericType;
}

export function isFloat(type: ElementType): type is "float32" | "float64" {
	return type === "float32" || type === "float64";
}

export function isSigned(type: ElementType): boolean {
	return type.startsWith("int");
}

export function isBigint(type: ElementType): type is "int64" | "uint64" {
	return type === "int64" || type === "uint64";
}

export function isBigintArray(data: NumericArray): data is BigintArray {
	return data instanceof BigInt64Array || data instanceof BigUint64Array;
}

/** Bits per element. */
export function bitsOf(type: ElementType): number {
	return arrayConstructors[type].BYTES_PER_ELEMENT * 8;
}

/** Least and greatest value of an integer type. */
export function integerRange(type: ElementType): { readonly least: bigint; readonly greatest: bigint } {
	const bits = BigInt(bitsOf(type));
	return isSigned(type)
		? { least: -(1n << (bits - 1n)), greatest: (1n << (bits - 1n)) - 1n }
		: { least: 0n, greatest: (1n << bits) - 1n };
}

/** The smallest type that holds both, as numpy's `promote_types`: e.g. int8 + uint8 → int16, int32 + float32 → float64. */
export function promoteTypes(a: ElementType, b: ElementType): ElementType {
	if (a === b || b === "bool") return a;
	if (a === "bool") return b;
	if (isFloat(a) || isFloat(b)) {
		// float32 holds every integer of up to 16 bits.
		const single = (type: ElementType) => type === "float32" || (!isFloat(type) && bitsOf(type) <= 16);
		return single(a) && single(b) ? "float32" : "float64";
	}
	if (isSigned(a) === isSigned(b)) return bitsOf(a) >= bitsOf(b) ? a : b;
	const [signed, unsigned] = isSigned(a) ? [a, b] : [b, a];
	if (bitsOf(signed) > bitsOf(unsigned)) return signed;
	if (unsigned === "uint64") return "float64"; // numpy's choice: no integer type holds both
	return `int${bitsOf(unsigned) * 2}` as ElementType;
}

/** The float type in which numpy computes sqrt, exp and the like of a type, or undefined where that is float16. */
export function floatTypeOf(type: ElementType): "float32" | "float64" | undefined {
	if (isFloat(type)) return type;
	const bits = bitsOf(type);
	if (bits === 8) return undefined;
	return bits === 16 ? "float32" : "float64";
}

/**
 * A copy of `data` in another type, as numpy's `astype` on x86-64: float → integer truncates toward zero, integers wrap. What C leaves open (NaN, infinities
 * and floats outside of the range) gives the least value for int32 and int64, and 0 for the other integer types.
 */
export function castArray(data: NumericArray, type: ElementType): NumericArray {
	const out = allocate(type, data.length);
	if (type === "bool") {
		// NaN is falsy here and true in numpy.
		for (let i = 0; i < data.length; i++) (out as Uint8Array)[i] = data[i] || Number.isNaN(data[i]) ? 1 : 0;
		return out;
	}
	if (isBigintArray(out)) {
		if (isBigintArray(data)) for (let i = 0; i < data.length; i++) out[i] = data[i]!;
		else for (let i = 0; i < data.length; i++) out[i] = truncateToBigint(data[i]!, type);
		return out;
	}
	if (isBigintArray(data)) {
		const bits = bitsOf(type);
		if (isFloat(type)) for (let i = 0; i < data.length; i++) out[i] = Number(data[i]!);
		else for (let i = 0; i < data.length; i++) out[i] = Number(BigInt.asIntN(bits, data[i]!));
		return out;
	}
	if (type === "int32" && (data instanceof Float32Array || data instanceof Float64Array)) {
		for (let i = 0; i < data.length; i++) {
			const value = Math.trunc(data[i]!);
			out[i] = value >= -2147483648 && value <= 2147483647 ? value : -2147483648;
		}
		return out;
	}
	out.set(data);
	return out;
}

function truncateToBigint(value: number, type: ElementType): bigint {
	const truncated = Math.trunc(value);
	if (type === "uint64") return truncated > -(2 ** 63) && truncated < 2 ** 64 ? BigInt(truncated) : 0n;
	return truncated >= -(2 ** 63) && truncated < 2 ** 63 ? BigInt(truncated) : -(2n ** 63n);
}
