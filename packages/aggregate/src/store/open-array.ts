import type { NumericArray, NumericType } from "@zagg/hdf5";
import * as zarr from "zarrita";
import { AggregationError } from "../errors.ts";
import { isArray, readDocument, type ZarrDocument } from "./documents.ts";
import { productOf } from "./shape.ts";
import type { ZarrStore } from "./zarr-store.ts";

/** An array of numbers, opened through zarrita. */
export type NumericZarrArray = zarr.Array<NumericType, ZarrStore>;

/**
 * Opens the array at `path` (`12/h_mean`) through zarrita. Its document is parsed here, since zarrita's own parsing
 * rounds 64-bit fill values.
 *
 * @throws AggregationError `store/not-found` when there is no array, `store/unsupported` for one that is not numeric,
 *   that zarrita does not know, or that keeps its chunks in another way than one object each under the default keys.
 */
export async function openArray(store: ZarrStore, path: string): Promise<NumericZarrArray> {
	const document = await readDocument(store, path);
	if (document === undefined || !isArray(document)) {
		throw new AggregationError("store/not-found", `there is no array at ${store.location}/${path}`, {
			failureClass: "usage",
			context: { store: store.location, path },
		});
	}
	return arrayOf(store, path, document);
}

function arrayOf(store: ZarrStore, path: string, document: ZarrDocument): NumericZarrArray {
	const metadata = document as unknown as zarr.ArrayMetadata;
	const unsupported = (reason: string, cause?: unknown) =>
		new AggregationError("store/unsupported", `array ${store.location}/${path} cannot be read: ${reason}`, {
			context: { store: store.location, path },
			cause,
		});
	if (!hasPlainChunks(metadata)) throw unsupported("its chunks are sharded or have other than the default keys");
	let array: zarr.Array<zarr.DataType, ZarrStore>;
	try {
		array = new zarr.Array(store, `/${path}`, metadata);
	} catch (cause) {
		throw unsupported(messageOf(cause), cause);
	}
	if (array.is("number") || array.is("bigint")) return array as unknown as NumericZarrArray;
	throw unsupported(`its type is ${array.dtype}`);
}

function hasPlainChunks({ codecs, chunk_key_encoding: keys }: zarr.ArrayMetadata): boolean {
	const isSharded = codecs?.some(({ name }) => name === "sharding_indexed");
	return !isSharded && keys?.name === "default" && (keys.configuration?.separator ?? "/") === "/";
}

/**
 * One whole chunk in C order, with fill values beyond the array's edge; all fill where no object is stored.
 *
 * @throws AggregationError `store/invalid` when the stored object is not a chunk of this array.
 */
export async function readChunk(array: NumericZarrArray, chunkIndex: readonly number[]): Promise<NumericArray> {
	const { data } = await decodedChunk(array, chunkIndex);
	const expected = productOf(array.chunks);
	if (data.length === expected) return data;
	throw damaged(array, chunkIndex, `it holds ${data.length} values, not ${expected}`);
}

async function decodedChunk(array: NumericZarrArray, chunkIndex: readonly number[]): Promise<{ data: NumericArray }> {
	try {
		return await array.getChunk([...chunkIndex]);
	} catch (cause) {
		if (cause instanceof AggregationError) throw cause;
		throw damaged(array, chunkIndex, messageOf(cause), cause);
	}
}

function damaged(
	array: NumericZarrArray,
	chunkIndex: readonly number[],
	reason: string,
	cause?: unknown,
): AggregationError {
	const message = `chunk ${chunkIndex.join("/")} of ${array.store.location}${array.path} cannot be read: ${reason}`;
	return new AggregationError("store/invalid", message, {
		remedy: "Run the chunk's shard again; it writes the chunk anew.",
		context: { store: array.store.location, path: array.path, chunkIndex },
		cause,
	});
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
