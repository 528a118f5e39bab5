import type { Cursor } from "../format/cursor.ts";
import type { MetadataReader } from "../format/metadata-reader.ts";
import { remember } from "../format/remember.ts";
import { type ChunkLookup, checkElementSize, readStoredChunk } from "./chunk-record.ts";

const FILTERED_CLIENT = 1;

/**
 * Opens a fixed array index (VII.B): one element per chunk, either in one block or, when there are many, in pages of
 * which only the written ones are valid.
 */
export async function openFixedArray(
	reader: MetadataReader,
	address: number,
	chunkBytes: number,
): Promise<ChunkLookup> {
	const header = await reader.cursor(address, 12 + reader.lengthSize + reader.offsetSize, "fixed array header");
	header.expectSignature("FAHD");
	header.expectVersion(0);
	const filtered = header.u8() === FILTERED_CLIENT;
	const elementSize = header.u8();
	const pageBits = header.u8();
	const count = header.length();
	const blockAddress = header.address();
	header.expectChecksum();
	checkElementSize(header, elementSize, filtered);
	if (pageBits > 32) throw header.damage(`has pages of 2^${pageBits} elements`);
	if (blockAddress === undefined) return async () => undefined;

	const pageCapacity = 2 ** pageBits;
	const pageCount = count > pageCapacity ? Math.ceil(count / pageCapacity) : 0;
	const prefixSize = 6 + reader.offsetSize + Math.ceil(pageCount / 8);
	const block = await reader.cursor(
		blockAddress,
		prefixSize + (pageCount > 0 ? 0 : count * elementSize) + 4,
		"fixed array data block",
	);
	block.expectSignature("FADB");
	block.expectVersion(0);
	block.skip(1); // client
	if (block.definedAddress() !== address) throw block.damage("belongs to another fixed array");
	const writtenPages = block.take(Math.ceil(pageCount / 8));
	block.position = block.bytes.length - 4;
	block.expectChecksum();

	const pages = new Map<number, Promise<Cursor>>();

	async function readPage(page: number): Promise<Cursor> {
		const pageSize = pageCapacity * elementSize + 4;
		const elements = Math.min(pageCapacity, count - page * pageCapacity);
		const pageAddress = blockAddress! + block.bytes.length + page * pageSize;
		const cursor = await reader.cursor(pageAddress, elements * elementSize + 4, "fixed array page");
		cursor.position = elements * elementSize;
		cursor.expectChecksum();
		return cursor;
	}

	return async (index) => {
		if (index >= count) throw header.damage(`has ${count} elements, but the dataset needs more`);
		const page = Math.floor(index / pageCapacity);
		if (pageCount > 0 && !isBitSet(writtenPages, page)) return undefined;
		const source = pageCount > 0 ? await remember(pages, page, () => readPage(page)) : block;
		const elements = source.rewound();
		elements.skip(pageCount > 0 ? (index % pageCapacity) * elementSize : prefixSize + index * elementSize);
		return readStoredChunk(elements, elementSize, filtered, chunkBytes);
	};
}

/** Page bitmaps count from the highest bit of each byte. */
export function isBitSet(bits: Uint8Array, index: number): boolean {
	return ((bits[Math.floor(index / 8)] ?? 0) & (0x80 >> (index % 8))) !== 0;
}
