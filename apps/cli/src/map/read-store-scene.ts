import {
	type ArrayDescription,
	describeStore,
	formatCount,
	type GroupDescription,
	openArray,
	openStore,
	readChunk,
	type StoreDescription,
	storedBlocks,
	type ZarrStore,
} from "@zagg/aggregate";
import { elementsPerCellOf, variableStatistics } from "../inspect/variable-statistics.ts";
import { MapError } from "./map-error.ts";
import { createOutlineWriter } from "./outlines.ts";
import type { SceneOptions } from "./scene-options.ts";
import { type StoreCells, storeCells } from "./store-cells.ts";
import { createVariable, firstVariable, valueArray, withShownRange } from "./variables.ts";
import type { Scene, ValueArray, Variable } from "./view/scene.ts";

/** Arrays that say where a cell is. */
const COORDINATES: readonly string[] = ["cell_ids", "morton", "x", "y"];

/** One number per cell of an array: all of a scalar array, or one element of a vector array. */
interface Column {
	readonly name: string;
	readonly array: ArrayDescription;
	readonly element: number;
}

/** Cells with data of one block, by rank. */
interface BlockRanks {
	readonly blockIndex: readonly number[];
	readonly ranks: readonly number[];
}

/**
 * Reads a map's cells from a store, one chunk at a time.
 *
 * @throws MapError `map/no-group`, `map/unknown-variable`, `map/no-cells`; AggregationError as `describeStore`.
 */
export async function readStoreScene(path: string, options: SceneOptions): Promise<Scene> {
	const store = await openStore(path);
	try {
		const description = await describeStore(store);
		const { group, cells } = chooseGroup(store, description, options.group);
		const arrays = description.arrays.filter(
			(array) => array.path === `${group.path}/${array.name}` && !COORDINATES.includes(array.name),
		);
		const columns = chooseColumns(arrays, options.variable);
		return await readScene(store, group, cells, columns, options);
	} finally {
		store.close?.();
	}
}

async function readScene(
	store: ZarrStore,
	group: GroupDescription,
	cells: StoreCells,
	columns: readonly Column[],
	options: SceneOptions,
): Promise<Scene> {
	const counting = (columns.find(({ name }) => name === "count") ?? columns[0]!).array;
	const { blocks, total } = await cellsToShow(store, counting, cells.dimensions, options.maxCells);
	if (total === 0) {
		throw new MapError("map/no-cells", `no cell of ${store.location}/${group.path} has data`, {
			failureClass: "data",
			remedy: "Run the aggregation first; `zagg inspect` tells what a store holds.",
			context: { store: store.location, group: group.path },
		});
	}
	const outlines = createOutlineWriter(cells.verticesPerCell);
	const ids: bigint[] = [];
	const shownBlocks: BlockRanks[] = [];
	for (const { blockIndex, ranks } of blocks) {
		const block = await cells.block(blockIndex);
		const shownRanks = ranks.filter((rank) => {
			const outline = block.outline(rank);
			if (outline === null) return false;
			outlines.add(outline);
			ids.push(block.id(rank));
			return true;
		});
		shownBlocks.push({ blockIndex, ranks: shownRanks });
	}
	const shown = ids.length;
	const variables: Variable[] = [];
	const values: ValueArray[] = [];
	for (const column of columns) {
		const array = await readColumn(store, column, shownBlocks, shown);
		values.push(array);
		variables.push(createVariable(column.name, column.array, array));
	}
	const selected = firstVariable(variables, options.variable);
	return {
		title: options.title ?? store.location.replace(/\/+$/, "").split("/").at(-1) ?? "zagg",
		subtitle: `${cells.label}, ${formatCount(total)} cells with data`,
		note: shown < total ? `${formatCount(shown)} of ${formatCount(total)} cells shown, evenly chosen` : "",
		idLabel: cells.idLabel,
		cellCount: shown,
		verticesPerCell: cells.verticesPerCell,
		variables: withShownRange(variables, selected, options.range),
		selected,
		projection: options.projection,
		outlines: outlines.result(),
		ids: BigUint64Array.from(ids),
		values,
	};
}

