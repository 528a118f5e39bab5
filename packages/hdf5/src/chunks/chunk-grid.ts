import { corrupt, Hdf5Error } from "../errors.ts";

/** Half-open index ranges, one per dimension. */
export type Ranges = readonly (readonly [start: number, end: number])[];

/** Chunks that one read may touch: beyond this, the list of chunks alone would fill the memory. */
export const MAX_CHUNKS_PER_READ = 1_000_000;

/** How a dataset is cut into chunks, and which part of it is wanted. */
export interface ChunkGrid {
	readonly file: string;
	readonly path: string;
	readonly shape: readonly number[];
	readonly maxShape: readonly number[];
	readonly chunkShape: readonly number[];
	/** Bytes of one chunk before filtering. */
	readonly chunkBytes: number;
	/** The wanted part; never empty in any dimension. */
	readonly ranges: Ranges;
}

/** One chunk of the grid: its first element and its number in the index's order. */
export interface GridChunk {
	readonly start: readonly number[];
	readonly index: number;
}

/** Chunks that the wanted part touches, first and end in each dimension, in chunks. */
export function wantedChunkRanges(grid: ChunkGrid): Ranges {
	return grid.ranges.map(([start, end], dimension) => {
		const extent = grid.chunkShape[dimension]!;
		return [Math.floor(start / extent), Math.ceil(end / extent)] as const;
	});
}

/** How many chunks the wanted part touches. */
export function wantedChunkCount(grid: ChunkGrid): number {
	return wantedChunkRanges(grid).reduce((product, [first, end]) => product * (end - first), 1);
}

/**
 * The wanted chunks with their numbers: row-major over the grid of the largest allowed shape, so that numbers stay
 * when the dataset grows.
 *
 * @param slowest the dimension that varies slowest: the unlimited one of an extensible array
 * @throws Hdf5Error `hdf5/too-large` for more than `MAX_CHUNKS_PER_READ`
 */
export function wantedChunks(grid: ChunkGrid, slowest = 0): GridChunk[] {
	const { file, path, chunkShape, maxShape } = grid;
	const count = wantedChunkCount(grid);
	if (count > MAX_CHUNKS_PER_READ) {
		throw new Hdf5Error("hdf5/too-large", `Reading ${path} in ${file} would touch ${count} chunks`, {
			remedy: "Read it in windows of fewer rows",
			context: { file, path, chunks: count },
		});
	}
	const strides = chunkStrides(grid, slowest);
	const ranges = wantedChunkRanges(grid);
	const chunks: GridChunk[] = [];
	const position = ranges.map(([first]) => first);
	for (let number = 0; number < count; number++) {
		const start = position.map((place, dimension) => place * chunkShape[dimension]!);
		const index = position.reduce((sum, place, dimension) => sum + place * strides[dimension]!, 0);
		if (!Number.isSafeInteger(index)) throw corrupt(file, `${path} has an impossible maximum shape (${maxShape})`);
		chunks.push({ start, index });
		for (let dimension = position.length - 1; dimension >= 0; dimension--) {
			position[dimension]! += 1;
			if (position[dimension]! < ranges[dimension]![1]) break;
			position[dimension] = ranges[dimension]![0];
		}
	}
	return chunks;
}

/** Chunks to move on for one step in each dimension. The slowest dimension's own extent does not matter. */
function chunkStrides({ chunkShape, maxShape }: ChunkGrid, slowest: number): number[] {
	const strides = chunkShape.map(() => 0);
	let stride = 1;
	for (let dimension = chunkShape.length - 1; dimension >= 0; dimension--) {
		if (dimension === slowest) continue;
		strides[dimension] = stride;
		stride *= Math.ceil(maxShape[dimension]! / chunkShape[dimension]!);
	}
	strides[slowest] = stride;
	return strides;
}

/** Whether the chunk that starts here holds anything wanted. */
export function holdsWanted({ ranges, chunkShape }: ChunkGrid, start: readonly number[]): boolean {
	return ranges.every(([first, end], dimension) => {
		const place = start[dimension]!;
		return place < end && place + chunkShape[dimension]! > first;
	});
}
