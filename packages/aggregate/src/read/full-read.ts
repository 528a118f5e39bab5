import { OUTSIDE_SHARD } from "@zagg/grid";
import { type Beam, type BeamRows, type RowWindow, readCoordinates, readDataset } from "./beam.ts";
import { coarseRowMask } from "./coarse-filters.ts";
import { groupFilters, selectRows } from "./select-rows.ts";

/**
 * Reads a beam by its own coordinates: all of them are read, then only the window of rows between the first and the
 * last point in the shard. Returns the rows in file order, or null when none is left.
 */
export async function readWhole(beam: Beam): Promise<BeamRows | null> {
	const { latitudes, longitudes } = await readCoordinates(beam, beam.pipeline.coordinates);
	const ranks = beam.grid.ranksInShard(latitudes, longitudes, beam.shardKey);
	const rows = windowInShard(ranks);
	if (rows === null) return null;

	const filters = groupFilters(beam.pipeline);
	const coarseKeep = (await coarseRowMask(beam, filters.coarse, ranks.length))?.subarray(rows[0], rows[1]) ?? null;
	if (coarseKeep !== null && !coarseKeep.includes(1)) return null;
	return selectRows(beam.pipeline, filters, ranks.subarray(rows[0], rows[1]), coarseKeep, (template) =>
		readDataset(beam, template, rows),
	);
}

function windowInShard(ranks: Uint32Array): RowWindow | null {
	let start = 0;
	while (start < ranks.length && ranks[start] === OUTSIDE_SHARD) start++;
	if (start === ranks.length) return null;
	let end = ranks.length;
	while (ranks[end - 1] === OUTSIDE_SHARD) end--;
	return [start, end];
}
