import {
	type ArrayDescription,
	type GroupDescription,
	openArray,
	readChunk,
	type StoreDescription,
	type ZarrStore,
} from "@zagg/aggregate";
import { cellBoundary, packWord, projection, type Ring, unpackWord } from "@zagg/grid";
import { type Places, placesOf } from "../inspect/places.ts";

/** Outlines and ids of a block's cells. */
export interface BlockCells {
	/** The outline of the cell of a rank; closing vertex optional. Null off the CRS's reach. */
	outline(rank: number): Ring | null;
	id(rank: number): bigint;
}

/** What a group's cells look like on the Earth. */
export interface StoreCells {
	readonly label: string;
	/** What precedes a cell's id. */
	readonly idLabel: string;
	/** Dimensions of a block's index; arrays may have trailing ones. */
	readonly dimensions: 1 | 2;
	readonly verticesPerCell: number;
	block(blockIndex: readonly number[]): Promise<BlockCells>;
}

/** From this order on, HEALPix cells are small enough for their sides to pass as straight. */
const STRAIGHT_ORDER = 6;

/** The cells of a group that zagg wrote; null for another one. */
export function storeCells(
	store: ZarrStore,
	group: GroupDescription,
	description: StoreDescription,
): StoreCells | null {
	const places = placesOf(store, group, description);
	const dimensions = places?.grid === "healpix" ? ["cells"] : ["y", "x"];
	// The first of the group's arrays over its cells; a further dimension does not matter.
	const array = description.arrays.find(
		({ path, dimensionNames }) =>
			path.startsWith(`${group.path}/`) && dimensions.every((name, index) => dimensionNames?.[index] === name),
	);
	if (places === null || array === undefined) return null;
	return places.grid === "healpix" ? healpixCells(store, group, places, array) : rectilinearCells(group, places, array);
}

function healpixCells(store: ZarrStore, group: GroupDescription, places: Places, cells: ArrayDescription): StoreCells {
	const { dggs } = group.attributes as { readonly dggs: { refinement_level: number; latitude?: string } };
	const order = dggs.refinement_level;
	const latitude = dggs.latitude === undefined ? "geodetic" : "authalic";
	const pointsPerSide = 2 ** Math.max(0, STRAIGHT_ORDER - order);
	const cellsPerBlock = BigInt(cells.chunkShape[0]!);
	// A dense store packs its shards in some order; only its words tell which.
	const isDense = cells.shape[0] !== 12 * 4 ** order;
	return {
		label: places.label,
		idLabel: `NESTED order ${order}:`,
		dimensions: 1,
		verticesPerCell: 4 * pointsPerSide,
		async block(blockIndex) {
			const words = isDense ? await readChunk(await openArray(store, `${group.path}/morton`), blockIndex) : null;
			const first = BigInt(blockIndex[0]!) * cellsPerBlock;
			const id = (rank: number): bigint =>
				words === null ? first + BigInt(rank) : unpackWord(BigInt(words[rank]!)).nested;
			return { id, outline: (rank) => cellBoundary(packWord(id(rank), order), pointsPerSide, latitude) };
		},
	};
}

function rectilinearCells(
	group: GroupDescription,
	places: Places,
	{ shape, chunkShape }: ArrayDescription,
): StoreCells {
	const { crs, resolution, bounds } = group.attributes as {
		readonly crs: string;
		readonly resolution: readonly [number, number];
		readonly bounds: readonly [number, number, number, number];
	};
	const [chunkHeight = 1, chunkWidth = 1] = chunkShape;
	const [resolutionX, resolutionY] = resolution;
	const { inverse } = projection(crs);
	return {
		label: places.label,
		idLabel: "cell",
		dimensions: 2,
		verticesPerCell: 4,
		async block([blockRow = 0, blockColumn = 0]) {
			const rowOf = (rank: number): number => blockRow * chunkHeight + Math.floor(rank / chunkWidth);
			const columnOf = (rank: number): number => blockColumn * chunkWidth + (rank % chunkWidth);
			return {
				outline(rank) {
					const west = bounds[0] + columnOf(rank) * resolutionX;
					const north = bounds[3] - rowOf(rank) * resolutionY;
					const x = Float64Array.of(west, west + resolutionX, west + resolutionX, west);
					const y = Float64Array.of(north, north, north - resolutionY, north - resolutionY);
					inverse(x, y, x, y);
					return [...x, ...y].some(Number.isNaN) ? null : { longitudes: x, latitudes: y };
				},
				id: (rank) => BigInt(rowOf(rank)) * BigInt(shape[1]!) + BigInt(columnOf(rank)),
			};
		},
	};
}
