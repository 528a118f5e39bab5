import type { Grid } from "@zagg/grid";
import type { Hdf5File, NumericArray } from "@zagg/hdf5";
import { fillTemplate, type Pipeline } from "../config/index.ts";
import { AggregationError } from "../errors.ts";
import type { FlagArray } from "./predicate.ts";

/** Half-open window of rows. */
export type RowWindow = readonly [start: number, end: number];

/** One group ("beam") of an open granule. */
export interface OpenBeam {
	readonly file: Hdf5File;
	readonly group: string;
	readonly pipeline: Pipeline;
	readonly signal: AbortSignal | undefined;
}

/** A beam that is read for one shard of a grid. */
export interface Beam extends OpenBeam {
	readonly grid: Grid;
	readonly shardKey: bigint;
}

/** The rows of one beam that are in the shard and pass every filter: columns of equal length and each row's cell rank. */
export interface BeamRows {
	readonly columns: ReadonlyMap<string, NumericArray>;
	readonly ranks: Uint32Array;
}

/** Reads a dataset named by its path template, whole or a window of its rows. */
export async function readDataset(beam: OpenBeam, template: string, rows?: RowWindow): Promise<FlagArray> {
	const dataset = await beam.file.dataset(fillTemplate(template, beam.group));
	const data = await dataset.read({ ...(rows && { rows }), ...(beam.signal && { signal: beam.signal }) });
	return { data, shape: rows ? [data.length === 0 ? 0 : rows[1] - rows[0], ...dataset.shape.slice(1)] : dataset.shape };
}

/** Reads a 1-D dataset as doubles, the type that coordinates are computed in. */
export async function readCoordinate(beam: OpenBeam, template: string, rows?: RowWindow): Promise<Float64Array> {
	const { data } = await readDataset(beam, template, rows);
	return toDoubles(data);
}

/** The same numbers as doubles; the array itself where it is one already. */
export function toDoubles(data: NumericArray): Float64Array {
	return data instanceof Float64Array ? data : Float64Array.from(data as ArrayLike<number | bigint>, Number);
}

/** Reads latitudes and longitudes of a level, which must be of one length. */
export async function readCoordinates(
	beam: OpenBeam,
	paths: { readonly latitude: string; readonly longitude: string },
	rows?: RowWindow,
): Promise<{ latitudes: Float64Array; longitudes: Float64Array }> {
	const [latitudes, longitudes] = await Promise.all([
		readCoordinate(beam, paths.latitude, rows),
		readCoordinate(beam, paths.longitude, rows),
	]);
	if (latitudes.length !== longitudes.length) {
		throw new AggregationError(
			"shard/invalid",
			`${fillTemplate(paths.latitude, beam.group)} has ${latitudes.length} values and ${fillTemplate(paths.longitude, beam.group)} has ${longitudes.length}`,
			{ remedy: "Check data_source.coordinates: both paths must name arrays of the same level." },
		);
	}
	return { latitudes, longitudes };
}

/** Whether the granule holds this beam at all: granules without some of their beams are normal. */
export async function hasBeam(beam: OpenBeam): Promise<boolean> {
	const latitude = fillTemplate(beam.pipeline.coordinates.latitude, beam.group);
	return beam.file.has(latitude.slice(0, latitude.lastIndexOf("/")) || "/");
}
