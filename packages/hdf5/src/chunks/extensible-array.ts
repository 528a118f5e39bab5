import type { Cursor } from "../format/cursor.ts";
import type { MetadataReader } from "../format/metadata-reader.ts";
import { remember } from "../format/remember.ts";
import { type ChunkLookup, readStoredChunk } from "./chunk-record.ts";
import {
	describeSuperBlocks,
	type ExtensibleArrayHeader,
	readExtensibleArrayHeader,
	type SuperBlock,
} from "./extensible-array-header.ts";
import { isBitSet } from "./fixed-array.ts";

/**
 * Opens an extensible array index (VII.C). The first elements are in the index block, the next in data blocks that
 * it lists, all others in data blocks that super blocks list.
 */
export async function openExtensibleArray(
	reader: MetadataReader,
	address: number,
	chunkBytes: number,
): Promise<ChunkLookup> {
	const header = await readExtensibleArrayHeader(reader, address);
	const { elementSize, filtered, indexBlockElements, indexBlockAddress } = header;
	if (indexBlockAddress === undefined) return async () => undefined;
	const superBlocks = describeSuperBlocks(header);
	const indexBlock = await readIndexBlock(reader, header, indexBlockAddress, superBlocks);
	const blocks = new Map<number, Promise<Cursor>>();

	/** The address at this place of an index or super block's list. */
	function listed(block: Cursor, listStart: number, place: number): number | undefined {
		const list = block.rewound();
		list.skip(listStart + place * reader.offsetSize);
		return list.address();
	}

	/** A cursor at the element, or undefined when its block was never written. */
	async function locate(index: number): Promise<Cursor | undefined> {
		const prefixSize = 6 + reader.offsetSize;
		if (index < indexBlockElements) return at(indexBlock, prefixSize + index * elementSize);
		const listStart = prefixSize + indexBlockElements * elementSize;
		const position = index - indexBlockElements;
		const number = Math.floor(Math.log2(position / header.minBlockElements + 1));
		const superBlock = superBlocks[number]!;
		const inSuperBlock = position - superBlock.firstElement;
		const block = Math.floor(inSuperBlock / superBlock.blockElements);
		const inBlock = inSuperBlock % superBlock.blockElements;

		if (number < header.directSuperBlocks) {
			const blockAddress = listed(indexBlock, listStart, superBlock.firstBlock + block);
			return blockAddress === undefined ? undefined : inDataBlock(superBlock, blockAddress, inBlock);
		}
		const directBlocks = superBlocks[header.directSuperBlocks]!.firstBlock;
		const superBlockAddress = listed(indexBlock, listStart, directBlocks + number - header.directSuperBlocks);
		if (superBlockAddress === undefined) return undefined;
		const listing = await remember(blocks, superBlockAddress, () =>
			readSuperBlock(reader, header, superBlockAddress, superBlock),
		);
		const bitmapStart = prefixSize + header.arrayOffsetSize;
		const bitmapSize = superBlock.blockCount * Math.ceil(superBlock.pageCount / 8);
		const blockAddress = listed(listing, bitmapStart + bitmapSize, block);
		if (blockAddress === undefined) return undefined;
		if (superBlock.pageCount > 0) {
			const bitmap = listing.bytes.subarray(bitmapStart, bitmapStart + bitmapSize);
			const page = block * superBlock.pageCount + Math.floor(inBlock / header.pageElements);
			if (!isBitSet(bitmap, page)) return undefined;
		}
		return inDataBlock(superBlock, blockAddress, inBlock);
	}

	async function inDataBlock(superBlock: SuperBlock, blockAddress: number, inBlock: number): Promise<Cursor> {
		const prefixSize = 6 + reader.offsetSize + header.arrayOffsetSize;
		if (superBlock.pageCount === 0) {
			const block = await remember(blocks, blockAddress, () =>
				readBlock(
					reader,
					header,
					blockAddress,
					"EADB",
					header.arrayOffsetSize + superBlock.blockElements * elementSize,
				),
			);
			return at(block, prefixSize + inBlock * elementSize);
		}
		// The prefix has a checksum of its own, then every page has one.
		const pageSize = header.pageElements * elementSize + 4;
		const page = Math.floor(inBlock / header.pageElements);
		const pageAddress = blockAddress + prefixSize + 4 + page * pageSize;
		const elements = await remember(blocks, pageAddress, async () => {
			const cursor = await reader.cursor(pageAddress, pageSize, "extensible array page");
			cursor.position = pageSize - 4;
			cursor.expectChecksum();
			return cursor;
		});
		return at(elements, (inBlock % header.pageElements) * elementSize);
	}

	return async (index) => {
		if (index >= header.elementCount) return undefined;
		const element = await locate(index);
		return element && readStoredChunk(element, elementSize, filtered, chunkBytes);
	};
}

function at(block: Cursor, position: number): Cursor {
	const cursor = block.rewound();
	cursor.skip(position);
	return cursor;
}

/** Elements, then addresses of data blocks, then addresses of super blocks. */
function readIndexBlock(
	reader: MetadataReader,
	header: ExtensibleArrayHeader,
	address: number,
	superBlocks: readonly SuperBlock[],
): Promise<Cursor> {
	const dataBlocks = superBlocks[header.directSuperBlocks]!.firstBlock;
	const addresses = dataBlocks + header.superBlockCount - header.directSuperBlocks;
	const content = header.indexBlockElements * header.elementSize + addresses * reader.offsetSize;
	return readBlock(reader, header, address, "EAIB", content);
}

/** The block's offset, one page bitmap per data block, addresses of data blocks. */
function readSuperBlock(
	reader: MetadataReader,
	header: ExtensibleArrayHeader,
	address: number,
	superBlock: SuperBlock,
): Promise<Cursor> {
	const { blockCount, pageCount } = superBlock;
	const content = header.arrayOffsetSize + blockCount * (Math.ceil(pageCount / 8) + reader.offsetSize);
	return readBlock(reader, header, address, "EASB", content);
}

/** Signature, version, client, the header's address, `contentSize` bytes, checksum. */
async function readBlock(
	reader: MetadataReader,
	header: ExtensibleArrayHeader,
	address: number,
	signature: string,
	contentSize: number,
): Promise<Cursor> {
	const block = await reader.cursor(address, 6 + reader.offsetSize + contentSize + 4, "extensible array block");
	block.expectSignature(signature);
	block.expectVersion(0);
	block.skip(1); // client
	if (block.definedAddress() !== header.address) throw block.damage("belongs to another extensible array");
	block.position = block.bytes.length - 4;
	block.expectChecksum();
	return block;
}
