import { bTreeV2Types, walkBTreeV2 } from "../format/b-tree-v2.ts";
import { createByteBudget } from "../format/byte-budget.ts";
import { openFractalHeap } from "../format/fractal-heap.ts";
import type { MetadataReader } from "../format/metadata-reader.ts";
import { type Links, parseLink } from "./link.ts";

/** Bytes of the name's hash before the heap ID in a record of the name index. */
const NAME_HASH_BYTES = 4;

/** Reads all links of a large new-style group: link messages in a fractal heap, listed by a version 2 B-tree. */
export async function readDenseLinks(
	reader: MetadataReader,
	heapAddress: number,
	nameIndexAddress: number,
): Promise<Links> {
	const heap = await openFractalHeap(reader, heapAddress);
	const heapIds: Uint8Array[] = [];
	await walkBTreeV2(reader, nameIndexAddress, {
		types: [bTreeV2Types.linkNames],
		record(record) {
			record.skip(NAME_HASH_BYTES);
			heapIds.push(record.take(record.remaining));
		},
	});
	const messages = await Promise.all(heapIds.map((heapId) => heap.object(heapId)));
	const links: Links = new Map();
	const spend = createByteBudget(reader);
	for (const message of messages) {
		spend(message);
		const { name, link } = parseLink(message);
		links.set(name, link);
	}
	return links;
}
