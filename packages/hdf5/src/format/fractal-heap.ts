import { corrupt, unsupported } from "../errors.ts";
import { Cursor } from "./cursor.ts";
import { lookup3 } from "./lookup3.ts";
import type { MetadataReader } from "./metadata-reader.ts";
import { remember } from "./remember.ts";

/** A heap of small objects that are addressed by heap ID (III.G): the links of large groups. */
export interface FractalHeap {
	/** A cursor over the object with this ID. */
	object(heapId: Uint8Array): Promise<Cursor>;
}

interface HeapShape {
	readonly address: number;
	readonly tableWidth: number;
	readonly startBlockSize: number;
	readonly maxDirectBlockSize: number;
	/** Bytes of an offset within the heap. */
	readonly heapOffsetSize: number;
	/** Bytes of an object's length in a heap ID. */
	readonly objectLengthSize: number;
	readonly directBlocksHaveChecksums: boolean;
}

const MANAGED_OBJECT = 0;
const kindNames = ["managed", "huge", "tiny", "reserved"];

/** Opens the heap whose header is at the address. Blocks stay in memory as long as the heap does. */
export async function openFractalHeap(reader: MetadataReader, address: number): Promise<FractalHeap> {
	const { shape, rootAddress, rootRowCount } = await readHeader(reader, address);
	const blocks = new Map<number, Promise<Cursor>>();

	/** The direct block that holds the heap offset, and where the block starts in the heap. */
	async function directBlock(heapOffset: number): Promise<{ block: Cursor; start: number }> {
		if (rootAddress === undefined) throw corrupt(reader.file, `the fractal heap at address ${address} has no blocks`);
		let blockAddress = rootAddress;
		let rowCount = rootRowCount;
		let blockSize = shape.startBlockSize;
		let start = 0;
		// Each step goes to a smaller block, so a damaged heap cannot make this endless.
		while (rowCount > 0) {
			const [tableAddress, tableRows] = [blockAddress, rowCount];
			const indirect = await remember(blocks, tableAddress, () =>
				readIndirectBlock(reader, shape, tableAddress, tableRows),
			);
			const place = locate(shape, heapOffset - start);
			if (place.row >= rowCount) throw indirect.damage(`has no row for heap offset ${heapOffset}`);
			const slots = indirect.rewound();
			slots.skip(prefixSize(reader, shape));
			slots.skip((place.row * shape.tableWidth + place.column) * reader.offsetSize);
			blockAddress = slots.definedAddress();
			start += place.start;
			blockSize = place.blockSize;
			rowCount = blockSize > shape.maxDirectBlockSize ? rowsOf(shape, blockSize) : 0;
		}
		const [dataAddress, dataSize] = [blockAddress, blockSize];
		const block = await remember(blocks, dataAddress, () => readDirectBlock(reader, shape, dataAddress, dataSize));
		return { block, start };
	}

	return {
		async object(heapId) {
			const location = { file: reader.file, what: "fractal heap ID", address };
			const id = new Cursor(heapId, location, reader.offsetSize, reader.lengthSize);
			const kind = (id.u8() >> 4) & 0x03;
			if (kind !== MANAGED_OBJECT) throw unsupported(reader.file, `a ${kindNames[kind]} object in a fractal heap`);
			const heapOffset = id.uint(shape.heapOffsetSize);
			const length = id.uint(shape.objectLengthSize);
			const { block, start } = await directBlock(heapOffset);
			const content = block.rewound();
			content.skip(heapOffset - start);
			return content.sub(length, "link");
		},
	};
}

