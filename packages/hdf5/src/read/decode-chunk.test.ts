import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { Hdf5Error } from "../errors.ts";
import { type Filter, filterIds } from "../format/filter-pipeline.ts";
import { decodeChunk } from "./decode-chunk.ts";

const deflate: Filter = { id: filterIds.deflate, name: "deflate", parameters: [6] };
const lzf: Filter = { id: 32000, name: "lzf", parameters: [] };
const coding = (filters: Filter[], chunkBytes: number) => ({
	file: "granule.h5",
	path: "/data",
	filters,
	elementSize: 4,
	chunkBytes,
});

function failureOf(work: () => unknown): Hdf5Error {
	try {
		work();
	} catch (error) {
		if (error instanceof Hdf5Error) return error;
		throw error;
	}
	throw new Error("nothing was thrown");
}

test("a stream that inflates to more than the chunk is damage, and is not inflated further", () => {
	const bomb = deflateSync(new Uint8Array(50_000_000));
	const error = failureOf(() => decodeChunk(coding([deflate], 40_000), bomb, 0));
	expect(error.code).toBe("hdf5/corrupt");
	expect(error.message).toContain("/data");
});

test("a stream that inflates to less than the chunk is damage", () => {
	const short = deflateSync(new Uint8Array(100));
	expect(failureOf(() => decodeChunk(coding([deflate], 400), short, 0)).message).toContain("100 bytes instead of 400");
});

test("a chunk size that no stream of that length can reach costs no memory", () => {
	const stream = deflateSync(new Uint8Array(10));
	const error = failureOf(() => decodeChunk(coding([deflate], 2 ** 40), stream, 0));
	expect(error.message).toContain(`cannot hold a chunk of ${2 ** 40}`);
});

test("an unknown filter is named, unless the chunk's mask leaves it out", () => {
	const error = failureOf(() => decodeChunk(coding([lzf], 4), new Uint8Array(4), 0));
	expect(error.code).toBe("hdf5/unsupported");
	expect(error.message).toBe(
		"granule.h5 uses the filter lzf (32000) for /data, which this reader does not support. " +
			"Rewrite the file without it, for example with h5repack, or read another dataset",
	);
	expect(decodeChunk(coding([lzf], 4), Uint8Array.of(1, 2, 3, 4), 1).bytes).toEqual(Uint8Array.of(1, 2, 3, 4));
});
