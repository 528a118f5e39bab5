import type { ArrayDescription, StoredBlock } from "@zagg/aggregate";

/** What the stored values of one array look like; elements that equal the fill value, and NaN, count as no data. */
export interface VariableStatistics {
	readonly storedChunks: number;
	/** Cells of which at least one element is data. */
	readonly cellsWithData: number;
	/** Null without data. */
	readonly min: number | null;
	readonly mean: number | null;
	readonly max: number | null;
}

/** Sums up an array's stored chunks one after the other, holding one at a time. */
export async function variableStatistics(
	array: ArrayDescription,
	blocks: AsyncIterable<StoredBlock>,
	onBlock: (block: StoredBlock, hasData: (cell: number) => boolean) => void = () => {},
): Promise<VariableStatistics> {
	const elementsPerCell = elementsPerCellOf(array);
	const isData = dataTest(array.fillValue);
	let storedChunks = 0;
	let cellsWithData = 0;
	let elements = 0;
	let sum = 0;
	let min = Number.POSITIVE_INFINITY;
	let max = Number.NEGATIVE_INFINITY;
	for await (const block of blocks) {
		storedChunks++;
		const { data } = block;
		const cellCount = data.length / elementsPerCell;
		const filled = new Uint8Array(cellCount);
		for (let index = 0; index < data.length; index++) {
			const value = Number(data[index]);
			if (!isData(value)) continue;
			filled[Math.floor(index / elementsPerCell)] = 1;
			elements++;
			sum += value;
			if (value < min) min = value;
			if (value > max) max = value;
		}
		for (let cell = 0; cell < cellCount; cell++) cellsWithData += filled[cell]!;
		onBlock(block, (cell) => filled[cell] === 1);
	}
	const any = elements > 0;
	return {
		storedChunks,
		cellsWithData,
		min: any ? min : null,
		mean: any ? sum / elements : null,
		max: any ? max : null,
	};
}

/** How many elements of the array belong to one cell: those of its trailing dimensions. */
export function elementsPerCellOf({ shape, dimensionNames }: ArrayDescription): number {
	const isTrailing = (dimension: number): boolean => /^vector(_\d+)?$/.test(dimensionNames?.[dimension] ?? "");
	return shape.reduce((product, length, dimension) => (isTrailing(dimension) ? product * length : product), 1);
}

function dataTest(fillValue: unknown): (value: number) => boolean {
	const fill = Number(fillValue);
	return Number.isNaN(fill) ? (value) => !Number.isNaN(value) : (value) => value !== fill && !Number.isNaN(value);
}
