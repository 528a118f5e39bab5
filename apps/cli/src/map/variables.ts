import type { ArrayDescription } from "@zagg/aggregate";
import { isData, type ValueArray, type ValueRange, type ValueType, type Variable } from "./view/scene.ts";
import { valueRanges } from "./view/value-range.ts";

/** What a map of heights is looked at for; counts come last. */
const PREFERRED = "h_mean";
const COUNT = "count";

/** Zero-filled values of the type that holds a stored type. */
export function valueArray(storedType: string, length: number): ValueArray {
	const constructors = {
		int32: Int32Array,
		uint32: Uint32Array,
		float32: Float32Array,
		float64: Float64Array,
	} as const;
	return new constructors[valueType(storedType)](length);
}

/** Describes a variable by the document of its array and its values. */
export function createVariable(
	name: string,
	array: Pick<ArrayDescription, "dtype" | "fillValue" | "attributes">,
	values: ValueArray,
): Variable {
	const { long_name: longName, units } = array.attributes;
	const fill = Number(array.fillValue);
	const undescribed: Variable = {
		name,
		type: valueType(String(array.dtype)),
		longName: typeof longName === "string" ? longName : null,
		units: typeof units === "string" ? units : null,
		noData: Number.isNaN(fill) || array.fillValue === null || array.fillValue === undefined ? null : fill,
		full: null,
		shown: null,
	};
	const data = Float64Array.from(values).filter((value) => Number.isFinite(value) && isData(undescribed, value));
	const ranges = valueRanges(data);
	return { ...undescribed, full: ranges?.full ?? null, shown: ranges?.robust ?? null };
}

/** Index of the variable that is shown first. */
export function firstVariable(variables: readonly Variable[], wanted: string | undefined): number {
	const indexOf = (matches: (variable: Variable) => boolean): number => variables.findIndex(matches);
	const candidates = [
		indexOf(({ name }) => name === wanted),
		indexOf(({ name }) => name === PREFERRED),
		indexOf(({ name, full }) => name !== COUNT && full !== null),
	];
	return candidates.find((index) => index >= 0) ?? 0;
}

/** The variables, one of them with the range that was asked for. */
export function withShownRange(
	variables: readonly Variable[],
	selected: number,
	range: ValueRange | undefined,
): readonly Variable[] {
	if (range === undefined) return variables;
	return variables.map((variable, index) => (index === selected ? { ...variable, shown: range } : variable));
}

function valueType(storedType: string): ValueType {
	if (storedType === "float16" || storedType === "float32") return "float32";
	if (/^u?int(8|16)$/.test(storedType) || storedType === "int32" || storedType === "bool") return "int32";
	return storedType === "uint32" ? "uint32" : "float64";
}
