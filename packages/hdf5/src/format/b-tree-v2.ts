import { createByteBudget } from "./byte-budget.ts";
import type { Cursor } from "./cursor.ts";
import type { MetadataReader } from "./metadata-reader.ts";

/** What the trees that this reader meets hold. */
export const bTreeV2Types = { linkNames: 5, chunks: 10, filteredChunks: 11 } as const;

/** Signature, version, type and checksum. */
const NODE_OVERHEAD_BYTES = 10;

export interface BTreeV2Visitor {
	readonly types: readonly number[];
	/**
	 * Whether to look at the children between these two records of an inner node; without it, always. Undefined stands
	 * for "no bound". Each cursor is at the record's start.
	 */
	wanted?(before: Cursor | undefined, after: Cursor | undefined): boolean;
	/** Called with a cursor over each record, of inner nodes too. */
	record(record: Cursor, type: number): void;
}

interface Tree {
	readonly type: number;
	readonly nodeSize: number;
	readonly recordSize: number;
	/** Bytes of the count of records in a child. */
	readonly countSize: number;
	/** Bytes of the count of records in a whole subtree, by the depth of its top node. */
	readonly subtreeCountSizes: readonly number[];
}

interface Child {
	readonly address: number;
	readonly count: number;
}

/** Walks a version 2 B-tree (III.A.2) level by level, the nodes of a level at once; records come in no set order. */
export async function walkBTreeV2(reader: MetadataReader, address: number, visitor: BTreeV2Visitor): Promise<void> {
	const header = await reader.cursor(address, 22 + reader.offsetSize + reader.lengthSize, "B-tree header");
	header.expectSignature("BTHD");
	header.expectVersion(0);
	const type = header.u8();
	if (!visitor.types.includes(type)) throw header.damage(`is of type ${type}`);
	const nodeSize = header.u32();
	const recordSize = header.u16();
	let depth = header.u16();
	header.skip(2); // split and merge percent
	const root = header.address();
	const rootCount = header.u16();
	header.length(); // records in the tree
	header.expectChecksum();
	if (root === undefined) return;
	const tree = createTree(header, { type, nodeSize, recordSize, depth });

	const seen = new Set([root]);
	const spend = createByteBudget(reader);
	let children: Child[] = [{ address: root, count: rootCount }];
	for (; children.length > 0; depth--) {
		const nodes = await Promise.all(children.map((child) => readNode(reader, tree, child, depth)));
		for (const node of nodes) spend(node.cursor);
		children = nodes.flatMap((node) => visitNode(node, visitor, tree.type));
		for (const child of children) {
			if (seen.has(child.address)) throw header.damage("reaches a node twice");
			seen.add(child.address);
		}
	}
}

/** Works out the widths of an inner node's fields: how many bytes the largest possible count takes. */
function createTree(
	header: Cursor,
	{ type, nodeSize, recordSize, depth }: { type: number; nodeSize: number; recordSize: number; depth: number },
): Tree {
	const maxLeafCount = Math.floor((nodeSize - NODE_OVERHEAD_BYTES) / recordSize);
	if (recordSize === 0 || maxLeafCount < 1) throw header.damage("has nodes too small for a record");
	const countSize = bytesFor(maxLeafCount);
	const subtreeCountSizes = [0];
	let maxSubtreeCount = maxLeafCount;
	for (let level = 1; level <= depth; level++) {
		const pointerSize = header.offsetSize + countSize + subtreeCountSizes[level - 1]!;
		const maxCount = Math.floor((nodeSize - NODE_OVERHEAD_BYTES - pointerSize) / (recordSize + pointerSize));
		maxSubtreeCount = (maxCount + 1) * maxSubtreeCount + maxCount;
		if (maxCount < 1 || !Number.isSafeInteger(maxSubtreeCount))
			throw header.damage(`has an impossible depth (${depth})`);
		subtreeCountSizes.push(bytesFor(maxSubtreeCount));
	}
	return { type, nodeSize, recordSize, countSize, subtreeCountSizes };
}

function bytesFor(limit: number): number {
	return Math.floor(Math.log2(limit) / 8) + 1;
}

interface Node {
	readonly cursor: Cursor;
	readonly records: readonly Cursor[];
	readonly children: readonly Child[];
}

async function readNode(reader: MetadataReader, tree: Tree, child: Child, depth: number): Promise<Node> {
	const cursor = await reader.cursor(child.address, tree.nodeSize, "B-tree node");
	cursor.expectSignature(depth === 0 ? "BTLF" : "BTIN");
	cursor.expectVersion(0);
	const type = cursor.u8();
	if (type !== tree.type) throw cursor.damage(`is of type ${type} instead of ${tree.type}`);
	const records = Array.from({ length: child.count }, () => cursor.sub(tree.recordSize));
	const children: Child[] = [];
	if (depth > 0) {
		for (let index = 0; index <= child.count; index++) {
			children.push({ address: cursor.definedAddress(), count: cursor.uint(tree.countSize) });
			cursor.skip(tree.subtreeCountSizes[depth - 1]!);
		}
	}
	cursor.expectChecksum();
	return { cursor, records, children };
}

function visitNode(node: Node, visitor: BTreeV2Visitor, type: number): Child[] {
	for (const record of node.records) visitor.record(record.rewound(), type);
	const { wanted } = visitor;
	if (wanted === undefined) return [...node.children];
	return node.children.filter((_child, index) =>
		wanted(node.records[index - 1]?.rewound(), node.records[index]?.rewound()),
	);
}
