import { walkBTreeV1 } from "../format/b-tree-v1.ts";
import type { Cursor } from "../format/cursor.ts";
import type { MetadataReader } from "../format/metadata-reader.ts";
import { type ChunkGrid, holdsWanted } from "./chunk-grid.ts";
import type { ChunkRecord } from "./chunk-record.ts";

/** Bytes of the stored size and the filter mask before a key's offsets. */
const KEY_PREFIX_BYTES = 8;

/**
 * The wanted chunks of a version 1 B-tree. Keys hold the chunk's stored size, filter mask and element offsets, the
 * last of them (within the element) always zero; they are sorted by offset, slowest dimension first.
 */
export async function readBTreeV1Chunks(
	reader: MetadataReader,
	address: number,
	grid: ChunkGrid,
): Promise<ChunkRecord[]> {
	const rank = grid.chunkShape.length;
	const [firstRow, endRow] = grid.ranges[0]!;
	const rowsPerChunk = grid.chunkShape[0]!;
	const chunks: ChunkRecord[] = [];
	await walkBTreeV1(reader, address, {
		nodeType: "chunk",
		keySize: KEY_PREFIX_BYTES + 8 * (rank + 1),
		wanted: (key, nextKey) => rowOf(key) < endRow && rowOf(nextKey) + rowsPerChunk > firstRow,
		leaf(key, child) {
			const size = key.u32();
			const filterMask = key.u32();
			const start = grid.chunkShape.map(() => key.uint(8));
			if (key.uint(8) !== 0 || start.some((offset, dimension) => offset % grid.chunkShape[dimension]! !== 0)) {
				throw key.damage(`has a chunk at (${start}), which is no corner of a chunk`);
			}
			if (holdsWanted(grid, start)) chunks.push({ address: child, size, filterMask, start });
		},
	});
	return chunks;
}

function rowOf(key: Cursor): number {
	key.skip(KEY_PREFIX_BYTES);
	return key.uint(8);
}
