import { unsupported } from "../errors.ts";
import type { Cursor } from "./cursor.ts";

/** Where and how a dataset's elements are stored. */
export type Layout = CompactLayout | ContiguousLayout | ChunkedLayout;

/** The elements are inside the object header. */
export interface CompactLayout {
	readonly kind: "compact";
	readonly bytes: Uint8Array;
}

/** The elements are one run of bytes; without an address nothing was ever written. */
export interface ContiguousLayout {
	readonly kind: "contiguous";
	readonly address: number | undefined;
}

/** The elements are in chunks of equal shape, which an index finds. */
export interface ChunkedLayout {
	readonly kind: "chunked";
	readonly chunkShape: readonly number[];
	/** Bytes of one element as the layout states it; the dataset checks it against its type. */
	readonly elementSize: number;
	readonly index: ChunkIndexLayout;
	/** Without an address no chunk was ever written. */
	readonly address: number | undefined;
	/** Chunks that reach over the dataset's edge are stored without filters. */
	readonly edgeChunksUnfiltered: boolean;
}

export type ChunkIndexLayout =
	| { readonly kind: "b-tree-v1" }
	| { readonly kind: "single"; readonly filtered?: { readonly size: number; readonly filterMask: number } }
	| { readonly kind: "implicit" }
	| { readonly kind: "fixed-array" }
	| { readonly kind: "extensible-array" }
	| { readonly kind: "b-tree-v2" };

const COMPACT = 0;
const CONTIGUOUS = 1;
const CHUNKED = 2;
const VIRTUAL = 3;
/** 32 dimensions and one for the element. */
const MAX_LAYOUT_RANK = 33;

/**
 * Parses a data layout message, versions 1 to 5 (IV.A.2.i). Version 5, from HDF5 2.0, has the bytes of version 4.
 */
export function parseLayout(cursor: Cursor): Layout {
	const version = cursor.u8();
	switch (version) {
		case 1:
		case 2:
			return parseVersion1(cursor);
		case 3:
		case 4:
		case 5:
			return parseVersion3(cursor, version);
		default:
			throw unsupported(cursor.location.file, `data layout version ${version}`);
	}
}

/** Versions 1 and 2: one shape of message for all classes. */
function parseVersion1(cursor: Cursor): Layout {
	const rank = cursor.u8();
	const layoutClass = cursor.u8();
	cursor.skip(5);
	const address = layoutClass === COMPACT ? undefined : cursor.address();
	if (rank > MAX_LAYOUT_RANK) throw cursor.damage(`has a layout of ${rank} dimensions`);
	const sizes = Array.from({ length: rank }, () => cursor.u32());
	switch (layoutClass) {
		case COMPACT:
			return { kind: "compact", bytes: cursor.take(cursor.u32()) };
		case CONTIGUOUS:
			return { kind: "contiguous", address };
		case CHUNKED:
			return chunked(cursor, sizes, { kind: "b-tree-v1" }, address, false);
		default:
			throw cursor.damage(`has a layout of class ${layoutClass}`);
	}
}

function parseVersion3(cursor: Cursor, version: number): Layout {
	const layoutClass = cursor.u8();
	switch (layoutClass) {
		case COMPACT:
			return { kind: "compact", bytes: cursor.take(cursor.u16()) };
		case CONTIGUOUS:
			return { kind: "contiguous", address: cursor.address() };
		case CHUNKED:
			return version === 3 ? parseChunkedVersion3(cursor) : parseChunkedVersion4(cursor);
		case VIRTUAL:
			throw unsupported(cursor.location.file, "virtual datasets");
		default:
			throw cursor.damage(`has a layout of class ${layoutClass}`);
	}
}

function parseChunkedVersion3(cursor: Cursor): ChunkedLayout {
	const rank = cursor.u8();
	if (rank > MAX_LAYOUT_RANK) throw cursor.damage(`has a layout of ${rank} dimensions`);
	const address = cursor.address();
	const sizes = Array.from({ length: rank }, () => cursor.u32());
	return chunked(cursor, sizes, { kind: "b-tree-v1" }, address, false);
}

function parseChunkedVersion4(cursor: Cursor): ChunkedLayout {
	const flags = cursor.u8();
	const rank = cursor.u8();
	if (rank > MAX_LAYOUT_RANK) throw cursor.damage(`has a layout of ${rank} dimensions`);
	const sizeWidth = cursor.u8();
	if (sizeWidth < 1 || sizeWidth > 8) throw cursor.damage(`has ${sizeWidth}-byte chunk sizes`);
	const sizes = Array.from({ length: rank }, () => cursor.uint(sizeWidth));
	const index = parseChunkIndex(cursor, flags);
	return chunked(cursor, sizes, index, cursor.address(), (flags & 0x01) !== 0);
}

/** The index's own header repeats the parameters skipped here. */
function parseChunkIndex(cursor: Cursor, flags: number): ChunkIndexLayout {
	const indexType = cursor.u8();
	switch (indexType) {
		case 1:
			if ((flags & 0x02) === 0) return { kind: "single" };
			return { kind: "single", filtered: { size: cursor.length(), filterMask: cursor.u32() } };
		case 2:
			return { kind: "implicit" };
		case 3:
			cursor.skip(1);
			return { kind: "fixed-array" };
		case 4:
			cursor.skip(5);
			return { kind: "extensible-array" };
		case 5:
			cursor.skip(6);
			return { kind: "b-tree-v2" };
		default:
			throw unsupported(cursor.location.file, `chunk index type ${indexType}`);
	}
}

/** The last size is the element's. */
function chunked(
	cursor: Cursor,
	sizes: readonly number[],
	index: ChunkIndexLayout,
	address: number | undefined,
	edgeChunksUnfiltered: boolean,
): ChunkedLayout {
	const elementSize = sizes.at(-1);
	if (elementSize === undefined || sizes.includes(0)) throw cursor.damage(`has chunks of shape (${sizes})`);
	return { kind: "chunked", chunkShape: sizes.slice(0, -1), elementSize, index, address, edgeChunksUnfiltered };
}
