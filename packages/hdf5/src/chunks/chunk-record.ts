import type { Cursor } from "../format/cursor.ts";

/** Where one chunk is stored, and which part of the dataset it holds. */
export interface ChunkRecord {
	readonly address: number;
	/** Bytes as stored, after filtering. */
	readonly size: number;
	/** Bit n set: filter n of the pipeline was left out for this chunk. */
	readonly filterMask: number;
	/** Indices of the chunk's first element. */
	readonly start: readonly number[];
}

/** The chunk's place in the file alone, as array indices keep it. */
export type StoredChunk = Omit<ChunkRecord, "start">;

/** Finds a chunk by its number in the grid; undefined for one never written. */
export type ChunkLookup = (index: number) => Promise<StoredChunk | undefined>;

/**
 * The element of a fixed or extensible array: an address and, for filtered chunks, size and filter mask (VII.B and
 * VII.C). Undefined for a chunk never written.
 *
 * @param elementSize bytes of the element, which give the width of the size
 */
export function readStoredChunk(
	cursor: Cursor,
	elementSize: number,
	filtered: boolean,
	chunkBytes: number,
): StoredChunk | undefined {
	const address = cursor.address();
	if (!filtered) return address === undefined ? undefined : { address, size: chunkBytes, filterMask: 0 };
	const size = cursor.uint(elementSize - cursor.offsetSize - 4);
	const filterMask = cursor.u32();
	return address === undefined ? undefined : { address, size, filterMask };
}

/** Checks that array elements of this size can hold what `readStoredChunk` reads. */
export function checkElementSize(header: Cursor, elementSize: number, filtered: boolean): void {
	const { offsetSize } = header;
	const sizeWidth = elementSize - offsetSize - 4;
	const valid = filtered ? sizeWidth >= 1 && sizeWidth <= 8 : elementSize === offsetSize;
	if (!valid) throw header.damage(`has elements of ${elementSize} bytes`);
}
