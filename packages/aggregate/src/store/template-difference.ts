import { isDeepStrictEqual } from "node:util";
import { parseJson, stringifyJson } from "../python/index.ts";
import { readDocument, type ZarrDocument } from "./documents.ts";
import type { StoreTemplate } from "./template.ts";
import { walkNodes } from "./walk-nodes.ts";
import type { ZarrStore } from "./zarr-store.ts";

/** What decides where and how chunks are stored; attributes and names of dimensions do not. */
const STORAGE_KEYS = ["node_type", "shape", "data_type", "chunk_grid", "chunk_key_encoding", "fill_value", "codecs"];

/** How a group in a store differs from a template. */
export interface GroupDifferences {
	/** Nodes of the template that the store does not have. */
	readonly missing: readonly string[];
	/** Everything else, as phrases for people. */
	readonly others: readonly string[];
}

/**
 * How the group in the store differs from the template. Consolidated metadata, chunks and directories that are no nodes
 * do not count.
 */
export async function groupDifferences(store: ZarrStore, template: StoreTemplate): Promise<GroupDifferences> {
	const stored = new Map([[template.groupPath, await readDocument(store, template.groupPath)]]);
	for await (const { path, document } of walkNodes(store, template.groupPath)) stored.set(path, document);
	const missing: string[] = [];
	const others: string[] = [];
	for (const { path, document } of template.nodes) {
		const found = stored.get(path);
		if (found === undefined) missing.push(path);
		else others.push(...documentDifferences(path, found, document));
		stored.delete(path);
	}
	for (const path of stored.keys()) others.push(`${path} is not part of this configuration`);
	return { missing, others };
}

/** How an array in the store differs from the template's in what matters for writing chunks. */
export function storageDifferences(path: string, found: ZarrDocument, expected: ZarrDocument): string[] {
	const keep = (document: ZarrDocument) => Object.fromEntries(STORAGE_KEYS.map((key) => [key, document[key]]));
	return documentDifferences(path, keep(found), keep(expected));
}

function documentDifferences(path: string, found: ZarrDocument, expected: ZarrDocument): string[] {
	// Through JSON once, so that both sides are what a reader gets.
	return differencesOf(`${path}:`, comparable(found), comparable(parseJson(stringifyJson(expected)) as ZarrDocument));
}

/** The document without what says nothing: parts that other writers leave out, or add, when they are empty. */
function comparable({ consolidated_metadata: _, ...document }: ZarrDocument): ZarrDocument {
	return { storage_transformers: [], attributes: {}, ...document };
}

function differencesOf(place: string, found: unknown, expected: unknown): string[] {
	if (isDeepStrictEqual(found, expected)) return [];
	if (!isRecord(found) || !isRecord(expected)) return [`${place} ${textOf(found)} instead of ${textOf(expected)}`];
	const keys = new Set([...Object.keys(expected), ...Object.keys(found)]);
	return [...keys].flatMap((key) =>
		differencesOf(`${place}${place.endsWith(":") ? " " : "."}${key}`, found[key], expected[key]),
	);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
	return value === undefined ? "nothing" : stringifyJson(value);
}
