import fc from "fast-check";
import { expect, test } from "vitest";
import type { NumericType } from "../numeric.ts";
import { createOutput } from "./output.ts";
import { unshuffle, unshuffleInto } from "./unshuffle.ts";

/** The filter as the specification describes it: byte k of element i goes to place k · count + i. */
function shuffle(bytes: Uint8Array, elementSize: number): Uint8Array {
	const count = Math.floor(bytes.length / elementSize);
	const planes = bytes.slice();
	for (let element = 0; element < count; element++) {
		for (let byte = 0; byte < elementSize; byte++)
			planes[byte * count + element] = bytes[element * elementSize + byte]!;
	}
	return planes;
}

test("undoes shuffling of elements of any size, leaving the bytes after the last one alone", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 100 }), fc.integer({ min: 2, max: 17 }), (bytes, elementSize) => {
			expect(unshuffle(shuffle(bytes, elementSize), elementSize)).toEqual(bytes);
		}),
	);
});

test("puts any run of elements at any place of the output", () => {
	const types: [NumericType, number][] = [
		["int16", 2],
		["float32", 4],
		["float64", 8],
	];
	const run = fc.record({ count: fc.nat(20), from: fc.nat(20), to: fc.nat(20), rest: fc.nat(5) });
	fc.assert(
		fc.property(fc.constantFrom(...types), run, fc.infiniteStream(fc.nat(255)), ([type, size], place, stream) => {
			const { count, from, to, rest } = place;
			const bytes = Uint8Array.from([...stream.take((from + count + rest) * size)]);
			const output = createOutput(type, to + count + 2);
			unshuffleInto(shuffle(bytes, size), output, from, to, count);
			const expected = new Uint8Array(output.bytes.length);
			expected.set(bytes.subarray(from * size, (from + count) * size), to * size);
			expect(new Uint8Array(output.bytes)).toEqual(expected);
		}),
	);
});
