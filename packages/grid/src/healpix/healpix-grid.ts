import { GridError } from "../errors.ts";
import { floatLiteral, type Grid } from "../grid.ts";
import { healpixCoverage } from "../polygon/healpix-coverage.ts";
import { checkLatitudeConvention, type LatitudeConvention } from "./authalic-latitude.ts";
import { cellPolygon } from "./cell-geometry.ts";
import { hashPoints } from "./hash.ts";
import { childWords, clipWords, consecutiveIds } from "./hierarchy.ts";
import { unpackWord } from "./morton-word.ts";
import { checkOrder } from "./order.ts";
import { shardBlocks } from "./shard-blocks.ts";
import { occupiedCells, ranksInHealpixShard } from "./shard-ranks.ts";

/** `fullsphere`: every shard of the sphere has its chunk. `dense`: only the populated shards, in their given order. */
export type HealpixLayout = "fullsphere" | "dense";

export interface HealpixGridOptions {
	/** Order of the shards, 0–29. */
	readonly parentOrder: number;
	/** Order of the cells, from `parentOrder` to `parentOrder` + 15 and at most 29. */
	readonly childOrder: number;
	/** Default `fullsphere`. */
	readonly layout?: HealpixLayout;
	/** Needed by the dense layout before anything that depends on the array's size; ignored by `fullsphere`. */
	readonly populatedShards?: readonly bigint[];
	/** Default `geodetic`. Recorded in the group attributes and the signature when it is `authalic`. */
	readonly latitude?: LatitudeConvention;
}

/** A HEALPix grid in NESTED order. Shard keys are the area words of `parentOrder`. */
export interface HealpixGrid extends Grid {
	readonly type: "healpix";
	readonly parentOrder: number;
	readonly childOrder: number;
	readonly layout: HealpixLayout;
	readonly latitude: LatitudeConvention;
	/** The area word at `childOrder` of every point's cell; the empty word 0 for an invalid point. */
	assign(latitudes: Float64Array, longitudes: Float64Array): BigUint64Array;
	/** The words' cells at `childOrder`. Throws `grid/bad-word` on the empty word. */
	cellsOf(words: BigUint64Array): BigUint64Array;
	/** The keys of the words' shards, one per word. Throws `grid/bad-word` on the empty word. */
	shardsOf(words: BigUint64Array): BigUint64Array;
	/** The one shard that holds all the words. Throws `grid/inconsistent-shard` when there are several, or no words. */
	shardOf(words: BigUint64Array): bigint;
}

/** Ranks are uint32, of which the highest means "outside". */
const MAX_LEVELS = 15;
/** Points per side of a shard's footprint. */
const FOOTPRINT_POINTS_PER_SIDE = 32;
/** Identifies the DGGS convention of Zarr groups. */
const DGGS_CONVENTION = {
	schema_url: "https://raw.githubusercontent.com/zarr-conventions/dggs/refs/tags/v1/schema.json",
	spec_url: "https://github.com/zarr-conventions/dggs/blob/v1/README.md",
	uuid: "7b255807-140c-42ca-97f6-7a1cfecdbc38",
	name: "dggs",
	description: "Discrete Global Grid Systems convention for zarr",
} as const;
/** How documents name the authalic convention; geodetic is the default and goes unnamed. */
const AUTHALIC_NAME = "authalic-wgs84";

/**
 * A HEALPix grid: shards are the cells of `parentOrder`, each with 4^(childOrder − parentOrder) cells in Z-order.
 * Throws `grid/bad-order`, `grid/bad-layout`, `grid/bad-latitude-convention` or `grid/duplicate-shard`.
 */
