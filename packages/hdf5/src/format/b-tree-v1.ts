import { createByteBudget } from "./byte-budget.ts";
import type { Cursor } from "./cursor.ts";
import type { MetadataReader } from "./metadata-reader.ts";

const GROUP_NODE = 0;
const CHUNK_NODE = 1;

export interface BTreeV1Visitor {
	readonly nodeType: "group" | "chunk";
	/** Bytes of one key. */
	readonly keySize: number;
	/**
	 * Whether to look below the child between these two keys; without it, always. Each cursor is at the key's start.
	 */
	wanted?(key: Cursor, nextKey: Cursor): boolean;
	/** Called for every child of a leaf, with a cursor at its key. */
	leaf(key: Cursor, child: number): void;
}

/**
 * Walks a version 1 B-tree (III.A.1) level by level, the nodes of a level at once. A node met twice, a wrong level or
 * a wrong type is damage, so the walk ends on any input.
 */
export async function walkBTreeV1(reader: MetadataReader, root: number, visitor: BTreeV1Visitor): Promise<void> {
	const seen = new Set<number>();
	const spend = createByteBudget(reader);
	let level: number | undefined;
	let addresses = [root];
	while (addresses.length > 0) {
		const nodes = await Promise.all(addresses.map((address) => readNode(reader, address, visitor)));
		const children: number[] = [];
		for (const node of nodes) {
			const { address } = node.entries.location;
			if (seen.has(address)) throw node.entries.damage("is reached twice");
			seen.add(address);
			spend(node.entries);
			level ??= node.level;
			if (node.level !== level) throw node.entries.damage(`is at level ${node.level} instead of ${level}`);
			for (const child of wantedChildren(node, visitor)) children.push(child);
		}
		addresses = children;
		if (level !== undefined) level -= 1;
	}
}

interface Node {
	readonly level: number;
	readonly count: number;
	/** Keys and children in turn, one key more than children. */
	readonly entries: Cursor;
}

async function readNode(reader: MetadataReader, address: number, visitor: BTreeV1Visitor): Promise<Node> {
	const header = await reader.cursor(address, 8 + 2 * reader.offsetSize, "B-tree node");
	header.expectSignature("TREE");
	const nodeType = header.u8();
	if (nodeType !== (visitor.nodeType === "group" ? GROUP_NODE : CHUNK_NODE)) {
		throw header.damage(`is of type ${nodeType} where a ${visitor.nodeType} node belongs`);
	}
	const level = header.u8();
	const count = header.u16();
	const length = count * (visitor.keySize + reader.offsetSize) + visitor.keySize;
	const body = await reader.cursor(address, header.bytes.length + length, "B-tree node");
	body.skip(header.bytes.length);
	return { level, count, entries: body };
}

/** Reports a leaf's children to the visitor, or returns the wanted children of an inner node. */
function wantedChildren(node: Node, visitor: BTreeV1Visitor): number[] {
	const { entries, level, count } = node;
	const nextKey = entries.rewound();
	const children: number[] = [];
	for (let index = 0; index < count; index++) {
		const keyStart = entries.position;
		entries.skip(visitor.keySize);
		const child = entries.definedAddress();
		const childEnd = entries.position;
		entries.position = keyStart;
		nextKey.position = childEnd;
		if (level === 0) visitor.leaf(entries, child);
		else if (visitor.wanted?.(entries, nextKey) ?? true) children.push(child);
		entries.position = childEnd;
	}
	return children;
}
