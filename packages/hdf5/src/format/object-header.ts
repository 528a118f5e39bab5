import { corrupt, unsupported } from "../errors.ts";
import { createByteBudget } from "./byte-budget.ts";
import type { Cursor } from "./cursor.ts";
import type { MetadataReader } from "./metadata-reader.ts";

/** The object header messages that this reader uses (HDF5 file format specification, IV.A.2). */
export const messageTypes = {
	dataspace: 0x01,
	linkInfo: 0x02,
	datatype: 0x03,
	oldFillValue: 0x04,
	fillValue: 0x05,
	link: 0x06,
	externalFiles: 0x07,
	layout: 0x08,
	filterPipeline: 0x0b,
	continuation: 0x10,
	symbolTable: 0x11,
} as const;

const usedTypes: ReadonlySet<number> = new Set(Object.values(messageTypes));

const OPTION_SHARED = 0x02;
const OPTION_FAIL_IF_UNKNOWN = 0x80;
/** The last message type of the format that this reader was written from. */
const LAST_KNOWN_TYPE = 0x18;

/** The messages of one object, in file order. */
export interface ObjectHeader {
	readonly address: number;
	/** A fresh cursor at the first message of the type, or undefined. */
	first(type: number): Cursor | undefined;
	all(type: number): Cursor[];
}

interface Message {
	readonly type: number;
	readonly options: number;
	readonly content: Cursor;
}

interface Block {
	readonly address: number;
	readonly length: number;
}

/** Reads an object header of version 1 or 2 with all its continuation blocks. */
export async function readObjectHeader(reader: MetadataReader, address: number): Promise<ObjectHeader> {
	const messages = await readMessages(reader, address);
	for (const [index, message] of messages.entries()) {
		if (message.options & OPTION_SHARED) messages[index] = await readShared(reader, message);
	}
	const ofType = (type: number) => messages.filter((message) => message.type === type);
	const rewound = (message: Message) => message.content.rewound();
	return {
		address,
		first: (type) => ofType(type).map(rewound)[0],
		all: (type) => ofType(type).map(rewound),
	};
}

async function readMessages(reader: MetadataReader, address: number): Promise<Message[]> {
	// The longest prefix (version 2 with times and a phase change) has 34 bytes.
	const prefix = await reader.cursor(address, Math.min(34, Math.max(0, reader.size - address)), "object header");
	const isVersion2 = String.fromCharCode(...prefix.bytes.subarray(0, 4)) === "OHDR";
	return isVersion2 ? readVersion2(reader, prefix) : readVersion1(reader, prefix);
}

function readVersion1(reader: MetadataReader, prefix: Cursor): Promise<Message[]> {
	prefix.expectVersion(1);
	prefix.skip(1);
	let left = prefix.u16();
	prefix.skip(4); // reference count
	const first = { address: prefix.location.address + 16, length: prefix.u32() };
	return followBlocks(reader, first, (cursor) => {
		const messages: Message[] = [];
		for (; left > 0 && cursor.remaining >= 8; left--) {
			const type = cursor.u16();
			const size = cursor.u16();
			const options = cursor.u8();
			cursor.skip(3);
			messages.push({ type, options, content: cursor.sub(size) });
		}
		return messages;
	});
}

function readVersion2(reader: MetadataReader, prefix: Cursor): Promise<Message[]> {
	prefix.expectSignature("OHDR");
	prefix.expectVersion(2);
	const flags = prefix.u8();
	prefix.skip((flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0)); // times, attribute phase change
	const contentSize = prefix.uint(1 << (flags & 0x03));
	const contentStart = prefix.position;
	const first = { address: prefix.location.address, length: contentStart + contentSize + 4 };
	const messageHeaderSize = flags & 0x04 ? 6 : 4;

	return followBlocks(reader, first, (cursor, isFirst) => {
		cursor.expectSignature(isFirst ? "OHDR" : "OCHK");
		cursor.position = cursor.bytes.length - 4;
		cursor.expectChecksum();
		cursor.position = isFirst ? contentStart : 4;
		const body = cursor.sub(cursor.remaining - 4);
		const messages: Message[] = [];
		// What is left at the end may be a gap too short for a message.
		while (body.remaining >= messageHeaderSize) {
			const type = body.u8();
			const size = body.u16();
			const options = body.u8();
			body.skip(messageHeaderSize - 4); // creation order
			messages.push({ type, options, content: body.sub(size) });
		}
		return messages;
	});
}

/** Reads the first block and every continuation, in order, and returns the messages that this reader uses. */
async function followBlocks(
	reader: MetadataReader,
	first: Block,
	parse: (cursor: Cursor, isFirst: boolean) => Message[],
): Promise<Message[]> {
	const used: Message[] = [];
	const blocks = [first];
	const seen = new Set([first.address]);
	const spend = createByteBudget(reader);
	for (const block of blocks) {
		const cursor = await reader.cursor(block.address, block.length, "object header");
		spend(cursor);
		for (const message of parse(cursor, block === first)) {
			const { type, options, content } = message;
			if (type === messageTypes.continuation) {
				const next = { address: content.definedAddress(), length: content.length() };
				if (seen.has(next.address)) throw content.damage("continues in a circle");
				if (next.length < 8) throw content.damage(`continues in a block of ${next.length} bytes`);
				seen.add(next.address);
				blocks.push(next);
			} else if (usedTypes.has(type)) {
				used.push(message);
			} else if (options & OPTION_FAIL_IF_UNKNOWN && type > LAST_KNOWN_TYPE) {
				throw unsupported(reader.file, `object header messages of type ${type}`);
			}
		}
	}
	return used;
}

/**
 * A shared message holds the address of another object whose header has the real one: a committed datatype. Sharing
 * through the file-wide message table is not supported.
 */
async function readShared(reader: MetadataReader, { type, content }: Message): Promise<Message> {
	const version = content.u8();
	const kind = content.u8();
	if (version < 1 || version > 3) throw content.damage(`has a shared message of version ${version}`);
	if (version === 3 && kind === 1) throw unsupported(reader.file, "the shared object header message table");
	if (version === 1) content.skip(6 + reader.lengthSize);
	const address = content.definedAddress();
	const target = (await readMessages(reader, address)).find((message) => message.type === type);
	if (target === undefined || target.options & OPTION_SHARED) {
		throw corrupt(reader.file, `the object at address ${address} lacks the message that others share`, { address });
	}
	return target;
}
