import { GROUP_INTERNAL_K, GROUP_LEAF_K, type PlacedGroup, symbolTableEntry } from "./group.ts";
import { record, UNDEFINED_ADDRESS } from "./record.ts";

export const SUPERBLOCK_SIZE = 96;

/** Builds a version 0 superblock, which opens the file. Layout: HDF5 File Format Specification, II.A. */
export function superblock(root: PlacedGroup, endOfFile: number): Uint8Array {
	const addressAndLengthSizes = [8, 8] as const;
	return record()
		.bytes(Buffer.from("\x89HDF\r\n\x1a\n", "latin1"))
		.zeros(5) // versions of the superblock, free space, root entry and shared messages, all 0, and one unused byte
		.u8(...addressAndLengthSizes, 0)
		.u16(GROUP_LEAF_K)
		.u16(GROUP_INTERNAL_K)
		.u32(0)
		.u64(0) // base address
		.u64(UNDEFINED_ADDRESS) // no free-space index
		.u64(endOfFile)
		.u64(UNDEFINED_ADDRESS) // no driver information
		.bytes(symbolTableEntry(0, root))
		.build();
}
