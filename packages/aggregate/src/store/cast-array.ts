import { createNumericArray, type NumericArray, type NumericType } from "@zagg/hdf5";

// What a 64-bit conversion gives for NaN and infinities on x86-64, where numpy's result is the processor's.
const NOT_AN_INTEGER_64 = -(2n ** 63n);

/**
 * The array in another type, converted as numpy's `astype` does: floats truncate toward zero, integers wrap around.
 * The same array when it has the type already. Floats out of an integer type's range, which C leaves undefined,
 * wrap around too.
 */
export function castArray(source: NumericArray, sourceType: NumericType, targetType: NumericType): NumericArray {
	if (sourceType === targetType) return source;
	const target = createNumericArray(targetType, source.length);
	if (isBigArray(target)) {
		if (isBigArray(source)) target.set(source);
		else for (let i = 0; i < source.length; i++) target[i] = integerOf(source[i]!);
	} else if (isBigArray(source)) {
		const isFloat = targetType === "float32" || targetType === "float64";
		for (let i = 0; i < source.length; i++) target[i] = Number(isFloat ? source[i]! : BigInt.asIntN(32, source[i]!));
	} else {
		target.set(source);
	}
	return target;
}

function isBigArray(array: NumericArray): array is BigInt64Array | BigUint64Array {
	return array instanceof BigInt64Array || array instanceof BigUint64Array;
}

function integerOf(value: number): bigint {
	return Number.isFinite(value) ? BigInt(Math.trunc(value)) : NOT_AN_INTEGER_64;
}
