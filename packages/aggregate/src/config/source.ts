import { pythonRepr } from "../python/index.ts";
import { invalidConfig, isRecord, isStringList, type PlainRecord } from "./check.ts";
import { pathTemplate } from "./path-template.ts";
import type { Driver, Pipeline } from "./pipeline.ts";

const DRIVERS: readonly Driver[] = ["file", "https", "s3"];

/** The columns to read, in config order. */
export function resolveVariables(dataSource: PlainRecord): Pipeline["variables"] {
	const raw = dataSource.variables ?? {};
	if (!isRecord(raw)) throw invalidConfig("data_source.variables must be a mapping of column names to path templates");
	return Object.entries(raw).map(([name, path]) => ({
		name,
		path: pathTemplate(path, `data_source.variables.${name}`),
	}));
}

/** The HDF5 groups ("beams") of every granule. */
export function resolveGroups(dataSource: PlainRecord): readonly string[] {
	const groups = dataSource.groups ?? null;
	if (groups === null) throw invalidConfig("data_source.groups is required (a list of HDF5 group names)");
	if (!isStringList(groups) || groups.length === 0) {
		throw invalidConfig(`data_source.groups must be a non-empty list of strings (got ${pythonRepr(groups)})`);
	}
	return groups;
}

/** The path templates of the base rows' coordinates. */
export function resolveCoordinates(dataSource: PlainRecord): Pipeline["coordinates"] {
	const coordinates = dataSource.coordinates ?? null;
	if (!isRecord(coordinates) || !("latitude" in coordinates && "longitude" in coordinates)) {
		throw invalidConfig("data_source.coordinates must be a mapping with 'latitude' and 'longitude'");
	}
	return {
		latitude: pathTemplate(coordinates.latitude, "data_source.coordinates.latitude"),
		longitude: pathTemplate(coordinates.longitude, "data_source.coordinates.longitude"),
	};
}

/** The driver that granules are read with; S3 unless the config says otherwise. */
export function resolveDriver(dataSource: PlainRecord): Driver {
	const driver = dataSource.driver ?? "s3";
	const known = DRIVERS.find((name) => name === driver);
	if (known !== undefined) return known;
	throw invalidConfig(`data_source.driver must be one of ${pythonRepr(DRIVERS)} (got ${pythonRepr(driver)})`);
}
