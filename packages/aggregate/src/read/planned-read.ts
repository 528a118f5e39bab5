import type { Ring } from "@zagg/grid";
import type { NumericArray } from "@zagg/hdf5";
import type { LevelLink, Pipeline } from "../config/index.ts";
import { AggregationError } from "../errors.ts";
import { type Beam, type BeamRows, type RowWindow, readCoordinate, readDataset, toDoubles } from "./beam.ts";
import { coarseRowMask } from "./coarse-filters.ts";
import { readWhole } from "./full-read.ts";
import type { FlagArray } from "./predicate.ts";
import { type Box, planRead } from "./read-plan.ts";
import { groupFilters, selectRows } from "./select-rows.ts";

/** From this width on a footprint wraps the antimeridian or a pole, and its box says nothing. */
const WIDEST_BOX_DEGREES = 180;

/**
 * Reads a beam through its coarse index: the segments near the shard tell which windows of base rows to read. Gives
 * the same rows in the same order as `readWhole`; null when none is left.
 */
export async function readPlanned(beam: Beam): Promise<BeamRows | null> {
	const { pipeline, grid, shardKey } = beam;
	const [latitudePath, longitudePath, link] = coarseIndexPaths(pipeline);
	const [latitudes, longitudes, begin, count] = await Promise.all(
		[latitudePath, longitudePath, link.indexBeg, link.count].map((path) => readCoordinate(beam, path)),
	);
	const baseLength = count!.reduce((sum, rows) => sum + rows, 0);
	if (latitudes!.length === 0 || baseLength <= 0) return null;
	const box = boxOf(grid.shardFootprint(shardKey));
	if (box.maxLongitude - box.minLongitude >= WIDEST_BOX_DEGREES) return readWhole(beam);

	const { baseSlices, fullRead } = planRead(
		{ latitudes: latitudes!, longitudes: longitudes!, begin: begin!, count: count!, indexBase: link.indexBase },
		baseLength,
		box,
		pipeline.readPlan!,
	);
	if (fullRead) return readWhole(beam);
	if (baseSlices.length === 0) return null;

	const [baseLatitudes, baseLongitudes] = await Promise.all(
		[pipeline.coordinates.latitude, pipeline.coordinates.longitude].map(async (path) =>
			toDoubles((await readSlices(beam, path, baseSlices)).data),
		),
	);
	if (baseLatitudes!.length !== baseLongitudes!.length) {
		throw new AggregationError("shard/invalid", "latitude and longitude have different lengths over the read plan");
	}
	const ranks = grid.ranksInShard(baseLatitudes!, baseLongitudes!, shardKey);
	const filters = groupFilters(pipeline);
	const coarse = await coarseRowMask(beam, filters.coarse, baseLength);
	const coarseKeep = coarse === null ? null : gatherSlices(coarse, baseSlices);
	return selectRows(pipeline, filters, ranks, coarseKeep, (template) => readSlices(beam, template, baseSlices));
}

/** Paths of the coarse level that the plan reads through; validation has made sure of its link and coordinates. */
function coarseIndexPaths({ levels, readPlan }: Pipeline): readonly [string, string, LevelLink] {
	const { path, coordinates, link } = levels!.get(readPlan!.spatialIndex)!;
	const absolute = (name: string): string => (name.startsWith("/") ? name : `${path.replace(/\/+$/, "")}/${name}`);
	return [absolute(coordinates!.latitude), absolute(coordinates!.longitude), link!];
}

function boxOf(ring: Ring): Box {
	const box = { minLongitude: Infinity, minLatitude: Infinity, maxLongitude: -Infinity, maxLatitude: -Infinity };
	for (let vertex = 0; vertex < ring.latitudes.length; vertex++) {
		box.minLongitude = Math.min(box.minLongitude, ring.longitudes[vertex]!);
		box.maxLongitude = Math.max(box.maxLongitude, ring.longitudes[vertex]!);
		box.minLatitude = Math.min(box.minLatitude, ring.latitudes[vertex]!);
		box.maxLatitude = Math.max(box.maxLatitude, ring.latitudes[vertex]!);
	}
	return box;
}

/** Reads a dataset over several windows of rows, one behind the other in one array. */
async function readSlices(beam: Beam, template: string, slices: readonly RowWindow[]): Promise<FlagArray> {
	const parts = await Promise.all(slices.map((slice) => readDataset(beam, template, slice)));
	if (parts.length === 1) return parts[0]!;
	const length = parts.reduce((sum, part) => sum + part.data.length, 0);
	const first = parts[0]!.data;
	const data = new (first.constructor as new (length: number) => NumericArray)(length);
	let offset = 0;
	for (const part of parts) {
		(data as Float64Array).set(part.data as Float64Array, offset);
		offset += part.data.length;
	}
	const rows = parts.reduce((sum, part) => sum + (part.shape[0] ?? 0), 0);
	return { data, shape: [rows, ...parts[0]!.shape.slice(1)] };
}

function gatherSlices(keep: Uint8Array, slices: readonly RowWindow[]): Uint8Array {
	const gathered = new Uint8Array(slices.reduce((sum, [start, end]) => sum + (end - start), 0));
	let offset = 0;
	for (const [start, end] of slices) {
		gathered.set(keep.subarray(start, end), offset);
		offset += end - start;
	}
	return gathered;
}
