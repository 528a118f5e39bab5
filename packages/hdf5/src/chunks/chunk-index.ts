import { corrupt } from "../errors.ts";
import type { ChunkedLayout } from "../format/layout.ts";
import type { MetadataReader } from "../format/metadata-reader.ts";
import { readBTreeV1Chunks } from "./b-tree-v1-chunks.ts";
import { readBTreeV2Chunks } from "./b-tree-v2-chunks.ts";
import { type ChunkGrid, wantedChunks } from "./chunk-grid.ts";
import type { ChunkLookup, ChunkRecord } from "./chunk-record.ts";
import { openExtensibleArray } from "./extensible-array.ts";
import { openFixedArray } from "./fixed-array.ts";

/** Enough to ask for many index pages at once; all lookups of a large dataset at once would drown in promises. */
const LOOKUPS_AT_ONCE = 1024;

/** The written chunks that hold part of what `grid` wants, in no set order. Reads no more of the index than needed. */
export async function readChunkIndex(
	reader: MetadataReader,
	layout: ChunkedLayout,
	grid: ChunkGrid,
): Promise<ChunkRecord[]> {
	const { index, address } = layout;
	const { chunkBytes, maxShape, path } = grid;
	if (address === undefined) return [];
	switch (index.kind) {
		case "b-tree-v1":
			return readBTreeV1Chunks(reader, address, grid);
		case "b-tree-v2":
			return readBTreeV2Chunks(reader, address, grid);
		case "single": {
			const { size, filterMask } = index.filtered ?? { size: chunkBytes, filterMask: 0 };
			return [{ address, size, filterMask, start: grid.shape.map(() => 0) }];
		}
		case "implicit": {
			requireLimited(grid, reader.file);
			return wantedChunks(grid).map(({ start, index: number }) => ({
				address: address + number * chunkBytes,
				size: chunkBytes,
				filterMask: 0,
				start,
			}));
		}
		case "fixed-array": {
			requireLimited(grid, reader.file);
			return lookUp(grid, 0, await openFixedArray(reader, address, chunkBytes));
		}
		case "extensible-array": {
			const unlimited = maxShape.flatMap((extent, dimension) =>
				extent === Number.POSITIVE_INFINITY ? [dimension] : [],
			);
			if (unlimited.length !== 1) throw corrupt(reader.file, `${path} has an extensible array for shape (${maxShape})`);
			return lookUp(grid, unlimited[0]!, await openExtensibleArray(reader, address, chunkBytes));
		}
	}
}

async function lookUp(grid: ChunkGrid, slowest: number, lookup: ChunkLookup): Promise<ChunkRecord[]> {
	const wanted = wantedChunks(grid, slowest);
	const records: ChunkRecord[] = [];
	for (let first = 0; first < wanted.length; first += LOOKUPS_AT_ONCE) {
		const batch = wanted.slice(first, first + LOOKUPS_AT_ONCE);
		const stored = await Promise.all(batch.map(({ index }) => lookup(index)));
		for (const [place, chunk] of stored.entries()) {
			if (chunk !== undefined) records.push({ ...chunk, start: batch[place]!.start });
		}
	}
	return records;
}

function requireLimited(grid: ChunkGrid, file: string): void {
	if (grid.maxShape.includes(Number.POSITIVE_INFINITY)) {
		throw corrupt(file, `${grid.path} can grow without limit, but its chunk index cannot`);
	}
}
