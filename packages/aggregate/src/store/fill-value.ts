import { type FloatLiteral, floatLiteral } from "@zagg/grid";
import type { NumericType } from "@zagg/hdf5";
import type { FillValue } from "../config/index.ts";

/** A config's fill value, which its dtype can hold, as an element of the array: a bigint for 64-bit integers. */
export function fillElement(fill: FillValue, dtype: NumericType): number | bigint {
	if (dtype === "int64" || dtype === "uint64") return BigInt(fill);
	return dtype === "float32" ? Math.fround(Number(fill)) : Number(fill);
}

/** A fill value as it stands in an array's document: floats with their point, non-finite ones by name. */
export function fillDocument(element: number | bigint, dtype: NumericType): string | number | bigint | FloatLiteral {
	if (typeof element === "bigint" || (dtype !== "float32" && dtype !== "float64")) return element;
	if (Number.isNaN(element)) return "NaN";
	if (!Number.isFinite(element)) return element > 0 ? "Infinity" : "-Infinity";
	return floatLiteral(element);
}
