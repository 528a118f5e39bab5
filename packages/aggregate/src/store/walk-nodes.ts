import { isGroup, readDocument, type ZarrDocument } from "./documents.ts";
import { nodePrefix, type ZarrStore } from "./zarr-store.ts";

/** Every node below the group at `groupPath` (`""` is the root), groups before their members. Directories that are no node are passed over. */
export async function* walkNodes(
	store: ZarrStore,
	groupPath = "",
): AsyncGenerator<{ path: string; document: ZarrDocument }> {
	for await (const name of store.listDirectories(nodePrefix(groupPath))) {
		const path = groupPath === "" ? name : `${groupPath}/${name}`;
		const document = await readDocument(store, path);
		if (document === undefined) continue;
		yield { path, document };
		if (isGroup(document)) yield* walkNodes(store, path);
	}
}
