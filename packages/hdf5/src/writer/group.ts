import { B_TREE_OF_GROUP, placeBTree } from "./b-tree.ts";
import type { MetadataBlock } from "./metadata-block.ts";
import { objectHeader } from "./object-header.ts";
import { record } from "./record.ts";

/** A symbol table node has at most twice so many links; the HDF5 library's default. */
export const GROUP_LEAF_K = 4;
/** A B-tree node of a group has at most twice so many children; the HDF5 library's default. */
export const GROUP_INTERNAL_K = 16;
const SYMBOL_TABLE_ENTRY_SIZE = 40;

/** Where the parts of a written group lie. */
export interface PlacedGroup {
	readonly header: number;
	readonly bTree: number;
	readonly heap: number;
}

/** A named member of a group: a group, or a dataset of which only the header's address matters. */
export interface Link {
	readonly name: string;
	readonly target: PlacedGroup | { readonly header: number };
}

/**
 * Writes a group in the earliest format: names in a local heap, links in symbol table nodes under a B-tree.
 * Layout: HDF5 File Format Specification, III.B to III.D.
 */
export function placeGroup(block: MetadataBlock, links: readonly Link[]): PlacedGroup {
	// The tree is searched by comparing names byte by byte.
	const sorted = links
		.map(({ name, target }) => ({ name: Buffer.from(name), target }))
		.sort((a, b) => Buffer.compare(a.name, b.name));

	const names = record().zeros(8); // the empty name, left of all others
	const entries: { readonly nameOffset: number; readonly target: Link["target"] }[] = [];
	for (const { name, target } of sorted) {
		entries.push({ nameOffset: names.length, target });
		names.bytes(name).zeros(1).alignTo8();
	}

	const children = [];
	const linksPerNode = 2 * GROUP_LEAF_K;
	for (let first = 0; first < entries.length; first += linksPerNode) {
		const own = entries.slice(first, first + linksPerNode);
		const node = record().bytes(Buffer.from("SNOD")).u8(1, 0).u16(own.length);
		for (const { nameOffset, target } of own) node.bytes(symbolTableEntry(nameOffset, target));
		node.zeros(8 + linksPerNode * SYMBOL_TABLE_ENTRY_SIZE - node.length);
		// A key is the last name of the child at its left.
		children.push({ key: nameKey(entries[first - 1]?.nameOffset ?? 0), child: block.place(node.build()) });
	}
	const bTree = placeBTree(
		block,
		B_TREE_OF_GROUP,
		children,
		nameKey(entries.at(-1)?.nameOffset ?? 0),
		2 * GROUP_INTERNAL_K,
	);

	const heap = placeLocalHeap(block, names.build());
	const header = block.place(objectHeader([{ type: 0x11, body: record().u64(bTree).u64(heap).build() }]));
	return { header, bTree, heap };
}

/** The link to an object, with the addresses of a group's index beside it. */
export function symbolTableEntry(nameOffset: number, target: Link["target"]): Uint8Array {
	const entry = record().u64(nameOffset).u64(target.header);
	if ("bTree" in target) entry.u32(1).zeros(4).u64(target.bTree).u64(target.heap);
	else entry.zeros(24);
	return entry.build();
}

function nameKey(nameOffset: number): Uint8Array {
	return record().u64(nameOffset).build();
}

function placeLocalHeap(block: MetadataBlock, data: Uint8Array): number {
	const headerSize = 32;
	const noFreeSpace = 1;
	const header = record().bytes(Buffer.from("HEAP")).zeros(4).u64(data.length).u64(noFreeSpace);
	return block.place(
		header
			.u64(block.end + headerSize)
			.bytes(data)
			.build(),
	);
}
