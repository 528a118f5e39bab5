import { promisify } from "node:util";
import { deflate } from "node:zlib";

const deflateAsync = promisify(deflate);

/** How the bytes of a dataset are cut into chunks and filtered. */
export interface ChunkedLayout {
	/** Elements along each dimension of the dataset. */
	readonly shape: readonly number[];
	/** Elements along each dimension of a chunk. */
	readonly chunkShape: readonly number[];
	/** Bytes of one element. */
	readonly elementSize: number;
	/** The element, as stored, that fills what lies outside the dataset in the chunks at its far edges. */
	readonly fill: Uint8Array;
	readonly shuffle: boolean;
	/** 0 to 9; `undefined` stores chunks uncompressed. */
	readonly deflateLevel: number | undefined;
}

/** The origins of all chunks of a dataset, last dimension fastest, which is the order of the chunk index. */
export function* chunkOrigins({ shape, chunkShape }: ChunkedLayout): Generator<readonly number[]> {
	const counts = shape.map((length, axis) => Math.ceil(length / chunkShape[axis]!));
	const chunkCount = product(counts);
	for (let index = 0; index < chunkCount; index++) {
		yield unravel(index, counts).map((position, axis) => position * chunkShape[axis]!);
	}
}

/** Cuts the chunk at `origin` out of the row-major bytes of a dataset and passes it through the filters. */
export async function encodeChunk(
	data: Uint8Array,
	layout: ChunkedLayout,
	origin: readonly number[],
): Promise<Uint8Array> {
	const chunk = cutChunk(data, layout, origin);
	// As in the HDF5 library, one-byte elements have nothing to shuffle.
	const shuffled = layout.shuffle && layout.elementSize > 1 ? shuffleBytes(chunk, layout.elementSize) : chunk;
	return layout.deflateLevel === undefined ? shuffled : deflateAsync(shuffled, { level: layout.deflateLevel });
}

function cutChunk(data: Uint8Array, layout: ChunkedLayout, origin: readonly number[]): Uint8Array {
	const { shape, chunkShape, elementSize, fill } = layout;
	const extent = chunkShape.map((length, axis) => Math.min(length, shape[axis]! - origin[axis]!));
	const chunkSize = product(chunkShape) * elementSize;
	const isWhole = extent.every((length, axis) => length === chunkShape[axis]);
	const isOneRun = shape.every((length, axis) => axis === 0 || length === chunkShape[axis]);
	if (isWhole && isOneRun) {
		const start = elementOffset(origin, shape) * elementSize;
		return data.subarray(start, start + chunkSize);
	}

	const chunk = Buffer.alloc(chunkSize, fill);
	const runSize = extent.at(-1)! * elementSize;
	const rows = extent.slice(0, -1);
	const rowCount = product(rows);
	for (let row = 0; row < rowCount; row++) {
		const within = [...unravel(row, rows), 0];
		const source = elementOffset(
			within.map((position, axis) => position + origin[axis]!),
			shape,
		);
		const target = elementOffset(within, chunkShape);
		chunk.set(data.subarray(source * elementSize, source * elementSize + runSize), target * elementSize);
	}
	return chunk;
}

/** Gathers the first bytes of all elements, then all second bytes, and so on. */
function shuffleBytes(bytes: Uint8Array, elementSize: number): Uint8Array {
	const shuffled = new Uint8Array(bytes.length);
	const count = bytes.length / elementSize;
	let target = 0;
	for (let position = 0; position < elementSize; position++) {
		for (let element = 0, source = position; element < count; element++, source += elementSize) {
			shuffled[target++] = bytes[source]!;
		}
	}
	return shuffled;
}

/** The number of elements of an array of this shape; a scalar has one. */
export function product(lengths: readonly number[]): number {
	return lengths.reduce((total, length) => total * length, 1);
}

/** The position along each axis of the element at a row-major `index`. */
function unravel(index: number, shape: readonly number[]): number[] {
	const positions = new Array<number>(shape.length);
	let rest = index;
	for (let axis = shape.length - 1; axis >= 0; axis--) {
		positions[axis] = rest % shape[axis]!;
		rest = Math.floor(rest / shape[axis]!);
	}
	return positions;
}

/** The row-major index of the element at `positions`. */
function elementOffset(positions: readonly number[], shape: readonly number[]): number {
	return positions.reduce((offset, position, axis) => offset * shape[axis]! + position, 0);
}
