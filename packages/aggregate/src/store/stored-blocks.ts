import type { NumericArray } from "@zagg/hdf5";
import { type NumericZarrArray, openArray, readChunk } from "./open-array.ts";
import { chunkKey, type ZarrStore } from "./zarr-store.ts";

/** A chunk that is stored. */
export interface StoredBlock {
	readonly blockIndex: readonly number[];
	/** The whole chunk in C order, with fill values beyond the array's edge. */
	readonly data: NumericArray;
}

/**
 * Indices of the chunks that an array has stored, in C order. Chunks that are all fill value are not among them.
 *
 * @throws AggregationError `store/not-found` when there is no array at the path, `store/unsupported` when it
 *   keeps its chunks in another way than one object each under the default keys.
 */
export async function storedBlockIndices(store: ZarrStore, arrayPath: string): Promise<number[][]> {
	return indicesOf(await openArray(store, arrayPath), arrayPath);
}

/** The stored chunks of an array in C order, each read when it is asked for; errors as `storedBlockIndices`. */
export async function* storedBlocks(store: ZarrStore, arrayPath: string): AsyncGenerator<StoredBlock> {
	const array = await openArray(store, arrayPath);
	for (const blockIndex of await indicesOf(array, arrayPath)) {
		yield { blockIndex, data: await readChunk(array, blockIndex) };
	}
}

async function indicesOf({ store, shape }: NumericZarrArray, arrayPath: string): Promise<number[][]> {
	const prefix = `${chunkKey(arrayPath, [])}/` as const;
	const indices: number[][] = [];
	for await (const key of store.list(prefix)) {
		const index = key.slice(prefix.length).split("/").map(Number);
		if (index.length === shape.length && index.every(Number.isSafeInteger)) indices.push(index);
	}
	return indices.sort(compareIndices);
}

function compareIndices(a: readonly number[], b: readonly number[]): number {
	const dimension = a.findIndex((value, index) => value !== b[index]);
	return dimension < 0 ? 0 : a[dimension]! - b[dimension]!;
}
