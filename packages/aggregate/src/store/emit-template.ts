import { AggregationError } from "../errors.ts";
import { bytesOf } from "./bytes-of.ts";
import { encodeDocument, groupDocument, isGroup, readDocument } from "./documents.ts";
import { putChunk } from "./put-chunk.ts";
import type { AxisLayout, StoreTemplate } from "./template.ts";
import { type GroupDifferences, groupDifferences, storageDifferences } from "./template-difference.ts";
import { chunkKey, documentKey, nodePrefix, type ZarrStore } from "./zarr-store.ts";

/** What became of a template: its group is new, was there already and is kept with its data, or replaced another one. */
export type EmittedTemplate = "created" | "kept" | "replaced";

/**
 * Writes the template's documents and axis values, before any shard is written. The root document is written only
 * where there is none, and other groups are left alone. A group that is the same already is kept with its data; one of
 * which a part is missing and that has no data yet, as an interrupted run may leave it, is completed.
 *
 * With `overwrite`, everything below the group is removed first.
 *
 * @throws AggregationError `store/contains-other` when the place holds another group and `overwrite` is not set, or
 *   anything that is not a Zarr v3 group at its root, whatever `overwrite` says; nothing is written then.
 */
export async function emitTemplate(
	store: ZarrStore,
	template: StoreTemplate,
	options: { overwrite?: boolean } = {},
): Promise<EmittedTemplate> {
	const isNewStore = await assertRootIsFree(store);
	const occupied = await isOccupied(store, nodePrefix(template.groupPath));
	if (occupied && !options.overwrite) {
		const { missing, others } = await differencesOfOccupied(store, template);
		if (others.length > 0 || (missing.length > 0 && (await hasData(store, template)))) {
			throw containsOther(store, template, [...others, ...missing.map((path) => `${path} is missing`)]);
		}
		for (const { path, document } of template.nodes) {
			if (missing.includes(path)) await store.set(documentKey(path), encodeDocument(document));
		}
		await writeAxes(store, template.axes);
		return "kept";
	}
	if (occupied) await store.deletePrefix(nodePrefix(template.groupPath));
	if (isNewStore) await store.set(documentKey(""), encodeDocument(groupDocument({})));
	for (const { path, document } of template.nodes) await store.set(documentKey(path), encodeDocument(document));
	await writeAxes(store, template.axes);
	return occupied ? "replaced" : "created";
}

/**
 * Checks before a worker's first write that the template is in the store, and that its arrays store chunks the way
 * this worker will write them.
 *
 * @throws AggregationError `store/template-missing`, or `store/contains-other` when an array is stored differently.
 */
export async function assertTemplate(store: ZarrStore, template: StoreTemplate): Promise<void> {
	const documents = await Promise.all(template.nodes.map(({ path }) => readDocument(store, path)));
	const missing = documents.indexOf(undefined);
	if (missing >= 0) {
		const key = documentKey(template.nodes[missing]!.path);
		throw new AggregationError("store/template-missing", `Zarr template not found at ${store.location}${key}`, {
			failureClass: "usage",
			remedy: "Write the store's template with this configuration before running its shards.",
			context: { store: store.location, key },
		});
	}
	const differences = template.nodes.flatMap(({ path, document }, index) =>
		storageDifferences(path, documents[index]!, document),
	);
	if (differences.length > 0) throw containsOther(store, template, differences);
}

/** Whether the store is still empty. */
async function assertRootIsFree(store: ZarrStore): Promise<boolean> {
	const root = await readDocument(store, "").catch((cause: unknown) => {
		if (isInvalidDocument(cause)) throw foreignRoot(store, "a zarr.json that is no Zarr v3 group", cause);
		throw cause;
	});
	if (root !== undefined && !isGroup(root)) throw foreignRoot(store, "a single Zarr array");
	if (root !== undefined) return false;
	if (await isOccupied(store, "/")) throw foreignRoot(store, "other data, and no zarr.json at its root");
	return true;
}

function isInvalidDocument(error: unknown): error is AggregationError {
	return error instanceof AggregationError && error.code === "store/invalid";
}

async function isOccupied(store: ZarrStore, prefix: `/${string}`): Promise<boolean> {
	for await (const _ of store.list(prefix)) return true;
	return false;
}

async function differencesOfOccupied(store: ZarrStore, template: StoreTemplate): Promise<GroupDifferences> {
	const { groupPath } = template;
	const only = (difference: string): GroupDifferences => ({ missing: [], others: [difference] });
	try {
		const group = await readDocument(store, groupPath);
		if (group === undefined) return only(`${groupPath} holds data, but is no Zarr group`);
		if (!isGroup(group)) return only(`${groupPath} is an array`);
		return await groupDifferences(store, template);
	} catch (cause) {
		if (isInvalidDocument(cause)) return only(cause.message);
		throw cause;
	}
}

/** Whether the group holds anything but documents and axis values. */
async function hasData(store: ZarrStore, { groupPath, axes }: StoreTemplate): Promise<boolean> {
	const prefixes = axes.map(({ path }) => nodePrefix(path));
	for await (const key of store.list(nodePrefix(groupPath))) {
		if (!key.endsWith("/zarr.json") && !prefixes.some((prefix) => key.startsWith(prefix))) return true;
	}
	return false;
}

async function writeAxes(store: ZarrStore, axes: readonly AxisLayout[]): Promise<void> {
	for (const { path, values, chunkLength } of axes) {
		for (let start = 0; start < values.length; start += chunkLength) {
			const chunk = new Float64Array(chunkLength);
			chunk.set(values.subarray(start, start + chunkLength));
			await putChunk(store, chunkKey(path, [start / chunkLength]), chunk, 0, bytesOf);
		}
	}
}

const DIFFERENCES_SHOWN = 5;

function containsOther(
	store: ZarrStore,
	{ groupPath }: StoreTemplate,
	differences: readonly string[],
): AggregationError {
	const shown = differences.slice(0, DIFFERENCES_SHOWN).join("; ");
	const rest = differences.length > DIFFERENCES_SHOWN ? `; and ${differences.length - DIFFERENCES_SHOWN} more` : "";
	return new AggregationError(
		"store/contains-other",
		`${store.location}/${groupPath} already holds something else: ${shown}${rest}`,
		{
			failureClass: "usage",
			remedy: "Choose another store path, or pass --overwrite to delete the group with its data and start anew.",
			context: { store: store.location, groupPath, differences },
		},
	);
}

function foreignRoot(store: ZarrStore, what: string, cause?: unknown): AggregationError {
	return new AggregationError("store/contains-other", `${store.location} holds ${what}; nothing was written`, {
		failureClass: "usage",
		remedy: "Choose another store path: an empty or new directory, or a Zarr v3 store.",
		context: { store: store.location },
		cause,
	});
}