function chooseGroup(store: ZarrStore, description: StoreDescription, wanted: string | undefined) {
	const groups = description.groups.flatMap((group) => {
		const cells = storeCells(store, group, description);
		return cells === null ? [] : [{ group, cells }];
	});
	const chosen = wanted === undefined ? groups[0] : groups.find(({ group }) => group.path === wanted);
	if (chosen !== undefined) return chosen;
	const paths = groups.map(({ group }) => group.path);
	throw new MapError(
		"map/no-group",
		wanted === undefined || paths.length === 0
			? `${store.location} holds no group that zagg wrote`
			: `${store.location} has no group '${wanted}' of zagg's; there are ${paths.join(", ")}`,
		{ remedy: "`zagg inspect` lists what a store holds.", context: { store: store.location, groups: paths } },
	);
}

/** All scalar arrays, and one element of a vector array when it is asked for by name. */
function chooseColumns(arrays: readonly ArrayDescription[], wanted: string | undefined): Column[] {
	const scalars = arrays.filter((array) => elementsPerCellOf(array) === 1);
	const columns: Column[] = scalars.map((array) => ({ name: array.name, array, element: 0 }));
	if (wanted === undefined && columns.length > 0) return columns;
	if (columns.some(({ name }) => name === wanted)) return columns;
	const vectors = arrays.filter((array) => elementsPerCellOf(array) > 1);
	const [, vectorName, index] = /^(.*)\[(\d+)\]$/.exec(wanted ?? `${vectors[0]?.name}[0]`) ?? [];
	const vector = vectors.find(({ name }) => name === vectorName);
	if (vector !== undefined && Number(index) < elementsPerCellOf(vector)) {
		return [...columns, { name: `${vector.name}[${Number(index)}]`, array: vector, element: Number(index) }];
	}
	const names = [
		...columns.map(({ name }) => name),
		...vectors.map((array) => `${array.name}[0] to [${elementsPerCellOf(array) - 1}]`),
	];
	throw new MapError("map/unknown-variable", `there is no variable '${wanted}'; there are ${names.join(", ")}`, {
		remedy: "Choose one of these with --variable.",
		context: { variable: wanted, names },
	});
}

/** The cells with data; of more than `maxCells`, evenly spread ones. Holds at most `maxCells` ranks. */
async function cellsToShow(
	store: ZarrStore,
	array: ArrayDescription,
	dimensions: number,
	maxCells: number,
): Promise<{ blocks: BlockRanks[]; total: number }> {
	const first = await ranksWithData(store, array, dimensions, (ordinal) => ordinal < maxCells);
	if (first.total <= maxCells) return first;
	const share = maxCells / first.total;
	return ranksWithData(
		store,
		array,
		dimensions,
		(ordinal) => Math.floor((ordinal + 1) * share) > Math.floor(ordinal * share),
	);
}

async function ranksWithData(
	store: ZarrStore,
	array: ArrayDescription,
	dimensions: number,
	keeps: (ordinal: number) => boolean,
): Promise<{ blocks: BlockRanks[]; total: number }> {
	const blocks: BlockRanks[] = [];
	let total = 0;
	await variableStatistics(array, storedBlocks(store, array.path), ({ blockIndex, data }, hasData) => {
		const ranks: number[] = [];
		const cellCount = data.length / elementsPerCellOf(array);
		for (let rank = 0; rank < cellCount; rank++) if (hasData(rank) && keeps(total++)) ranks.push(rank);
		if (ranks.length > 0) blocks.push({ blockIndex: blockIndex.slice(0, dimensions), ranks });
	});
	return { blocks, total };
}

async function readColumn(
	store: ZarrStore,
	{ array, element }: Column,
	blocks: readonly BlockRanks[],
	cellCount: number,
): Promise<ValueArray> {
	const size = elementsPerCellOf(array);
	const values = valueArray(String(array.dtype), cellCount);
	const opened = await openArray(store, array.path);
	let next = 0;
	for (const { blockIndex, ranks } of blocks) {
		const trailing = array.shape.slice(blockIndex.length).map(() => 0);
		const chunk = await readChunk(opened, [...blockIndex, ...trailing]);
		for (const rank of ranks) values[next++] = Number(chunk[rank * size + element]);
	}
	return values;
}
