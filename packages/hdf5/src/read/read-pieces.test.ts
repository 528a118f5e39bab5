import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { createMetadataReader } from "../format/metadata-reader.ts";
import { memorySource } from "../sources/memory-source.ts";
import { createPageCache } from "../sources/page-cache.ts";
import { errorOf } from "../testing.ts";
import { type DataReader, readPieces } from "./read-pieces.ts";

const MIB = 1024 * 1024;
/** A reader of a file of 100 MiB in which every MiB starts with its own number. */
function reader(onRead: (address: number) => void = () => {}): DataReader {
	const pages = createPageCache(memorySource(new Uint8Array(0)), undefined);
	const sizes = { baseAddress: 0, fileSize: 100 * MIB, offsetSize: 8, lengthSize: 8 };
	return {
		metadata: createMetadataReader({ file: "granule.h5", pages, ...sizes }),
		async readBytes(address, length) {
			onRead(address);
			await setImmediate();
			return new Uint8Array(length).fill(address / MIB);
		},
	};
}

const farApart = Array.from({ length: 100 }, (_, index) => ({ address: index * MIB, size: 3 }));

test("hands every piece its bytes", async () => {
	const sums = new Map<number, number>();
	await readPieces(reader(), "/data", farApart, (bytes, piece) => sums.set(piece.address / MIB, bytes[0]! + bytes[2]!));
	expect(sums.size).toBe(100);
	for (const [index, sum] of sums) expect(sum).toBe(2 * index);
});

test("after a failure asks for nothing more", async () => {
	const asked: number[] = [];
	const failing = reader((address) => {
		asked.push(address / MIB);
		if (address === 3 * MIB) throw new Error("connection reset");
	});
	await expect(readPieces(failing, "/data", farApart, () => {})).rejects.toThrow("connection reset");
	await setImmediate();
	expect(asked).toHaveLength(24);
});

test("refuses a piece beyond the end of the file before asking for any", async () => {
	const asked: number[] = [];
	const pieces = [...farApart, { address: 100 * MIB - 2, size: 3 }];
	const error = await errorOf(
		readPieces(
			reader((address) => asked.push(address)),
			"/data",
			pieces,
			() => {},
		),
		"hdf5/corrupt",
	);
	expect(error.message).toContain(`data of /data at address ${100 * MIB - 2} lies beyond the end of the file`);
	expect(asked).toEqual([]);
});
