import fc from "fast-check";
import { expect, test } from "vitest";
import { createOutput } from "./output.ts";
import { placeChunk } from "./place-chunk.ts";

/** A dimension of a dataset, cut into chunks, with a window. */
const dimension = fc
	.record({ extent: fc.integer({ min: 1, max: 7 }), chunk: fc.integer({ min: 1, max: 8 }), a: fc.nat(7), b: fc.nat(7) })
	.map(({ extent, chunk, a, b }) => {
		const start = Math.min(a, b, extent - 1);
		return { extent, chunk, start, end: Math.max(start + 1, Math.min(extent, Math.max(a, b))) };
	});

test("assembles every window of every chunked array as plain indexing does", () => {
	fc.assert(
		fc.property(fc.array(dimension, { minLength: 1, maxLength: 4 }), (dimensions) => {
			const ranges = dimensions.map(({ start, end }) => [start, end] as const);
			const chunkShape = dimensions.map(({ chunk }) => chunk);
			const valueAt = (place: readonly number[]) => place.reduce((sum, index) => sum * 10 + index + 1, 0);
			const wanted = positions(ranges).map(valueAt);

			const output = createOutput("int32", wanted.length);
			const corners = positions(dimensions.map(({ extent, chunk }) => [0, Math.ceil(extent / chunk)] as const));
			for (const corner of corners) {
				const start = corner.map((place, index) => place * chunkShape[index]!);
				const content = positions(start.map((first, index) => [first, first + chunkShape[index]!] as const)).map(
					valueAt,
				);
				const bytes = new Uint8Array(Int32Array.from(content).buffer);
				placeChunk({ bytes, shuffled: false }, start, chunkShape, ranges, output);
			}
			expect([...output.array]).toEqual(wanted);
		}),
		{ numRuns: 300 },
	);
});

/** All index tuples inside the ranges, row-major. */
function positions(ranges: readonly (readonly [number, number])[]): number[][] {
	return ranges.reduce<number[][]>(
		(prefixes, [start, end]) =>
			prefixes.flatMap((prefix) => Array.from({ length: end - start }, (_, index) => [...prefix, start + index])),
		[[]],
	);
}
