import { expect, test } from "vitest";
import { Cursor } from "./cursor.ts";
import { parseLayout } from "./layout.ts";

const cursorOver = (...bytes: number[]) =>
	new Cursor(Uint8Array.from(bytes), { file: "old.h5", what: "object header", address: 0 }, 4, 4);
const u32 = (value: number) => [...new Uint8Array(Uint32Array.of(value).buffer)];

// No current library writes these; the bytes follow the specification, IV.A.2.i, versions 1 and 2.
test("reads the chunked layout of HDF5 1.4", () => {
	const message = cursorOver(1, 3, 2, 0, 0, 0, 0, 0, ...u32(800), ...u32(10), ...u32(5), ...u32(8));
	expect(parseLayout(message)).toEqual({
		kind: "chunked",
		chunkShape: [10, 5],
		elementSize: 8,
		index: { kind: "b-tree-v1" },
		address: 800,
		edgeChunksUnfiltered: false,
	});
});

test("reads the contiguous layout of HDF5 1.4, whose sizes repeat the dataspace", () => {
	const message = cursorOver(2, 1, 1, 0, 0, 0, 0, 0, ...u32(0xffffffff), ...u32(10));
	expect(parseLayout(message)).toEqual({ kind: "contiguous", address: undefined });
});

test("reads the compact layout of HDF5 1.4", () => {
	const message = cursorOver(1, 1, 0, 0, 0, 0, 0, 0, ...u32(3), ...u32(3), 7, 8, 9);
	expect(parseLayout(message)).toEqual({ kind: "compact", bytes: Uint8Array.of(7, 8, 9) });
});

test("refuses a version that it does not know", () => {
	expect(() => parseLayout(cursorOver(6, 2, 0))).toThrow("data layout version 6");
});
