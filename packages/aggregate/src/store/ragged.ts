import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import { createNumericArray, type NumericArray } from "@zagg/hdf5";
import type { AbsolutePath } from "zarrita";
import { AggregationError } from "../errors.ts";
import { pythonTuple } from "../python/index.ts";
import type { RaggedColumn } from "../reduce/index.ts";
import { bytesOf } from "./bytes-of.ts";
import { castArray } from "./cast-array.ts";
import { fillElement } from "./fill-value.ts";
import { openArray, readChunk } from "./open-array.ts";
import { putChunk } from "./put-chunk.ts";
import type { RaggedLayout } from "./ragged-layout.ts";
import { productOf, sameShape } from "./shape.ts";
import { chunkKey, type ZarrStore } from "./zarr-store.ts";

const compress = promisify(zstdCompress);
const compressArray = (array: NumericArray) => compress(bytesOf(array));

/** The rows of one shard's cells, in compressed sparse rows: cell `cellRanks[k]` has rows `offsets[k]` to `offsets[k + 1]`. */
export interface RaggedBlock {
	/** Shape of one row. */
	readonly innerShape: readonly number[];
	/** All rows, one after another in C order. */
	readonly data: NumericArray;
	/** Ranks of the cells that have rows, ascending. */
	readonly cellRanks: Uint32Array;
	/** Where each of these cells begins, in rows, and one more: the number of rows. */
	readonly offsets: Uint32Array;
}

/** Writes the rows of a shard's cells (see `raggedLayout`); rows of an earlier run that are no longer there are removed. */
export async function writeRagged(
	store: ZarrStore,
	layout: RaggedLayout,
	blockIndex: readonly number[],
	column: RaggedColumn,
): Promise<void> {
	const cellOffsets = denseOffsets(layout, column);
	const data = castArray(column.data, column.dtype, layout.dtype);
	const trailingZeros = layout.innerShape.map(() => 0);
	const chunkLength = layout.rowsPerChunk * productOf(layout.innerShape);
	const written = new Set<AbsolutePath>();
	for (let start = 0; start < data.length; start += chunkLength) {
		const chunk = createNumericArray(layout.dtype, chunkLength);
		bytesOf(chunk).set(bytesOf(data.subarray(start, start + chunkLength)));
		const key = chunkKey(`${layout.path}/values`, [...blockIndex, start / chunkLength, ...trailingZeros]);
		await putChunk(store, key, chunk, fillElement(0, layout.dtype), compressArray);
		written.add(key);
	}
	for await (const key of store.list(`${chunkKey(`${layout.path}/values`, blockIndex)}/`)) {
		if (!written.has(key)) await store.delete(key);
	}
	// Offsets last: readers see them point at rows that are there.
	const offsetsKey = chunkKey(`${layout.path}/offsets`, [...blockIndex, 0]);
	await putChunk(store, offsetsKey, cellOffsets, 0n, compressArray);
}

/**
 * Reads the rows of one shard from the ragged group at `path` (`12/h_digest_ragged`); a shard without rows is empty.
 *
 * @throws AggregationError `store/not-found` when there is no such group, `store/invalid` when its arrays contradict each
 *   other.
 */
export async function readRagged(store: ZarrStore, path: string, blockIndex: readonly number[]): Promise<RaggedBlock> {
	const offsetsArray = await openArray(store, `${path}/offsets`);
	const valuesArray = await openArray(store, `${path}/values`);
	const cellOffsets = (await readChunk(offsetsArray, [...blockIndex, 0])) as BigInt64Array;
	const { cellRanks, offsets } = sparseOffsets(path, cellOffsets);

	const innerShape = valuesArray.shape.slice(blockIndex.length + 1);
	const data = createNumericArray(valuesArray.dtype, offsets.at(-1)! * productOf(innerShape));
	const chunkLength = productOf(valuesArray.chunks);
	const trailingZeros = innerShape.map(() => 0);
	for (let start = 0; start < data.length; start += chunkLength) {
		const chunk = await readChunk(valuesArray, [...blockIndex, start / chunkLength, ...trailingZeros]);
		const part = data.subarray(start, start + chunkLength);
		bytesOf(part).set(bytesOf(chunk.subarray(0, part.length)));
	}
	return { innerShape, data, cellRanks, offsets };
}

/** Every cell of the block that has rows: its rank, and its rows as a view. */
export function* raggedCells(block: RaggedBlock): Generator<{ rank: number; rows: NumericArray }> {
	const width = productOf(block.innerShape);
	for (let k = 0; k < block.cellRanks.length; k++) {
		const rows = block.data.subarray(block.offsets[k]! * width, block.offsets[k + 1]! * width);
		yield { rank: block.cellRanks[k]!, rows };
	}
}

/** Offsets of every cell of the shard; cells without rows begin where the next one does. */
function denseOffsets(
	layout: RaggedLayout,
	{ name, data, cellRanks, offsets, innerShape }: RaggedColumn,
): BigInt64Array {
	const invalid = (reason: string) =>
		new AggregationError("store/invalid", `ragged field '${name}': ${reason}`, {
			failureClass: "bug",
			context: { column: name },
		});
	if (!sameShape(innerShape, layout.innerShape)) {
		throw invalid(`inner shape ${pythonTuple(innerShape)} is not ${pythonTuple(layout.innerShape)}`);
	}
	if (offsets.length !== cellRanks.length + 1 || offsets[0] !== 0) {
		throw invalid("offsets must begin with 0 and be one more than cells");
	}
	if (data.length !== offsets.at(-1)! * productOf(innerShape)) {
		throw invalid("the last offset must be the number of rows");
	}
	const dense = new BigInt64Array(layout.cellsPerShard + 1);
	let rank = 0;
	for (let k = 0; k < cellRanks.length; k++) {
		if (cellRanks[k]! < rank || cellRanks[k]! >= layout.cellsPerShard || offsets[k + 1]! < offsets[k]!) {
			throw invalid("cell ranks must ascend within the shard, and offsets too");
		}
		dense.fill(BigInt(offsets[k]!), rank, cellRanks[k]! + 1);
		rank = cellRanks[k]! + 1;
	}
	return dense.fill(BigInt(offsets.at(-1)!), rank);
}

function sparseOffsets(path: string, dense: BigInt64Array): { cellRanks: Uint32Array; offsets: Uint32Array } {
	const ranks: number[] = [];
	const offsets = [0];
	for (let rank = 0; rank + 1 < dense.length; rank++) {
		if (dense[rank + 1]! === dense[rank]!) continue;
		if (dense[rank + 1]! < dense[rank]!) {
			throw new AggregationError("store/invalid", `${path}/offsets do not ascend at cell ${rank}`, {
				context: { path, rank },
			});
		}
		ranks.push(rank);
		offsets.push(Number(dense[rank + 1]!));
	}
	return { cellRanks: Uint32Array.from(ranks), offsets: Uint32Array.from(offsets) };
}
