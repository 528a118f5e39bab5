import type { MetadataReader } from "../format/metadata-reader.ts";
import { messageTypes, type ObjectHeader } from "../format/object-header.ts";
import { readDenseLinks } from "./dense-links.ts";
import { type Links, parseLink } from "./link.ts";
import { readSymbolTable } from "./symbol-table.ts";

/** All links of the object if it is a group, else undefined. */
export async function readGroupLinks(reader: MetadataReader, header: ObjectHeader): Promise<Links | undefined> {
	const symbolTable = header.first(messageTypes.symbolTable);
	if (symbolTable !== undefined) return readSymbolTable(reader, symbolTable);
	const linkInfo = header.first(messageTypes.linkInfo);
	if (linkInfo === undefined) return undefined;

	linkInfo.expectVersion(0);
	const tracksCreationOrder = (linkInfo.u8() & 0x01) !== 0;
	if (tracksCreationOrder) linkInfo.skip(8);
	const heapAddress = linkInfo.address();
	const nameIndexAddress = linkInfo.address();
	if (heapAddress !== undefined && nameIndexAddress !== undefined) {
		return readDenseLinks(reader, heapAddress, nameIndexAddress);
	}
	const links: Links = new Map();
	for (const message of header.all(messageTypes.link)) {
		const { name, link } = parseLink(message);
		links.set(name, link);
	}
	return links;
}
