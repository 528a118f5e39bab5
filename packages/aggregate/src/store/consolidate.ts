import { AggregationError } from "../errors.ts";
import { encodeDocument, isGroup, readDocument, type ZarrDocument } from "./documents.ts";
import { walkNodes } from "./walk-nodes.ts";
import { documentKey, type ZarrStore } from "./zarr-store.ts";

/**
 * Gathers the documents of all nodes into the root document, as zarr-python's `consolidate_metadata` does, and clears
 * away what interrupted writes left. Only the root document changes; a consolidation that it holds already is replaced.
 *
 * @throws AggregationError `store/not-found` when the store has no root document.
 */
export async function consolidateMetadata(store: ZarrStore): Promise<void> {
	const root = await readDocument(store, "");
	if (root === undefined || !isGroup(root)) {
		throw new AggregationError("store/not-found", `no root group at ${store.location}${documentKey("")}`, {
			remedy: "Write the store's template first.",
			context: { store: store.location },
		});
	}
	const nodes: { path: string; document: ZarrDocument }[] = [];
	for await (const node of walkNodes(store)) nodes.push(node);
	const metadata = new Map(
		nodes
			.sort((a, b) => compareKeys(sortKey(a.path), sortKey(b.path)))
			.map(({ path, document }) => [path, isGroup(document) ? consolidatedGroup(document, new Map()) : document]),
	);
	await store.set(documentKey(""), encodeDocument(consolidatedGroup(root, metadata)));
	await store.removeLeftovers();
}

function consolidatedGroup({ attributes }: ZarrDocument, metadata: ReadonlyMap<string, unknown>): ZarrDocument {
	return {
		attributes: attributes ?? {},
		zarr_format: 3,
		consolidated_metadata: { kind: "inline", must_understand: false, metadata },
		node_type: "group",
	};
}

interface SortKey {
	readonly depth: number;
	readonly folded: string;
	readonly path: string;
}

/** zarr-python's order: by depth, then by name without regard to case. */
function sortKey(path: string): SortKey {
	// Up and down again folds as Python's casefold does: ß becomes ss.
	return { depth: path.split("/").length, folded: path.normalize("NFKC").toUpperCase().toLowerCase(), path };
}

function compareKeys(a: SortKey, b: SortKey): number {
	if (a.depth !== b.depth) return a.depth - b.depth;
	if (a.folded !== b.folded) return a.folded < b.folded ? -1 : 1;
	return a.path < b.path ? -1 : 1;
}
