import { paddingTo8, type RecordBuilder, record } from "./record.ts";

/**
 * The headers, heaps and B-trees of a file, gathered into one run of bytes behind its data, so that they are
 * written at once and a reader in a cloud finds them side by side.
 */
export interface MetadataBlock {
	/** Where the block starts in the file. */
	readonly start: number;
	/** The first address behind the block. */
	readonly end: number;
	/** Appends a record, 8-byte aligned, and returns its address in the file. */
	place(bytes: Uint8Array): number;
	build(): Uint8Array;
}

/** Starts an empty block behind the first `dataEnd` bytes of a file. */
export function metadataBlock(dataEnd: number): MetadataBlock {
	const start = dataEnd + paddingTo8(dataEnd);
	const block: RecordBuilder = record();
	return {
		start,
		get end() {
			return start + block.length;
		},
		place(bytes) {
			const address = start + block.length;
			block.bytes(bytes).alignTo8();
			return address;
		},
		build: () => block.build(),
	};
}
