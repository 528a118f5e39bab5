import { walkBTreeV1 } from "../format/b-tree-v1.ts";
import { createByteBudget } from "../format/byte-budget.ts";
import type { Cursor } from "../format/cursor.ts";
import type { MetadataReader } from "../format/metadata-reader.ts";
import { decodeName, type Links } from "./link.ts";

const SOFT_LINK_CACHE_TYPE = 2;

/**
 * Reads all links of an old-style group: a B-tree of symbol table nodes whose names are in a local heap (III.A.1,
 * III.B, III.C, III.D).
 *
 * @param message the group's symbol table message
 */
export async function readSymbolTable(reader: MetadataReader, message: Cursor): Promise<Links> {
	const treeAddress = message.definedAddress();
	const nameAt = namesIn(reader, await readLocalHeap(reader, message.definedAddress()));
	const nodeAddresses: number[] = [];
	await walkBTreeV1(reader, treeAddress, {
		nodeType: "group",
		keySize: reader.lengthSize,
		leaf: (_key, child) => nodeAddresses.push(child),
	});
	if (new Set(nodeAddresses).size !== nodeAddresses.length) throw message.damage("lists a symbol table node twice");
	const links: Links = new Map();
	const spend = createByteBudget(reader);
	for (const node of await Promise.all(nodeAddresses.map((address) => readSymbolNode(reader, address)))) {
		spend(node);
		addSymbols(node, nameAt, links);
	}
	return links;
}

/** The heap's data segment; names in it end with a zero byte. */
async function readLocalHeap(reader: MetadataReader, address: number): Promise<Cursor> {
	const header = await reader.cursor(address, 8 + 2 * reader.lengthSize + reader.offsetSize, "local heap");
	header.expectSignature("HEAP");
	header.expectVersion(0);
	header.skip(3);
	const size = header.length();
	header.skip(reader.lengthSize); // free list
	return reader.cursor(header.definedAddress(), size, "local heap data");
}

type Names = (offset: number) => string;

/** Reads names by their offset in the heap. */
function namesIn(reader: MetadataReader, heap: Cursor): Names {
	const spend = createByteBudget(reader);
	return (offset) => {
		const end = heap.bytes.indexOf(0, offset);
		if (offset >= heap.bytes.length || end < 0) throw heap.damage(`has no name at offset ${offset}`);
		spend(heap, end - offset);
		return decodeName(heap.bytes.subarray(offset, end));
	};
}

async function readSymbolNode(reader: MetadataReader, address: number): Promise<Cursor> {
	const header = await reader.cursor(address, 8, "symbol table node");
	header.expectSignature("SNOD");
	header.expectVersion(1);
	header.skip(1);
	const entrySize = 2 * reader.offsetSize + 24;
	const body = await reader.cursor(address, 8 + header.u16() * entrySize, "symbol table node");
	body.skip(8);
	return body;
}

function addSymbols(node: Cursor, nameAt: Names, links: Links): void {
	while (node.remaining > 0) {
		const name = nameAt(node.uint(node.offsetSize));
		const address = node.address();
		const cacheType = node.u32();
		node.skip(4);
		const scratch = node.sub(16);
		if (cacheType === SOFT_LINK_CACHE_TYPE) {
			links.set(name, { kind: "soft", target: nameAt(scratch.u32()) });
		} else {
			if (address === undefined) throw node.damage(`has no address for ${name}`);
			links.set(name, { kind: "hard", address });
		}
	}
}
