import type { MetadataBlock } from "./metadata-block.ts";
import { type Address, record, UNDEFINED_ADDRESS } from "./record.ts";

/** One child of a B-tree node and the key at its left; all keys of a tree have one length. */
export interface BTreeEntry {
	readonly key: Uint8Array;
	readonly child: number;
}

/** What a tree indexes, as its nodes say it. */
export const B_TREE_OF_GROUP = 0;
export const B_TREE_OF_CHUNKS = 1;

/**
 * Writes a version 1 B-tree over `entries`, which are in key order, bottom-up with full nodes, and returns the
 * address of its root. `lastKey` closes the tree at its right. Without entries the tree is one empty node.
 * Layout: HDF5 File Format Specification, III.A.1.
 */
export function placeBTree(
	block: MetadataBlock,
	nodeType: typeof B_TREE_OF_GROUP | typeof B_TREE_OF_CHUNKS,
	entries: readonly BTreeEntry[],
	lastKey: Uint8Array,
	childrenPerNode: number,
): number {
	let level = 0;
	let children = entries;
	for (;;) {
		const parents = placeLevel(block, nodeType, level, children, lastKey, childrenPerNode);
		if (parents.length === 1) return parents[0]!.child;
		children = parents;
		level++;
	}
}

/** Writes the nodes of one level side by side and returns them as the entries of the level above. */
function placeLevel(
	block: MetadataBlock,
	nodeType: number,
	level: number,
	children: readonly BTreeEntry[],
	lastKey: Uint8Array,
	childrenPerNode: number,
): BTreeEntry[] {
	// Readers take in whole nodes, so that unused slots occupy space too.
	const nodeSize = 24 + childrenPerNode * 8 + (childrenPerNode + 1) * lastKey.length;
	const nodeCount = Math.max(1, Math.ceil(children.length / childrenPerNode));
	const firstNode = block.end;
	const addressOf = (index: number): Address =>
		index < 0 || index >= nodeCount ? UNDEFINED_ADDRESS : firstNode + index * nodeSize;

	const nodes: BTreeEntry[] = [];
	for (let index = 0; index < nodeCount; index++) {
		const own = children.slice(index * childrenPerNode, (index + 1) * childrenPerNode);
		const node = record().bytes(Buffer.from("TREE")).u8(nodeType, level).u16(own.length);
		node.u64(addressOf(index - 1)).u64(addressOf(index + 1));
		for (const { key, child } of own) node.bytes(key).u64(child);
		node.bytes(children[(index + 1) * childrenPerNode]?.key ?? lastKey);
		node.zeros(nodeSize - node.length);
		nodes.push({ key: own[0]?.key ?? lastKey, child: block.place(node.build()) });
	}
	return nodes;
}
