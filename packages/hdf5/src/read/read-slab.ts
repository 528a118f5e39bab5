import { type ChunkGrid, type Ranges, wantedChunkCount } from "../chunks/chunk-grid.ts";
import { readChunkIndex } from "../chunks/chunk-index.ts";
import type { ChunkRecord } from "../chunks/chunk-record.ts";
import { corrupt, Hdf5Error } from "../errors.ts";
import type { StoredNumber } from "../format/datatype.ts";
import type { Filter } from "../format/filter-pipeline.ts";
import type { ChunkedLayout, Layout } from "../format/layout.ts";
import type { NumericArray } from "../numeric.ts";
import { elementSizeOf } from "../numeric-array.ts";
import { decodeChunk } from "./decode-chunk.ts";
import { createOutput, type Output, swapBytes } from "./output.ts";
import { placeChunk } from "./place-chunk.ts";
import { type DataReader, readPieces } from "./read-pieces.ts";

/** The largest array that one read returns: 4 GiB. */
const MAX_READ_BYTES = 2 ** 32;
/** Contiguous data is read in pieces of about this size. */
const CONTIGUOUS_PIECE_BYTES = 8 * 1024 * 1024;

/** All that reading needs to know of a dataset. */
export interface DatasetDescription {
	readonly path: string;
	readonly shape: readonly number[];
	readonly maxShape: readonly number[];
	readonly number: StoredNumber;
	readonly layout: Layout;
	readonly filters: readonly Filter[];
	readonly fillValue: Uint8Array | undefined;
}

/** Reads the part of the dataset inside `ranges`, row-major, in the machine's byte order. */
export async function readSlab(
	reader: DataReader,
	description: DatasetDescription,
	ranges: Ranges,
): Promise<NumericArray> {
	const { number, layout, path } = description;
	const length = ranges.reduce((product, [start, end]) => product * (end - start), 1);
	if (length * elementSizeOf(number.type) > MAX_READ_BYTES) throw tooLarge(reader.metadata.file, path, length);
	if (length === 0) return createOutput(number.type, 0).array;
	const slab = { ...description, ranges, length };
	const output = await readLayout(reader, layout, slab);
	if (number.bigEndian) swapBytes(output);
	return output.array;
}

interface Slab extends DatasetDescription {
	readonly ranges: Ranges;
	/** Elements in the ranges. */
	readonly length: number;
}

function readLayout(reader: DataReader, layout: Layout, slab: Slab): Promise<Output> {
	switch (layout.kind) {
		case "compact":
			return readCompact(reader, layout.bytes, slab);
		case "contiguous":
			return readContiguous(reader, layout.address, slab);
		case "chunked":
			return readChunked(reader, layout, slab);
	}
}

async function readCompact(reader: DataReader, bytes: Uint8Array, slab: Slab): Promise<Output> {
	const { shape, ranges, number } = slab;
	const size = shape.reduce((product, extent) => product * extent, elementSizeOf(number.type));
	if (bytes.length < size) {
		throw corrupt(reader.metadata.file, `${slab.path} has ${bytes.length} bytes instead of ${size}`);
	}
	const output = createOutput(number.type, slab.length);
	placeChunk(
		{ bytes, shuffled: false },
		shape.map(() => 0),
		shape,
		ranges,
		output,
	);
	return output;
}

/** Contiguous data counts as unfiltered chunks of whole rows, cut so that the first starts where the window does. */
async function readContiguous(reader: DataReader, address: number | undefined, slab: Slab): Promise<Output> {
	const { shape, ranges } = slab;
	const output = allocate(reader, slab);
	if (address === undefined) {
		fill(output, slab.fillValue);
		return output;
	}
	const [startRow, endRow] = ranges[0] ?? [0, 1];
	const rowBytes = shape.slice(1).reduce((product, extent) => product * extent, output.elementSize);
	const rowsPerPiece = Math.max(1, Math.floor(CONTIGUOUS_PIECE_BYTES / rowBytes));
	const pieces: ChunkRecord[] = [];
	for (let row = startRow; row < endRow; row += rowsPerPiece) {
		const rows = Math.min(rowsPerPiece, endRow - row);
		const start = shape.map((_extent, dimension) => (dimension === 0 ? row : 0));
		pieces.push({ address: address + row * rowBytes, size: rows * rowBytes, filterMask: 0, start });
	}
	const pieceShape = shape.map((extent, dimension) => (dimension === 0 ? rowsPerPiece : extent));
	await readPieces(reader, slab.path, pieces, (bytes, { start }) => {
		placeChunk({ bytes, shuffled: false }, start, pieceShape, ranges, output);
	});
	return output;
}

async function readChunked(reader: DataReader, layout: ChunkedLayout, slab: Slab): Promise<Output> {
	const { path, shape, maxShape, ranges, filters, number } = slab;
	const { file } = reader.metadata;
	const { chunkShape } = layout;
	const elementSize = elementSizeOf(number.type);
	const chunkBytes = chunkShape.reduce((product, extent) => product * extent, elementSize);
	const grid: ChunkGrid = { file, path, shape, maxShape, chunkShape, chunkBytes, ranges };
	const chunks = await readChunkIndex(reader.metadata, layout, grid);
	checkDistinct(chunks, file, path);

	const output = allocate(reader, slab);
	if (chunks.length < wantedChunkCount(grid)) fill(output, slab.fillValue);
	const coding = { file, path, filters, elementSize, chunkBytes };
	await readPieces(reader, path, chunks, (bytes, { start, filterMask }) => {
		const isEdge = start.some((place, dimension) => place + chunkShape[dimension]! > shape[dimension]!);
		const skipsFilters = layout.edgeChunksUnfiltered && isEdge;
		const chunk = decodeChunk(coding, bytes, skipsFilters ? ~0 : filterMask);
		placeChunk(chunk, start, chunkShape, ranges, output);
	});
	return output;
}

/** An index that lists a part of the dataset twice would hide that another part is missing. */
function checkDistinct(chunks: readonly ChunkRecord[], file: string, path: string): void {
	const corners = new Set(chunks.map(({ start }) => (start.length === 1 ? start[0] : start.join())));
	if (corners.size !== chunks.length) throw corrupt(file, `the chunk index of ${path} lists a chunk twice`, { path });
}

function allocate(reader: DataReader, { number, length, path }: Slab): Output {
	try {
		return createOutput(number.type, length);
	} catch (cause) {
		const { file } = reader.metadata;
		throw new Hdf5Error("hdf5/too-large", `There is no memory for ${length} elements of ${path} in ${file}`, {
			failureClass: "out-of-memory",
			remedy: "Read it in windows of fewer rows, or give the process more memory",
			context: { file, path, elements: length },
			cause,
		});
	}
}

function fill(output: Output, value: Uint8Array | undefined): void {
	if (value !== undefined) output.bytes.fill(value);
}

function tooLarge(file: string, path: string, length: number): Hdf5Error {
	return new Hdf5Error("hdf5/too-large", `${length} elements of ${path} in ${file} are too many for one read`, {
		remedy: "Read it in windows of fewer rows",
		context: { file, path, elements: length },
	});
}
