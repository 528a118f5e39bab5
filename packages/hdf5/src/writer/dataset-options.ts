import { Hdf5Error } from "../errors.ts";
import type { NumericArray } from "../numeric.ts";
import { type ChunkedLayout, product } from "./chunks.ts";
import { type ElementType, elementTypeOf } from "./element-type.ts";

/** How a dataset is laid out. */
export interface DatasetOptions {
	/** Elements along each dimension; default: one dimension as long as the data. `[]` is a scalar. */
	readonly shape?: readonly number[];
	/** Elements of a chunk along each dimension, which may exceed the shape. Default: no chunks, one contiguous run. */
	readonly chunkShape?: readonly number[];
	/** Compresses chunks with deflate, 0 (store) to 9 (smallest). Needs `chunkShape`. */
	readonly deflateLevel?: number;
	/** Groups the bytes of each chunk by significance, which helps deflate. Needs `chunkShape`. */
	readonly shuffle?: boolean;
	/** The value that readers give where nothing was written; default 0. */
	readonly fillValue?: number | bigint;
}

/** A dataset's layout, checked. */
export interface DatasetPlan {
	readonly elementType: ElementType;
	readonly shape: readonly number[];
	/** The fill value as stored. */
	readonly fill: Uint8Array;
	/** `undefined` when contiguous. */
	readonly layout: ChunkedLayout | undefined;
}

/** The format's limit to the number of dimensions. */
const MAXIMUM_RANK = 32;
/** Sizes of chunks are 32-bit numbers. */
const MAXIMUM_CHUNK_SIZE = 2 ** 32 - 1;

/** Checks that `data` can be stored as asked; throws `hdf5/usage`. */
export function planDataset(path: string, data: NumericArray, options: DatasetOptions): DatasetPlan {
	const { shape = [data.length], chunkShape, deflateLevel, shuffle = false, fillValue = 0 } = options;
	function require(condition: boolean, reason: string): void {
		if (condition) return;
		throw new Hdf5Error("hdf5/usage", `${JSON.stringify(path)} cannot be written: ${reason}`, {
			context: { path, ...options },
		});
	}

	require(shape.length <= MAXIMUM_RANK, `a dataset has at most ${MAXIMUM_RANK} dimensions`);
	require(shape.every(isCount), `the lengths of shape [${shape}] must be integers of at least 0`);
	require(product(shape) === data.length, `shape [${shape}] does not hold the ${data.length} values given`);

	const elementType = elementTypeOf(data);
	require(typeof fillValue === "bigint" ||
		Number.isInteger(fillValue) ||
		elementType.name.startsWith("float"), `fill value ${fillValue} is not an integer, as ${elementType.name} needs`);
	const encodedFill = elementType.encode(fillValue);
	const fill = new Uint8Array(encodedFill.buffer, encodedFill.byteOffset, encodedFill.byteLength);

	if (chunkShape === undefined) {
		require(deflateLevel === undefined && !shuffle, "deflateLevel and shuffle work on chunks; give a chunkShape");
		return { elementType, shape, fill, layout: undefined };
	}
	require(shape.length > 0 &&
		chunkShape.length ===
			shape.length, `chunk shape [${chunkShape}] must have as many dimensions as shape [${shape}], and at least one`);
	require(chunkShape.every(
		(length) => isCount(length) && length > 0,
	), `the lengths of chunk shape [${chunkShape}] must be integers of at least 1`);
	require(product(chunkShape) * elementType.size <=
		MAXIMUM_CHUNK_SIZE, `a chunk of shape [${chunkShape}] is larger than the 4 GiB that the format allows`);
	require(deflateLevel === undefined ||
		(isCount(deflateLevel) && deflateLevel <= 9), `deflateLevel ${deflateLevel} is not an integer from 0 to 9`);
	return {
		elementType,
		shape,
		fill,
		layout: { shape, chunkShape, elementSize: elementType.size, fill, shuffle, deflateLevel },
	};
}

function isCount(value: number): boolean {
	return Number.isSafeInteger(value) && value >= 0;
}
