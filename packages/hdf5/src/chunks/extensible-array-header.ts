import type { MetadataReader } from "../format/metadata-reader.ts";
import { checkElementSize } from "./chunk-record.ts";

const FILTERED_CLIENT = 1;

/** The parameters of an extensible array, and what follows from them. */
export interface ExtensibleArrayHeader {
	readonly address: number;
	readonly filtered: boolean;
	readonly elementSize: number;
	/** Elements that the index block itself holds. */
	readonly indexBlockElements: number;
	/** Elements of the smallest data block. */
	readonly minBlockElements: number;
	/** Elements of a page; larger data blocks are cut into pages. */
	readonly pageElements: number;
	/** Bytes of a block's offset within the array. */
	readonly arrayOffsetSize: number;
	/** Super blocks whose data blocks the index block lists itself. */
	readonly directSuperBlocks: number;
	readonly superBlockCount: number;
	/** Elements that were ever set. */
	readonly elementCount: number;
	readonly indexBlockAddress: number | undefined;
}

/** The data blocks that share one super block: they double in number and in size by turns. */
export interface SuperBlock {
	readonly firstElement: number;
	readonly firstBlock: number;
	readonly blockCount: number;
	readonly blockElements: number;
	/** Pages of each data block, 0 when it is not paged. */
	readonly pageCount: number;
}

export async function readExtensibleArrayHeader(
	reader: MetadataReader,
	address: number,
): Promise<ExtensibleArrayHeader> {
	const size = 16 + 6 * reader.lengthSize + reader.offsetSize;
	const cursor = await reader.cursor(address, size, "extensible array header");
	cursor.expectSignature("EAHD");
	cursor.expectVersion(0);
	const filtered = cursor.u8() === FILTERED_CLIENT;
	const elementSize = cursor.u8();
	const maxElementsBits = cursor.u8();
	const indexBlockElements = cursor.u8();
	const minBlockElements = cursor.u8();
	const minPointers = cursor.u8();
	const pageBits = cursor.u8();
	cursor.skip(4 * reader.lengthSize); // counts and sizes of super and data blocks
	const elementCount = cursor.length();
	cursor.length(); // elements with space
	const indexBlockAddress = cursor.address();
	cursor.expectChecksum();
	checkElementSize(cursor, elementSize, filtered);
	const minBlockBits = Math.log2(minBlockElements);
	const directSuperBlocks = 2 * Math.log2(minPointers);
	const superBlockCount = 1 + maxElementsBits - minBlockBits;
	const valid =
		maxElementsBits <= 64 &&
		pageBits <= 32 &&
		Number.isInteger(minBlockBits) &&
		Number.isInteger(directSuperBlocks / 2) &&
		superBlockCount > directSuperBlocks &&
		elementCount <= indexBlockElements + 2 ** maxElementsBits;
	if (!valid) throw cursor.damage("has impossible parameters");
	return {
		address,
		filtered,
		elementSize,
		indexBlockElements,
		minBlockElements,
		pageElements: 2 ** pageBits,
		arrayOffsetSize: Math.ceil(maxElementsBits / 8),
		directSuperBlocks,
		superBlockCount,
		elementCount,
		indexBlockAddress,
	};
}

/** Lists every super block that the array could have. */
export function describeSuperBlocks(header: ExtensibleArrayHeader): SuperBlock[] {
	const superBlocks: SuperBlock[] = [];
	let firstElement = 0;
	let firstBlock = 0;
	for (let number = 0; number < header.superBlockCount; number++) {
		const blockCount = 2 ** Math.floor(number / 2);
		const blockElements = 2 ** Math.ceil(number / 2) * header.minBlockElements;
		const pageCount = blockElements > header.pageElements ? blockElements / header.pageElements : 0;
		superBlocks.push({ firstElement, firstBlock, blockCount, blockElements, pageCount });
		firstElement += blockCount * blockElements;
		firstBlock += blockCount;
	}
	return superBlocks;
}
