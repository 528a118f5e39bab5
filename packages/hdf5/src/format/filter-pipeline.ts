import type { Cursor } from "./cursor.ts";

/** One step that chunks went through when they were written. */
export interface Filter {
	readonly id: number;
	/** The filter's name, from the file or from the registry of filters. */
	readonly name: string;
	readonly parameters: readonly number[];
}

/** HDF5's own limit, which is also the number of bits in a chunk's filter mask. */
const MAX_FILTERS = 32;

export const filterIds = { deflate: 1, shuffle: 2, fletcher32: 3 } as const;

/** Names for errors: the library's own filters and the registered ones that people meet. */
const filterNames: Readonly<Record<number, string>> = {
	[filterIds.deflate]: "deflate",
	[filterIds.shuffle]: "shuffle",
	[filterIds.fletcher32]: "fletcher32",
	4: "szip",
	5: "nbit",
	6: "scaleoffset",
	305: "lzo",
	307: "bzip2",
	32000: "lzf",
	32001: "blosc",
	32004: "lz4",
	32008: "bitshuffle",
	32013: "zfp",
	32015: "zstd",
	32017: "sz",
	32026: "blosc2",
};

/** Parses a filter pipeline message, versions 1 and 2 (IV.A.2.l); the filters are in the order of writing. */
export function parseFilterPipeline(cursor: Cursor): Filter[] {
	const version = cursor.u8();
	if (version !== 1 && version !== 2) throw cursor.damage(`has a filter pipeline of version ${version}`);
	const count = cursor.u8();
	if (count > MAX_FILTERS) throw cursor.damage(`has ${count} filters`);
	if (version === 1) cursor.skip(6);
	return Array.from({ length: count }, () => parseFilter(cursor, version));
}

function parseFilter(cursor: Cursor, version: number): Filter {
	const id = cursor.u16();
	// Version 2 leaves the name out of the filters that every library knows.
	const nameLength = version === 1 || id >= 256 ? cursor.u16() : 0;
	cursor.skip(2); // flags
	const parameterCount = cursor.u16();
	const paddedLength = version === 1 ? Math.ceil(nameLength / 8) * 8 : nameLength;
	const storedName = new TextDecoder().decode(cursor.take(paddedLength)).replace(/\0.*$/s, "");
	const parameters = Array.from({ length: parameterCount }, () => cursor.u32());
	if (version === 1 && parameterCount % 2 === 1) cursor.skip(4);
	return { id, name: filterNames[id] ?? (storedName || "unnamed"), parameters };
}