export function healpixGrid(options: HealpixGridOptions): HealpixGrid {
	const { parentOrder, childOrder, layout = "fullsphere", latitude = "geodetic" } = options;
	checkOrders(parentOrder, childOrder);
	checkLatitudeConvention(latitude);
	const cellsPerShard = 4 ** (childOrder - parentOrder);
	const blocks = shardBlocks(layout, parentOrder, options.populatedShards);

	function nestedShard(shardKey: bigint): bigint {
		const { nested, order } = unpackWord(shardKey);
		if (order === parentOrder) return nested;
		throw new GridError(
			"grid/bad-shard-key",
			`${shardKey} is a word of order ${order}, not a shard of order ${parentOrder}`,
			{
				failureClass: "data",
				remedy: "Use a shard map that was made for this grid.",
				context: { shardKey: String(shardKey), parentOrder },
			},
		);
	}

	const grid: HealpixGrid = {
		type: "healpix",
		parentOrder,
		childOrder,
		layout,
		latitude,
		get arrayShape() {
			return [cellsPerShard * blocks.count()];
		},
		chunkShape: [cellsPerShard],
		dimensionNames: ["cells"],
		cellsPerShard,
		groupPath: String(childOrder),
		groupAttributes: groupAttributes(childOrder, latitude),
		axes: [],
		ranksInShard: (latitudes, longitudes, shardKey) =>
			ranksInHealpixShard(latitudes, longitudes, nestedShard(shardKey), parentOrder, childOrder, latitude),
		shardKeysOf: (latitudes, longitudes) => [...occupiedCells(latitudes, longitudes, parentOrder, latitude)],
		coverage: (rings) => [...healpixCoverage(rings, parentOrder, { latitude })],
		blockIndex(shardKey) {
			return [blocks.indexOf(shardKey, nestedShard(shardKey))];
		},
		children(shardKey) {
			nestedShard(shardKey);
			return childWords(shardKey, childOrder);
		},
		chunkCoordinates(shardKey) {
			const morton = grid.children(shardKey);
			const first = nestedShard(shardKey) << BigInt(2 * (childOrder - parentOrder));
			return [
				{ name: "morton", data: morton },
				{ name: "cell_ids", data: consecutiveIds(first, cellsPerShard) },
			];
		},
		shardFootprint(shardKey) {
			nestedShard(shardKey);
			return cellPolygon(shardKey, FOOTPRINT_POINTS_PER_SIDE, latitude);
		},
		signature: () => ({
			type: "healpix",
			indexing_scheme: "nested",
			parent_order: parentOrder,
			child_order: childOrder,
			layout,
			...(latitude === "authalic" && { latitude: AUTHALIC_NAME }),
		}),
		nestsWith: (other) => other.type === "healpix" && (other as HealpixGrid).latitude === latitude,
		assign: (latitudes, longitudes) => hashPoints(latitudes, longitudes, childOrder, { latitude }),
		cellsOf: (words) => clipWords(words, childOrder),
		shardsOf: (words) => clipWords(words, parentOrder),
		shardOf(words) {
			const shards = clipWords(words, parentOrder);
			const first = shards[0];
			if (first !== undefined && shards.every((shard) => shard === first)) return first;
			throw new GridError("grid/inconsistent-shard", `cells span multiple shards at parent_order=${parentOrder}`, {
				context: { parentOrder, words: words.length },
			});
		},
	};
	return grid;
}

function checkOrders(parentOrder: number, childOrder: number): void {
	checkOrder(parentOrder, "parent_order");
	checkOrder(childOrder, "child_order");
	if (childOrder < parentOrder) {
		throw new GridError("grid/bad-order", `child_order (${childOrder}) must be >= parent_order (${parentOrder})`, {
			context: { parentOrder, childOrder },
		});
	}
	if (childOrder - parentOrder > MAX_LEVELS) {
		throw new GridError(
			"grid/bad-order",
			`child_order (${childOrder}) must be at most parent_order + ${MAX_LEVELS} (${parentOrder + MAX_LEVELS})`,
			{ remedy: "Use a finer parent_order, so that one shard fits into memory.", context: { parentOrder, childOrder } },
		);
	}
}

function groupAttributes(childOrder: number, latitude: LatitudeConvention): Readonly<Record<string, unknown>> {
	return {
		zarr_conventions: [DGGS_CONVENTION],
		dggs: {
			name: "healpix",
			refinement_level: childOrder,
			indexing_scheme: "nested",
			spatial_dimension: "cells",
			ellipsoid: {
				name: "WGS84",
				semimajor_axis: floatLiteral(6378137),
				inverse_flattening: floatLiteral(298.257223563),
			},
			coordinate: "cell_ids",
			compression: "none",
			...(latitude === "authalic" && { latitude: AUTHALIC_NAME }),
		},
	};
}
