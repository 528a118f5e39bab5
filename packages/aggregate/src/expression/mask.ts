import { castArray } from "./dtype.ts";
import { asArray, isNumberLike, type Value } from "./value.ts";

/** The truth of every element of a value, as `np.asarray(value, dtype=bool)`: 0/1 bytes; null where the value is not numbers. NaN is true. */
export function toMask(value: Value): { readonly data: Uint8Array; readonly shape: readonly number[] } | null {
	if (!isNumberLike(value)) return null;
	const { data, type, shape } = asArray(value);
	return { data: (type === "bool" ? data : castArray(data, "bool")) as Uint8Array, shape };
}
