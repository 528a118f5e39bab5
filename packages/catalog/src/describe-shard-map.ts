import { type Grid, healpixGrid, rectilinearGrid } from "@zagg/grid";
import { CatalogError } from "./errors.ts";
import type { ShardMap } from "./shard-map.ts";

/** What is in a shard map. */
export interface ShardMapDescription {
	readonly shards: number;
	/** Distinct granules. */
	readonly granules: number;
	readonly pairs: number;
	readonly granulesPerShard: { readonly min: number; readonly median: number; readonly max: number };
	/** Degrees; longitudes run east from west to east, over the antimeridian where that is shorter. Null without a grid. */
	readonly extent: {
		readonly south: number;
		readonly north: number;
		readonly west: number;
		readonly east: number;
	} | null;
}

/** Counts shards and granules, and says where they are. */
export function describeShardMap(map: ShardMap): ShardMapDescription {
	const counts = map.granules.map((records) => records.length).sort((left, right) => left - right);
	const middle = counts.length >> 1;
	const median = counts.length % 2 === 1 ? counts[middle]! : ((counts[middle - 1] ?? 0) + (counts[middle] ?? 0)) / 2;
	return {
		shards: map.shardKeys.length,
		granules: new Set(map.granules.flat().map(({ id }) => id)).size,
		pairs: counts.reduce((sum, count) => sum + count, 0),
		granulesPerShard: { min: counts[0] ?? 0, median, max: counts.at(-1) ?? 0 },
		extent: extentOf(map),
	};
}

/**
 * The shards' outlines as a GeoJSON document, with each shard's key and number of granules.
 *
 * @throws CatalogError `catalog/not-a-shard-map` when the map does not say which grid it is of
 */
export function shardFootprints(map: ShardMap): Record<string, unknown> {
	const grid = gridOf(map);
	if (grid === null) {
		throw new CatalogError("catalog/not-a-shard-map", "the shard map does not say which grid it is of", {
			remedy: "Make it again with `zagg catalog`.",
		});
	}
	const features = map.shardKeys.map((key, index) => {
		const { latitudes, longitudes } = grid.shardFootprint(key);
		const coordinates = Array.from(latitudes, (latitude, vertex) => [longitudes[vertex]!, latitude]);
		return {
			type: "Feature",
			// A text: most readers of GeoJSON would round the number.
			properties: { shard_key: String(key), granules: map.granules[index]!.length },
			geometry: { type: "Polygon", coordinates: [coordinates] },
		};
	});
	return { type: "FeatureCollection", features };
}

function extentOf(map: ShardMap): ShardMapDescription["extent"] {
	const grid = gridOf(map);
	if (grid === null || map.shardKeys.length === 0) return null;
	let south = 90;
	let north = -90;
	const longitudes: number[] = [];
	for (const key of map.shardKeys) {
		const ring = grid.shardFootprint(key);
		for (let vertex = 0; vertex < ring.latitudes.length; vertex++) {
			south = Math.min(south, ring.latitudes[vertex]!);
			north = Math.max(north, ring.latitudes[vertex]!);
			longitudes.push(((ring.longitudes[vertex]! + 540) % 360) - 180);
		}
	}
	// The widest gap between neighbouring longitudes is what the extent leaves out.
	longitudes.sort((left, right) => left - right);
	let west = longitudes[0]!;
	let east = longitudes.at(-1)!;
	let widest = west + 360 - east;
	for (let index = 1; index < longitudes.length; index++) {
		const gap = longitudes[index]! - longitudes[index - 1]!;
		if (gap <= widest) continue;
		widest = gap;
		west = longitudes[index]!;
		east = longitudes[index - 1]!;
	}
	return { south, north, west, east };
}

function gridOf({ gridSignature }: ShardMap): Grid | null {
	const signature = gridSignature as Record<string, unknown> | null;
	try {
		if (signature?.type === "healpix") {
			return healpixGrid({
				parentOrder: Number(signature.parent_order),
				childOrder: Number(signature.child_order),
				latitude: String(signature.latitude ?? "").startsWith("authalic") ? "authalic" : "geodetic",
			});
		}
		if (signature?.type === "rectilinear") return rectilinearFromSignature(signature);
	} catch {}
	return null;
}

function rectilinearFromSignature(signature: Record<string, unknown>): Grid | null {
	const affine = signature.affine as readonly number[] | undefined;
	const shape = signature.shape as readonly number[] | undefined;
	if (affine === undefined || shape === undefined) return null;
	const [width, , left, , height, top] = affine as [number, number, number, number, number, number];
	const [rows, columns] = shape as [number, number];
	return rectilinearGrid({
		crs: String(signature.crs),
		resolution: [Math.abs(width), Math.abs(height)],
		bounds: [left, top + height * rows, left + width * columns, top],
		chunkShape: signature.chunk_shape as [number, number],
	});
}
