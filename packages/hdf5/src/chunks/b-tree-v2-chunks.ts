import { bTreeV2Types, walkBTreeV2 } from "../format/b-tree-v2.ts";
import type { Cursor } from "../format/cursor.ts";
import type { MetadataReader } from "../format/metadata-reader.ts";
import { type ChunkGrid, holdsWanted } from "./chunk-grid.ts";
import type { ChunkRecord } from "./chunk-record.ts";

/**
 * The wanted chunks of a version 2 B-tree (record types 10 and 11): address, for filtered chunks size and filter mask,
 * then the chunk's position counted in chunks; sorted by position, slowest dimension first.
 */
export async function readBTreeV2Chunks(
	reader: MetadataReader,
	address: number,
	grid: ChunkGrid,
): Promise<ChunkRecord[]> {
	const { chunkShape, chunkBytes } = grid;
	const positionBytes = 8 * chunkShape.length;
	const [firstRow, endRow] = grid.ranges[0]!;
	const rowsPerChunk = chunkShape[0]!;
	const chunks: ChunkRecord[] = [];

	/** First row of the record's chunk. */
	function rowOf(record: Cursor): number {
		record.skip(record.bytes.length - positionBytes);
		return record.uint(8) * rowsPerChunk;
	}

	await walkBTreeV2(reader, address, {
		types: [bTreeV2Types.chunks, bTreeV2Types.filteredChunks],
		wanted: (before, after) =>
			(before === undefined || rowOf(before) < endRow) &&
			(after === undefined || rowOf(after) + rowsPerChunk > firstRow),
		record(record, type) {
			const chunkAddress = record.definedAddress();
			const filtered = type === bTreeV2Types.filteredChunks;
			// The size takes whatever the record has beyond its fixed fields.
			const size = filtered ? record.uint(record.remaining - 4 - positionBytes) : chunkBytes;
			const filterMask = filtered ? record.u32() : 0;
			const start = chunkShape.map((extent) => record.uint(8) * extent);
			if (record.remaining > 0) throw record.damage("has records of the wrong size");
			if (holdsWanted(grid, start)) chunks.push({ address: chunkAddress, size, filterMask, start });
		},
	});
	return chunks;
}
