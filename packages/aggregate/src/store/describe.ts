import { AggregationError } from "../errors.ts";
import { isArray, isGroup, readDocument, type ZarrDocument } from "./documents.ts";
import { walkNodes } from "./walk-nodes.ts";
import type { ZarrStore } from "./zarr-store.ts";

/** A group of a store. */
export interface GroupDescription {
	/** `""` is the root. */
	readonly path: string;
	readonly attributes: Readonly<Record<string, unknown>>;
}

/** An array of a store. */
export interface ArrayDescription {
	readonly path: string;
	readonly name: string;
	/** Zarr's name of the type, `float32`; extension types as their document has them. */
	readonly dtype: unknown;
	readonly shape: readonly number[];
	readonly chunkShape: readonly number[];
	/** As the document has it: numbers, bigints beyond ±2^53, `"NaN"`. */
	readonly fillValue: unknown;
	readonly dimensionNames: readonly string[] | undefined;
	readonly attributes: Readonly<Record<string, unknown>>;
}

/** What a store holds, by its documents; in order of paths. */
export interface StoreDescription {
	readonly location: string;
	readonly groups: readonly GroupDescription[];
	readonly arrays: readonly ArrayDescription[];
	/** Whether the root document holds all others (`consolidateMetadata`), as after a finished run. */
	readonly isConsolidated: boolean;
}

/**
 * Lists the groups and arrays of a store; reads documents only.
 *
 * @throws AggregationError `store/not-found` when there is no Zarr v3 store.
 */
export async function describeStore(store: ZarrStore): Promise<StoreDescription> {
	const root = await readDocument(store, "");
	if (root === undefined) {
		throw new AggregationError("store/not-found", `there is no Zarr v3 store at ${store.location}: no zarr.json`, {
			failureClass: "usage",
			remedy: "Check the path; a store is a directory with a zarr.json.",
			context: { store: store.location },
		});
	}
	const nodes = [{ path: "", document: root }];
	if (isGroup(root)) for await (const node of walkNodes(store)) nodes.push(node);
	nodes.sort((a, b) => (a.path < b.path ? -1 : 1));
	return {
		location: store.location,
		groups: nodes
			.filter(({ document }) => isGroup(document))
			.map(({ path, document }) => ({ path, attributes: attributesOf(document) })),
		arrays: nodes
			.filter(({ document }) => isArray(document))
			.map(({ path, document }) => describeArray(path, document)),
		isConsolidated: root.consolidated_metadata !== undefined,
	};
}

function describeArray(path: string, document: ZarrDocument): ArrayDescription {
	const chunkGrid = document.chunk_grid as { configuration?: { chunk_shape?: readonly number[] } } | undefined;
	return {
		path,
		name: path.slice(path.lastIndexOf("/") + 1),
		dtype: document.data_type,
		shape: document.shape as readonly number[],
		chunkShape: chunkGrid?.configuration?.chunk_shape ?? [],
		fillValue: document.fill_value,
		dimensionNames: document.dimension_names as readonly string[] | undefined,
		attributes: attributesOf(document),
	};
}

function attributesOf(document: ZarrDocument): Readonly<Record<string, unknown>> {
	return (document.attributes ?? {}) as Readonly<Record<string, unknown>>;
}
