import {
	type ArrayDescription,
	describeStore,
	type GroupDescription,
	openArray,
	openStore,
	readChunk,
	type StoreDescription,
	storedBlocks,
	type ZarrStore,
} from "@zagg/aggregate";
import { createExtent, type Extent } from "./extent.ts";
import { type Places, placesOf } from "./places.ts";
import { elementsPerCellOf, type VariableStatistics, variableStatistics } from "./variable-statistics.ts";

/** One array of a group and what its stored values look like. */
export interface ArraySummary extends VariableStatistics {
	readonly name: string;
	readonly dtype: string;
	readonly shape: readonly number[];
	readonly chunkShape: readonly number[];
}

/** One group of a store that zagg wrote. */
export interface GroupSummary {
	readonly path: string;
	readonly grid: "healpix" | "rectilinear";
	readonly label: string;
	/** Cells with data, by the array named `count` or else the first one over cells. */
	readonly cellsWithData: number;
	/** The box around those cells' centres, degrees; null without data. */
	readonly extent: Extent | null;
	readonly arrays: readonly ArraySummary[];
}

/** What is in a store. */
export interface StoreSummary {
	readonly location: string;
	readonly isConsolidated: boolean;
	readonly groups: readonly GroupSummary[];
	/** Paths of arrays that belong to no group of zagg's. */
	readonly otherArrays: readonly string[];
}

/** Columns that say where a cell is; they have a value in every cell of a stored shard. */
const COORDINATES: readonly string[] = ["cell_ids", "morton", "x", "y"];

/** Reads all of a store, one chunk at a time, and sums it up. */
export async function inspectStore(path: string): Promise<StoreSummary> {
	const store = await openStore(path);
	const description = await describeStore(store);
	const groups: GroupSummary[] = [];
	const claimed = new Set<string>();
	for (const group of description.groups) {
		const places = placesOf(store, group, description);
		if (places === null) continue;
		const arrays = arraysOf(group, description);
		for (const array of arrays) claimed.add(array.path);
		groups.push(await summariseGroup(store, group, places, arrays));
	}
	return {
		location: description.location,
		isConsolidated: description.isConsolidated,
		groups,
		otherArrays: description.arrays.filter((array) => !claimed.has(array.path)).map((array) => array.path),
	};
}

/** The values of one cell, array by array; a vector's as a list. */
export interface CellValues {
	readonly group: string;
	readonly place: { readonly blockIndex: readonly number[]; readonly rank: number } | null;
	readonly centre: { readonly latitude: number; readonly longitude: number } | null;
	readonly values: Readonly<Record<string, number | bigint | readonly (number | bigint)[]>>;
}

/** Reads the cell that holds a place, in every group of the store. */
export async function inspectCell(path: string, latitude: number, longitude: number): Promise<CellValues[]> {
	const store = await openStore(path);
	const description = await describeStore(store);
	const cells: CellValues[] = [];
	for (const group of description.groups) {
		const places = placesOf(store, group, description);
		if (places === null) continue;
		const place = await places.locate(latitude, longitude);
		if (place === null) {
			cells.push({ group: group.path, place, centre: null, values: {} });
			continue;
		}
		const centres = await places.cellCentres(place.blockIndex);
		const values: Record<string, number | bigint | readonly (number | bigint)[]> = {};
		for (const array of arraysOf(group, description)) {
			if (isAxis(array)) continue;
			const size = elementsPerCellOf(array);
			const trailing = array.shape.slice(place.blockIndex.length).map(() => 0);
			const chunk = await readChunk(await openArray(store, array.path), [...place.blockIndex, ...trailing]);
			const elements = [...chunk.subarray(place.rank * size, (place.rank + 1) * size)];
			values[array.name] = array.shape.length === place.blockIndex.length ? elements[0]! : elements;
		}
		cells.push({
			group: group.path,
			place,
			centre: { latitude: centres.latitudes[place.rank]!, longitude: signed(centres.longitudes[place.rank]!) },
			values,
		});
	}
	return cells;
}

async function summariseGroup(
	store: ZarrStore,
	group: GroupDescription,
	places: Places,
	arrays: readonly ArrayDescription[],
): Promise<GroupSummary> {
	const counting =
		arrays.find(({ name }) => name === "count") ?? arrays.find((array) => !COORDINATES.includes(array.name));
	const extent = createExtent();
	let cellsWithData = 0;
	const summaries: ArraySummary[] = [];
	for (const array of arrays) {
		const blocksWithData: { blockIndex: readonly number[]; cells: number[] }[] = [];
		const statistics = await variableStatistics(array, storedBlocks(store, array.path), (block, hasData) => {
			if (array !== counting) return;
			const cells = Array.from({ length: block.data.length / elementsPerCellOf(array) }, (_, cell) => cell).filter(
				hasData,
			);
			const blockIndex = block.blockIndex.slice(0, places.grid === "healpix" ? 1 : 2);
			blocksWithData.push({ blockIndex, cells });
		});
		for (const { blockIndex, cells } of blocksWithData) {
			const { latitudes, longitudes } = await places.cellCentres(blockIndex);
			for (const cell of cells) extent.add(latitudes[cell]!, longitudes[cell]!);
		}
		if (array === counting) cellsWithData = statistics.cellsWithData;
		const { name, shape, chunkShape } = array;
		summaries.push({ name, dtype: String(array.dtype), shape, chunkShape, ...statistics });
	}
	const { path } = group;
	return { path, grid: places.grid, label: places.label, cellsWithData, extent: extent.result(), arrays: summaries };
}

function arraysOf(group: GroupDescription, description: StoreDescription): ArrayDescription[] {
	const isMember = ({ path, name }: ArrayDescription): boolean => path === `${group.path}/${name}`;
	return description.arrays.filter(isMember);
}

function isAxis({ name, shape }: ArrayDescription): boolean {
	return shape.length === 1 && (name === "x" || name === "y");
}

function signed(longitude: number): number {
	return longitude > 180 ? longitude - 360 : longitude;
}
