import { B_TREE_OF_CHUNKS, type BTreeEntry, placeBTree } from "./b-tree.ts";
import type { ChunkedLayout } from "./chunks.ts";
import type { ElementType } from "./element-type.ts";
import type { MetadataBlock } from "./metadata-block.ts";
import { objectHeader } from "./object-header.ts";
import { type Address, record, UNDEFINED_ADDRESS } from "./record.ts";

/** A dataset whose values are in the file and whose header is still to be written. */
export interface StoredDataset {
	readonly elementType: ElementType;
	readonly shape: readonly number[];
	/** The element that readers give where nothing was written, as stored. */
	readonly fill: Uint8Array;
	readonly storage: ContiguousStorage | ChunkedStorage;
}

export interface ContiguousStorage {
	readonly kind: "contiguous";
	readonly address: Address;
	/** In bytes. */
	readonly size: number;
}

export interface ChunkedStorage {
	readonly kind: "chunked";
	readonly layout: ChunkedLayout;
	/** In the order of `chunkOrigins`. */
	readonly chunks: readonly StoredChunk[];
}

export interface StoredChunk {
	readonly origin: readonly number[];
	readonly address: number;
	/** In bytes, as stored. */
	readonly size: number;
}

/** The number of children of a chunk B-tree node: fixed by superblock version 0. */
const CHUNKS_PER_NODE = 64;
const UNLIMITED = UNDEFINED_ADDRESS;

/** Writes a dataset's chunk index and object header and returns the address of the header. */
export function placeDataset(block: MetadataBlock, dataset: StoredDataset): number {
	const { elementType, storage } = dataset;
	const messages = [
		{ type: 0x01, body: dataspace(dataset) },
		{ type: 0x03, body: elementType.datatype, constant: true },
		{ type: 0x05, body: fillValue(dataset), constant: true },
	];
	if (storage.kind === "contiguous") {
		messages.push({ type: 0x08, body: record().u8(3, 1).u64(storage.address).u64(storage.size).build() });
	} else {
		messages.push({ type: 0x08, body: chunkedLayout(placeChunkIndex(block, storage), storage.layout) });
		const filters = filterPipeline(storage.layout);
		if (filters !== undefined) messages.push({ type: 0x0b, body: filters, constant: true });
	}
	return block.place(objectHeader(messages));
}

/** Lengths of the dimensions, and as in real granules no limit to them where there are chunks. */
function dataspace({ shape, storage }: StoredDataset): Uint8Array {
	const hasLimits = storage.kind === "chunked";
	const body = record()
		.u8(1, shape.length, hasLimits ? 1 : 0)
		.zeros(5);
	for (const length of shape) body.u64(length);
	if (hasLimits) for (const _ of shape) body.u64(UNLIMITED);
	return body.build();
}

function fillValue({ fill, storage }: StoredDataset): Uint8Array {
	const allocatedLate = 2;
	const allocatedIncrementally = 3;
	const writtenIfSet = 2;
	const defined = 1;
	return record()
		.u8(2, storage.kind === "contiguous" ? allocatedLate : allocatedIncrementally, writtenIfSet, defined)
		.u32(fill.length)
		.bytes(fill)
		.build();
}

function chunkedLayout(index: Address, { chunkShape, elementSize }: ChunkedLayout): Uint8Array {
	const body = record()
		.u8(3, 2, chunkShape.length + 1)
		.u64(index);
	for (const length of chunkShape) body.u32(length);
	return body.u32(elementSize).build();
}

function filterPipeline({ shuffle, deflateLevel, elementSize }: ChunkedLayout): Uint8Array | undefined {
	const filters: { id: number; name: string; parameter: number }[] = [];
	if (shuffle) filters.push({ id: 2, name: "shuffle", parameter: elementSize });
	if (deflateLevel !== undefined) filters.push({ id: 1, name: "deflate", parameter: deflateLevel });
	if (filters.length === 0) return undefined;

	const optional = 1;
	const body = record().u8(1, filters.length).zeros(6);
	for (const { id, name, parameter } of filters) {
		const paddedName = record().bytes(Buffer.from(name)).zeros(1).alignTo8().build();
		body.u16(id).u16(paddedName.length).u16(optional).u16(1).bytes(paddedName).u32(parameter).zeros(4);
	}
	return body.build();
}

function placeChunkIndex(block: MetadataBlock, { layout, chunks }: ChunkedStorage): Address {
	const last = chunks.at(-1);
	if (last === undefined) return UNDEFINED_ADDRESS;
	const entries: BTreeEntry[] = chunks.map(({ origin, address, size }) => ({
		key: chunkKey(size, origin),
		child: address,
	}));
	const behindLast = last.origin.map((position, axis) => position + layout.chunkShape[axis]!);
	return placeBTree(block, B_TREE_OF_CHUNKS, entries, chunkKey(0, behindLast), CHUNKS_PER_NODE);
}

function chunkKey(size: number, origin: readonly number[]): Uint8Array {
	const skippedFilters = 0;
	const key = record().u32(size).u32(skippedFilters);
	for (const position of origin) key.u64(position);
	return key.u64(0).build(); // the position inside an element, which the format counts as a dimension
}
