import type { ByteSource } from "../byte-source.ts";
import { corrupt, Hdf5Error, unsupported } from "../errors.ts";
import type { PageCache } from "../sources/page-cache.ts";
import { Cursor } from "./cursor.ts";

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** The longest superblock (version 1, 8-byte sizes) has 100 bytes. */
const MAX_SUPERBLOCK_BYTES = 128;

/** The entry point of a file. */
export interface Superblock {
	/** Where the superblock was found; every address counts from here. */
	readonly baseAddress: number;
	readonly offsetSize: number;
	readonly lengthSize: number;
	/** Address of the root group's object header. */
	readonly rootAddress: number;
}

/**
 * Finds and reads the superblock (versions 0 to 3; HDF5 file format specification, II.A). It is at the start of the
 * file or, behind a user block, at 512, 1024, 2048, … bytes.
 *
 * @throws Hdf5Error `hdf5/not-hdf5` without a signature, `hdf5/truncated` when the file is shorter than it says
 */
export async function readSuperblock(source: ByteSource, pages: PageCache): Promise<Superblock> {
	const { name: file, size } = source;
	for (let baseAddress = 0; baseAddress + SIGNATURE.length <= size; baseAddress = Math.max(512, baseAddress * 2)) {
		const bytes = await pages.read(baseAddress, Math.min(MAX_SUPERBLOCK_BYTES, size - baseAddress));
		if (!SIGNATURE.every((byte, index) => bytes[index] === byte)) continue;
		const version = bytes[SIGNATURE.length];
		if (version === undefined || version > 3) throw unsupported(file, `superblock version ${version}`);
		const parsed = version < 2 ? parseVersion0(file, bytes, version) : parseVersion2(file, bytes);
		if (parsed.endOfFile > size) {
			throw new Hdf5Error("hdf5/truncated", `${file} has ${size} bytes, but its header says ${parsed.endOfFile}`, {
				remedy: "Fetch the file again: it was cut short",
				context: { file, size, expectedSize: parsed.endOfFile },
			});
		}
		return { ...parsed.superblock, baseAddress };
	}
	throw new Hdf5Error("hdf5/not-hdf5", `${file} is not an HDF5 file: it has no HDF5 signature`, {
		remedy: "Check that it is the granule itself and not an error page or another format",
		context: { file, size },
	});
}

interface ParsedSuperblock {
	readonly superblock: Omit<Superblock, "baseAddress">;
	readonly endOfFile: number;
}

/** Versions 0 and 1: sizes, B-tree ranks, four addresses, the root group's symbol table entry. */
function parseVersion0(file: string, bytes: Uint8Array, version: number): ParsedSuperblock {
	const cursor = superblockCursor(file, bytes, bytes[13], bytes[14]);
	cursor.skip(24 + (version === 1 ? 4 : 0));
	cursor.skip(2 * cursor.offsetSize); // base address, free space
	const endOfFile = cursor.definedAddress();
	cursor.skip(2 * cursor.offsetSize); // driver information, the root link's name
	return { superblock: root(cursor), endOfFile };
}

/** Versions 2 and 3: four addresses and a checksum. */
function parseVersion2(file: string, bytes: Uint8Array): ParsedSuperblock {
	const cursor = superblockCursor(file, bytes, bytes[9], bytes[10]);
	cursor.skip(12);
	cursor.skip(2 * cursor.offsetSize); // base address, superblock extension
	const endOfFile = cursor.definedAddress();
	const superblock = root(cursor);
	cursor.expectChecksum();
	return { superblock, endOfFile };
}

function superblockCursor(file: string, bytes: Uint8Array, offsetSize = 0, lengthSize = 0): Cursor {
	for (const size of [offsetSize, lengthSize]) {
		if (size !== 2 && size !== 4 && size !== 8) throw corrupt(file, `its superblock has ${size}-byte addresses`);
	}
	return new Cursor(bytes, { file, what: "superblock", address: 0 }, offsetSize, lengthSize);
}

function root(cursor: Cursor): ParsedSuperblock["superblock"] {
	const rootAddress = cursor.definedAddress();
	return { offsetSize: cursor.offsetSize, lengthSize: cursor.lengthSize, rootAddress };
}
