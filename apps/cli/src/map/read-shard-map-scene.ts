import { basename } from "node:path";
import { formatCount } from "@zagg/aggregate";
import { readShardMap, type ShardMap } from "@zagg/catalog";
import { type Grid, type GridSignature, healpixGrid, rectilinearGrid } from "@zagg/grid";
import { MapError } from "./map-error.ts";
import { createOutlineWriter } from "./outlines.ts";
import type { SceneOptions } from "./scene-options.ts";
import { createVariable, withShownRange } from "./variables.ts";
import type { Scene } from "./view/scene.ts";

/**
 * Reads a shard map's footprints, each with its number of granules.
 *
 * @throws MapError `map/unknown-variable`, `map/no-cells`, `map/no-grid`; CatalogError as `readShardMap`, GridError for
 *   keys of another grid.
 */
export async function readShardMapScene(path: string, options: SceneOptions): Promise<Scene> {
	const map = await readShardMap(path);
	if (options.variable !== undefined && options.variable !== "granules") {
		throw new MapError(
			"map/unknown-variable",
			`there is no variable '${options.variable}' in a shard map; there is granules`,
			{ remedy: "Leave --variable out, or give a store." },
		);
	}
	const grid = gridOf(map, path);
	const total = map.shardKeys.length;
	if (total === 0) throw new MapError("map/no-cells", `the shard map ${path} has no shards`, { failureClass: "data" });
	const share = Math.min(1, options.maxCells / total);
	const shown = [...map.shardKeys.keys()].filter(
		(index) => Math.floor((index + 1) * share) > Math.floor(index * share),
	);
	const footprints = shown.map((index) => grid.shardFootprint(map.shardKeys[index]!));
	// Rings are closed: their last vertex is the first one again.
	const verticesPerCell = footprints[0]!.latitudes.length - 1;
	const outlines = createOutlineWriter(verticesPerCell);
	for (const footprint of footprints) outlines.add(footprint);
	const granules = Int32Array.from(shown, (index) => map.granules[index]?.length ?? 0);
	const variable = createVariable(
		"granules",
		{ dtype: "int32", fillValue: null, attributes: { long_name: "granules per shard" } },
		granules,
	);
	const pairs = map.granules.reduce((sum, records) => sum + records.length, 0);
	return {
		title: options.title ?? basename(path),
		subtitle: `Shard map, ${gridText(grid)}, ${formatCount(total)} shards, ${formatCount(pairs)} pairs of shard and granule`,
		note:
			shown.length < total ? `${formatCount(shown.length)} of ${formatCount(total)} shards shown, evenly chosen` : "",
		idLabel: "shard",
		cellCount: shown.length,
		verticesPerCell,
		variables: withShownRange([{ ...variable, shown: variable.full }], 0, options.range),
		selected: 0,
		projection: options.projection,
		outlines: outlines.result(),
		ids: BigUint64Array.from(shown, (index) => map.shardKeys[index]!),
		values: [granules],
	};
}

function gridOf({ gridSignature }: ShardMap, path: string): Grid {
	const grid = gridSignature === null ? null : gridOfSignature(gridSignature);
	if (grid !== null) return grid;
	throw new MapError("map/no-grid", `the shard map ${path} does not tell its grid`, {
		remedy: "Make it anew with `zagg catalog`.",
		context: { path, gridSignature },
	});
}

function gridOfSignature(signature: GridSignature): Grid | null {
	const { type } = signature;
	if (type === "healpix") {
		const { parent_order: parentOrder, child_order: childOrder, latitude } = signature;
		if (typeof parentOrder !== "number" || typeof childOrder !== "number") return null;
		return healpixGrid({ parentOrder, childOrder, latitude: latitude === undefined ? "geodetic" : "authalic" });
	}
	const { crs, affine, shape, chunk_shape: chunkShape } = signature;
	if (type !== "rectilinear" || typeof crs !== "string") return null;
	if (!isNumbers(affine, 6) || !isNumbers(shape, 2) || !isNumbers(chunkShape, 2)) return null;
	const [resolutionX, , xmin, , minusResolutionY, ymax] = affine as [number, number, number, number, number, number];
	const [height, width] = shape as [number, number];
	return rectilinearGrid({
		crs,
		resolution: [resolutionX, -minusResolutionY],
		bounds: [xmin, ymax + minusResolutionY * height, xmin + resolutionX * width, ymax],
		chunkShape: chunkShape as [number, number],
	});
}

function gridText(grid: Grid): string {
	const { type, parent_order: order, crs } = grid.signature();
	return type === "healpix" ? `HEALPix order ${order}` : `${crs}, chunks of ${grid.chunkShape.join(" × ")} cells`;
}

function isNumbers(value: unknown, length: number): value is number[] {
	return Array.isArray(value) && value.length === length && value.every((item) => typeof item === "number");
}
