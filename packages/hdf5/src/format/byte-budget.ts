import type { Cursor } from "./cursor.ts";
import type { MetadataReader } from "./metadata-reader.ts";

/**
 * Structures of one kind do not overlap, so together they are no larger than the file. Counting what has been used
 * bounds the time and memory that a crafted file can cost by pointing many times at the same bytes.
 *
 * @returns counts `bytes` (all of the cursor's by default) and throws `hdf5/corrupt` when the file is used up
 */
export function createByteBudget(reader: MetadataReader): (structure: Cursor, bytes?: number) => void {
	let left = reader.size;
	return (structure, bytes = structure.bytes.length) => {
		left -= bytes;
		if (left < 0) throw structure.damage("and its like are larger than the file");
	};
}
