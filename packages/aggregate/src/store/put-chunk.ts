import type { NumericArray } from "@zagg/hdf5";
import type { AbsolutePath } from "zarrita";
import type { ZarrStore } from "./zarr-store.ts";

/**
 * Stores a chunk, unless all of it is fill value: then no object stands for it, and an old one is removed. NaN is
 * equal to NaN here, and -0 differs from 0, as in zarr-python.
 */
export async function putChunk<Chunk extends NumericArray>(
	store: ZarrStore,
	key: AbsolutePath,
	data: Chunk,
	fillValue: number | bigint,
	encode: (data: Chunk) => Uint8Array | Promise<Uint8Array>,
): Promise<void> {
	if (isAll(data, fillValue)) await store.delete(key);
	else await store.set(key, await encode(data));
}

function isAll(data: NumericArray, value: number | bigint): boolean {
	for (let i = 0; i < data.length; i++) {
		if (!Object.is(data[i], value)) return false;
	}
	return true;
}
