import type { NumericType } from "@zagg/hdf5";
import { pythonRepr } from "../python/index.ts";
import { invalidConfig } from "./check.ts";

/** Value of a cell without data, as Zarr documents spell it. 64-bit integer types have a bigint. */
export type FillValue = number | bigint | "NaN" | "Infinity" | "-Infinity";

export const DEFAULT_DTYPE: NumericType = "float32";

/** numpy's spellings of the numeric types, on the 64-bit little-endian machines that zagg writes for. */
const NUMERIC_TYPES: Readonly<Record<NumericType, readonly string[]>> = {
	int8: ["i1", "b", "byte"],
	int16: ["i2", "h", "short"],
	int32: ["i4", "i", "intc"],
	int64: ["i8", "l", "q", "int", "int_", "intp", "long", "longlong"],
	uint8: ["u1", "B", "ubyte"],
	uint16: ["u2", "H", "ushort"],
	uint32: ["u4", "I", "uintc"],
	uint64: ["u8", "L", "Q", "uint", "uintp", "ulong", "ulonglong"],
	float32: ["f4", "f", "single"],
	float64: ["f8", "d", "float", "double"],
};

const TYPE_BY_SPELLING = new Map(
	Object.entries(NUMERIC_TYPES).flatMap(([name, spellings]) =>
		[name, ...spellings].map((spelling) => [spelling, name as NumericType] as const),
	),
);

/** Types that numpy knows and a zagg store does not hold, among them every big-endian one. */
const NOT_STORED =
	/^(?:>.+|bool|float16|half|longdouble|complex(?:64|128)?|str|bytes|object|(?:datetime|timedelta)64.*|[f]2|c8|c16|[?SUVOMm]\d*)$/;

/**
 * The numeric type that a config's dtype names; undeclared is `float32`.
 *
 * @param label begins messages, e.g. `Variable 'h_mean'`
 */
export function numericType(declared: unknown, label: string): NumericType {
	if (declared === undefined || declared === null) return DEFAULT_DTYPE;
	const text = typeof declared === "string" ? declared.replace(/^[<=|]/, "") : "";
	const type = TYPE_BY_SPELLING.get(text);
	if (type !== undefined) return type;
	const remedy = `Use one of ${Object.keys(NUMERIC_TYPES).join(", ")}.`;
	if (typeof declared === "string" && NOT_STORED.test(declared)) {
		throw invalidConfig(`${label}: dtype ${pythonRepr(declared)} is not supported`, { remedy });
	}
	const reason =
		typeof declared === "string"
			? `data type ${pythonRepr(declared)} not understood`
			: `Cannot interpret '${pythonRepr(declared)}' as a data type`;
	throw invalidConfig(`${label}: dtype ${pythonRepr(declared)} is not a valid numpy dtype (${reason})`, { remedy });
}

const NAMED_FILLS = ["NaN", "Infinity", "-Infinity"] as const;

/**
 * The fill value of an array, checked against its type; undeclared is NaN.
 *
 * @param label begins messages, e.g. `Variable 'h_mean'`
 * @throws AggregationError `config/invalid` when the type cannot hold it, as no integer type holds the default.
 */
export function fillValueFor(type: NumericType, declared: unknown, label: string): FillValue {
	const value = declared ?? "NaN";
	const fill = type === "float32" || type === "float64" ? floatFill(type, value) : integerFill(type, value);
	if (fill !== null) return fill;
	const which = value === declared ? "fill_value" : "the default fill_value";
	throw invalidConfig(`${label}: ${which} ${pythonRepr(value)} cannot be stored as ${type}; set fill_value: 0`, {
		remedy: "Set fill_value to a number that the dtype holds, such as 0.",
	});
}

function floatFill(type: "float32" | "float64", value: unknown): FillValue | null {
	const named = NAMED_FILLS.find((name) => name === value);
	if (named !== undefined) return named;
	if (typeof value !== "number" && typeof value !== "bigint") return null;
	const number = Number(value);
	return Number.isFinite(type === "float32" ? Math.fround(number) : number) ? number : null;
}

function integerFill(type: NumericType, value: unknown): FillValue | null {
	if (typeof value !== "bigint" && !(typeof value === "number" && Number.isInteger(value))) return null;
	const bits = Number(type.replace(/\D/g, ""));
	const whole = BigInt(value);
	const wrapped = type.startsWith("u") ? BigInt.asUintN(bits, whole) : BigInt.asIntN(bits, whole);
	if (wrapped !== whole) return null;
	return bits === 64 ? whole : Number(whole);
}
