import { elementSizeOf, type NumericType } from "@zagg/hdf5";
import { AggregationError } from "../errors.ts";
import { parseJson, stringifyJson } from "../python/index.ts";
import { fillDocument } from "./fill-value.ts";
import { documentKey, type ZarrStore } from "./zarr-store.ts";

/** A node's metadata, its keys in the order in which they are written. */
export type ZarrDocument = Readonly<Record<string, unknown>>;

/** What an array's document says; everything else in it is the same for all arrays here. */
export interface ArraySpecification {
	readonly shape: readonly number[];
	readonly chunkShape: readonly number[];
	readonly dtype: NumericType;
	readonly fillValue: number | bigint;
	readonly dimensionNames: readonly string[];
	readonly attributes?: Readonly<Record<string, unknown>>;
	/** Chunks compressed with Zstandard; plain bytes otherwise. */
	readonly compressed?: boolean;
}

/** The document of a group. */
export function groupDocument(attributes: Readonly<Record<string, unknown>>): ZarrDocument {
	return { attributes, zarr_format: 3, node_type: "group" };
}

/** The document of an array with a regular chunk grid and little-endian chunks in C order. */
export function arrayDocument(array: ArraySpecification): ZarrDocument {
	return {
		shape: array.shape,
		data_type: array.dtype,
		chunk_grid: { name: "regular", configuration: { chunk_shape: array.chunkShape } },
		chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
		fill_value: fillDocument(array.fillValue, array.dtype),
		codecs: codecsOf(array),
		attributes: array.attributes ?? {},
		dimension_names: array.dimensionNames,
		zarr_format: 3,
		node_type: "array",
		storage_transformers: [],
	};
}

function codecsOf({ dtype, compressed }: ArraySpecification): ZarrDocument[] {
	// Bytes have no order: zarr-python leaves the configuration out for them.
	const bytes = elementSizeOf(dtype) === 1 ? { name: "bytes" } : { name: "bytes", configuration: { endian: "little" } };
	return compressed ? [bytes, { name: "zstd", configuration: { level: 0, checksum: false } }] : [bytes];
}

/** The bytes of a document, as zarr-python writes them: `json.dumps(indent=2)`, no newline at the end. */
export function encodeDocument(document: ZarrDocument): Uint8Array {
	return new TextEncoder().encode(stringifyJson(document, { indent: 2 }));
}

/**
 * Reads the document of the node at `nodePath` (`""` is the root) without loss; undefined where there is none.
 *
 * @throws AggregationError `store/invalid` when it is not a Zarr v3 group or array document.
 */
export async function readDocument(store: ZarrStore, nodePath: string): Promise<ZarrDocument | undefined> {
	const key = documentKey(nodePath);
	const bytes = await store.get(key);
	if (bytes === undefined) return undefined;
	const document = parseDocument(bytes);
	const isNode = document.zarr_format === 3 && (isGroup(document) || isArray(document));
	if (isNode) return document;
	throw new AggregationError(
		"store/invalid",
		`${store.location}${key} is not the document of a Zarr v3 group or array`,
		{
			remedy: "Check that the path is a Zarr v3 store.",
			context: { store: store.location, key },
		},
	);
}

/** Whether the document is a group's. */
export function isGroup(document: ZarrDocument): boolean {
	return document.node_type === "group";
}

/** Whether the document is an array's. */
export function isArray(document: ZarrDocument): boolean {
	return document.node_type === "array";
}

function parseDocument(bytes: Uint8Array): ZarrDocument {
	try {
		const value = parseJson(new TextDecoder().decode(bytes));
		return typeof value === "object" && value !== null ? (value as ZarrDocument) : {};
	} catch {
		return {};
	}
}
