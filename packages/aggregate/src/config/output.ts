import { pythonRepr } from "../python/index.ts";
import { invalidConfig, isRecord, type PlainRecord, refuseUnknownKeys } from "./check.ts";
import { fillValueFor, numericType } from "./dtype.ts";
import type { CoordinateField, Field } from "./pipeline.ts";

const COORDINATE_KEYS = ["dtype", "fill_value"];

/** Arrays that a HEALPix shard writes beside its variables, with the types that can hold them. */
const HEALPIX_COORDINATES = { cell_ids: ["int64", "uint64"], morton: ["uint64"] } as const;

/** Axis arrays that a rectilinear grid stores itself. */
const RECTILINEAR_AXES = ["x", "y"];

/** A text of `output`, such as `store`; null when absent. */
export function outputText(output: PlainRecord, key: string): string | null {
	const value = output[key] ?? null;
	if (value === null || typeof value === "string") return value;
	throw invalidConfig(`output.${key} must be a string (got ${pythonRepr(value)})`);
}

/** The coordinate arrays of the template, in config order. */
export function resolveCoordinateFields(aggregation: PlainRecord): CoordinateField[] {
	const raw = aggregation.coordinates ?? {};
	if (!isRecord(raw)) throw invalidConfig("aggregation.coordinates must be a mapping of names to {dtype, fill_value}");
	return Object.entries(raw).map(([name, definition]) => {
		const label = `aggregation.coordinates.${name}`;
		const record = definition ?? {};
		if (!isRecord(record)) throw invalidConfig(`${label} must be a mapping`);
		refuseUnknownKeys(record, COORDINATE_KEYS, label);
		const dtype = numericType(record.dtype, label);
		return { name, dtype, fillValue: fillValueFor(dtype, record.fill_value, label) };
	});
}

/** Checks that every array has a name of its own that a store can hold, and that HEALPix's own arrays are declared. */
export function checkArrays(
	grid: PlainRecord,
	coordinates: readonly CoordinateField[],
	fields: readonly Field[],
): void {
	const { type } = grid;
	const taken = new Set(type === "rectilinear" ? RECTILINEAR_AXES : []);
	for (const { name } of [...coordinates, ...fields]) {
		if (!/^(?!\.{1,2}$|__|zarr\.json$)[^/\\\p{Cc}]+$/u.test(name)) {
			throw invalidConfig(`${pythonRepr(name)} cannot be the name of a Zarr array`);
		}
		if (taken.has(name)) throw invalidConfig(`Variable '${name}' has the name of a coordinate of the grid`);
		taken.add(name);
	}
	if (type !== "healpix") return;
	for (const [name, types] of Object.entries(HEALPIX_COORDINATES)) {
		const declared = coordinates.find((coordinate) => coordinate.name === name);
		const remedy = `Add '${name}: {dtype: uint64, fill_value: 0}' to aggregation.coordinates.`;
		if (declared === undefined) {
			throw invalidConfig(`aggregation.coordinates.${name} is required for healpix grid`, { remedy });
		}
		if (!types.some((allowed) => allowed === declared.dtype)) {
			throw invalidConfig(`aggregation.coordinates.${name}: dtype must be uint64 (got ${declared.dtype})`, { remedy });
		}
	}
}