async function readHeader(
	reader: MetadataReader,
	address: number,
): Promise<{ shape: HeapShape; rootAddress: number | undefined; rootRowCount: number }> {
	const size = 26 + 12 * reader.lengthSize + 3 * reader.offsetSize;
	const header = await reader.cursor(address, size, "fractal heap header");
	header.expectSignature("FRHP");
	header.expectVersion(0);
	header.skip(2); // heap ID length
	const filterSize = header.u16();
	const flags = header.u8();
	const maxManagedSize = header.u32();
	// Huge objects, free space, sizes and counts: nothing that finding an object needs.
	header.skip(2 * reader.offsetSize + 10 * reader.lengthSize);
	const tableWidth = header.u16();
	const startBlockSize = header.length();
	const maxDirectBlockSize = header.length();
	const maxHeapSizeBits = header.u16();
	header.skip(2); // rows that a root indirect block starts with
	const rootAddress = header.address();
	const rootRowCount = header.u16();
	if (filterSize > 0) throw unsupported(reader.file, "filtered fractal heaps");
	header.expectChecksum();
	const sizes = [tableWidth, startBlockSize, maxDirectBlockSize];
	if (sizes.some((value) => value < 1 || !Number.isInteger(Math.log2(value))) || startBlockSize > maxDirectBlockSize) {
		throw header.damage(`has impossible block sizes (${sizes})`);
	}
	if (maxHeapSizeBits > 64 || maxManagedSize === 0) throw header.damage("has impossible object sizes");
	const shape = {
		address,
		tableWidth,
		startBlockSize,
		maxDirectBlockSize,
		heapOffsetSize: Math.ceil(maxHeapSizeBits / 8),
		objectLengthSize: Math.min(
			Math.ceil(Math.log2(maxDirectBlockSize) / 8),
			Math.floor(Math.log2(maxManagedSize) / 8) + 1,
		),
		directBlocksHaveChecksums: (flags & 0x02) !== 0,
	};
	return { shape, rootAddress, rootRowCount };
}

/** Where in a table of blocks an offset falls: the first two rows have blocks of the start size, then they double. */
function locate(shape: HeapShape, offset: number): { row: number; column: number; start: number; blockSize: number } {
	const firstRowSize = shape.tableWidth * shape.startBlockSize;
	const row = offset < firstRowSize ? 0 : Math.floor(Math.log2(offset / firstRowSize)) + 1;
	const rowStart = row === 0 ? 0 : firstRowSize * 2 ** (row - 1);
	const blockSize = shape.startBlockSize * 2 ** Math.max(0, row - 1);
	const column = Math.floor((offset - rowStart) / blockSize);
	return { row, column, start: rowStart + column * blockSize, blockSize };
}

/** Rows of the table inside an indirect block that covers `size` bytes of the heap. */
function rowsOf(shape: HeapShape, size: number): number {
	return Math.log2(size) - Math.log2(shape.startBlockSize * shape.tableWidth) + 1;
}

/** The blocks of rows up to the largest direct size are data, those below are tables again; all are addresses here. */
async function readIndirectBlock(
	reader: MetadataReader,
	shape: HeapShape,
	address: number,
	rowCount: number,
): Promise<Cursor> {
	const size = prefixSize(reader, shape) + rowCount * shape.tableWidth * reader.offsetSize + 4;
	const block = await reader.cursor(address, size, "fractal heap indirect block");
	expectPrefix(block, "FHIB", shape);
	block.position = size - 4;
	block.expectChecksum();
	return block;
}

async function readDirectBlock(
	reader: MetadataReader,
	shape: HeapShape,
	address: number,
	size: number,
): Promise<Cursor> {
	const block = await reader.cursor(address, size, "fractal heap block");
	expectPrefix(block, "FHDB", shape);
	if (shape.directBlocksHaveChecksums) {
		const checksumStart = block.position;
		const expected = block.u32();
		// The checksum covers the whole block with its own field zeroed.
		const zeroed = new Uint8Array(block.bytes).fill(0, checksumStart, checksumStart + 4);
		if (lookup3(zeroed) !== expected) throw block.damage("fails its checksum");
	}
	return block;
}

/** Signature, version, the header's address, the block's offset in the heap. */
function prefixSize(reader: MetadataReader, shape: HeapShape): number {
	return 5 + reader.offsetSize + shape.heapOffsetSize;
}

function expectPrefix(block: Cursor, signature: string, shape: HeapShape): void {
	block.expectSignature(signature);
	block.expectVersion(0);
	if (block.definedAddress() !== shape.address) throw block.damage("belongs to another heap");
	block.skip(shape.heapOffsetSize);
}
