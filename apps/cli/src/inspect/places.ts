import {
	type ArrayDescription,
	type GroupDescription,
	openArray,
	readChunk,
	type StoreDescription,
	storedBlockIndices,
	type ZarrStore,
} from "@zagg/aggregate";
import {
	cellCentres,
	clipWords,
	type Grid,
	healpixGrid,
	OUTSIDE_SHARD,
	packWord,
	projection,
	type Ring,
	rectilinearGrid,
} from "@zagg/grid";

/** Where one cell's values are: which chunk, and which row of it. */
export interface CellPlace {
	readonly blockIndex: readonly number[];
	readonly rank: number;
}

/** What a group of a store says about where its cells are on the Earth. */
export interface Places {
	readonly grid: "healpix" | "rectilinear";
	/** One line for people. */
	readonly label: string;
	/** Centres of a chunk's cells in rank order, degrees. */
	cellCentres(blockIndex: readonly number[]): Promise<Ring>;
	/** The cell that holds a place; null off the grid. */
	locate(latitude: number, longitude: number): Promise<CellPlace | null>;
}

/** Reads a group's grid from its attributes and arrays; null for a group that zagg did not write. */
export function placesOf(store: ZarrStore, group: GroupDescription, description: StoreDescription): Places | null {
	const arrays = description.arrays.filter(({ path }) => path.startsWith(`${group.path}/`));
	const { dggs, crs, resolution, bounds } = group.attributes as {
		readonly dggs?: { readonly name?: string; readonly refinement_level?: number; readonly latitude?: string };
		readonly crs?: string;
		readonly resolution?: readonly [number, number];
		readonly bounds?: readonly [number, number, number, number];
	};
	if (dggs?.name === "healpix" && typeof dggs.refinement_level === "number") {
		return healpixPlaces(store, group.path, dggs.refinement_level, dggs.latitude, arrays);
	}
	const chunkShape = arrays.find(({ dimensionNames }) => dimensionNames?.[0] === "y" && dimensionNames[1] === "x");
	if (crs !== undefined && resolution !== undefined && bounds !== undefined && chunkShape !== undefined) {
		const [height = 1, width = 1] = chunkShape.chunkShape;
		return rectilinearPlaces(
			crs,
			resolution,
			rectilinearGrid({ crs, resolution, bounds, chunkShape: [height, width] }),
		);
	}
	return null;
}

function healpixPlaces(
	store: ZarrStore,
	groupPath: string,
	childOrder: number,
	convention: string | undefined,
	arrays: readonly ArrayDescription[],
): Places | null {
	const cells = arrays.find(({ dimensionNames }) => dimensionNames?.[0] === "cells");
	const cellsPerShard = cells?.chunkShape[0];
	if (cells === undefined || cellsPerShard === undefined) return null;
	const parentOrder = childOrder - Math.round(Math.log2(cellsPerShard) / 2);
	const isDense = cells.shape[0] !== 12 * 4 ** childOrder;
	const latitude = convention === undefined ? "geodetic" : "authalic";
	const grid = healpixGrid({ parentOrder, childOrder, latitude });
	// A dense store packs its shards in some order; only its words tell which.
	const mortonPath = `${groupPath}/morton`;
	const wordsOf = async (blockIndex: readonly number[]): Promise<BigUint64Array> =>
		isDense
			? ((await readChunk(await openArray(store, mortonPath), blockIndex)) as BigUint64Array)
			: grid.children(packWord(BigInt(blockIndex[0]!), parentOrder));
	const findBlock = async (shardKey: bigint): Promise<readonly number[] | null> => {
		if (!isDense) return grid.blockIndex(shardKey);
		for (const blockIndex of await storedBlockIndices(store, mortonPath)) {
			const [first] = await wordsOf(blockIndex);
			if (clipWords(BigUint64Array.of(first!), parentOrder)[0] === shardKey) return blockIndex;
		}
		return null;
	};
	const counts = new Intl.NumberFormat("en-US");
	return {
		grid: "healpix",
		label: `HEALPix NESTED order ${childOrder}${isDense ? ", dense" : ""}, shards of order ${parentOrder} (${counts.format(cellsPerShard)} cells)`,
		cellCentres: async (blockIndex) => cellCentres(await wordsOf(blockIndex), latitude),
		locate: (latitudeDegrees, longitudeDegrees) => locate(grid, latitudeDegrees, longitudeDegrees, findBlock),
	};
}

function rectilinearPlaces(crs: string, [resolutionX, resolutionY]: readonly [number, number], grid: Grid): Places {
	const { inverse } = projection(crs);
	const [x, y] = [
		grid.axes.find(({ name }) => name === "x")!.values,
		grid.axes.find(({ name }) => name === "y")!.values,
	];
	const [chunkHeight = 1, chunkWidth = 1] = grid.chunkShape;
	return {
		grid: "rectilinear",
		label: `rectilinear ${crs}, ${resolutionX} × ${resolutionY} units, ${grid.arrayShape.join(" × ")} cells, chunks of ${grid.chunkShape.join(" × ")}`,
		async cellCentres([blockRow = 0, blockColumn = 0]) {
			const xs = new Float64Array(grid.cellsPerShard);
			const ys = new Float64Array(grid.cellsPerShard);
			for (let rank = 0; rank < grid.cellsPerShard; rank++) {
				xs[rank] = x[blockColumn * chunkWidth + (rank % chunkWidth)]!;
				ys[rank] = y[blockRow * chunkHeight + Math.floor(rank / chunkWidth)]!;
			}
			const ring = { latitudes: new Float64Array(xs.length), longitudes: new Float64Array(xs.length) };
			inverse(xs, ys, ring.longitudes, ring.latitudes);
			return ring;
		},
		locate: (latitude, longitude) => locate(grid, latitude, longitude, async (key) => grid.blockIndex(key)),
	};
}

async function locate(
	grid: Grid,
	latitude: number,
	longitude: number,
	findBlock: (shardKey: bigint) => Promise<readonly number[] | null>,
): Promise<CellPlace | null> {
	const point = [Float64Array.of(latitude), Float64Array.of(longitude)] as const;
	const [shardKey] = grid.shardKeysOf(...point);
	if (shardKey === undefined) return null;
	const blockIndex = await findBlock(shardKey);
	const rank = grid.ranksInShard(...point, shardKey)[0]!;
	return blockIndex === null || rank === OUTSIDE_SHARD ? null : { blockIndex, rank };
}
