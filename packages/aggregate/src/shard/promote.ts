import type { NumericArray } from "@zagg/hdf5";

type ArrayType = new (length: number) => NumericArray;

const SIGNED: readonly ArrayType[] = [Int8Array, Int16Array, Int32Array, BigInt64Array];
const UNSIGNED: readonly ArrayType[] = [Uint8Array, Uint16Array, Uint32Array, BigUint64Array];

/** The array type that holds the values of all parts, by numpy's promotion rules. */
export function promotedArrayType(parts: readonly NumericArray[]): ArrayType {
	return parts.map((part) => part.constructor as ArrayType).reduce(promote);
}

function promote(left: ArrayType, right: ArrayType): ArrayType {
	if (left === right) return left;
	const isFloat = (type: ArrayType): boolean => type === Float32Array || type === Float64Array;
	if (isFloat(left) || isFloat(right)) {
		const other = isFloat(left) ? right : left;
		// Integers of up to 16 bits fit a float32 exactly; anything wider takes float64.
		const fitsFloat32 = [Int8Array, Int16Array, Uint8Array, Uint16Array, Float32Array].includes(other as never);
		return fitsFloat32 && left !== Float64Array && right !== Float64Array ? Float32Array : Float64Array;
	}
	if (SIGNED.includes(left) === SIGNED.includes(right)) return width(left) > width(right) ? left : right;
	// A signed type holds every narrower unsigned one; otherwise the next wider signed type, and float64 past int64.
	const [signed, unsigned] = SIGNED.includes(left) ? [left, right] : [right, left];
	return width(signed) > width(unsigned) ? signed : (SIGNED[width(unsigned) + 1] ?? Float64Array);
}

function width(type: ArrayType): number {
	return Math.max(SIGNED.indexOf(type), UNSIGNED.indexOf(type));
}
