import fc from "fast-check";
import { expect, test } from "vitest";
import { isPointWord, packPointWord, packWord, unpackWord, validateWord, wordOrder } from "./morton-word.ts";

const cell = fc
	.integer({ min: 0, max: 29 })
	.chain((order) => fc.record({ order: fc.constant(order), nested: fc.bigInt(0n, 12n * 4n ** BigInt(order) - 1n) }));

test.each([
	[0n, 0, 1152921504606846976n],
	[1734n, 6, 1640999114223124486n],
	[7105644n, 12, 1641217642159144972n],
	[29104719558n, 18, 1641217671250837522n],
	[29105n, 6, 9345250701770489862n],
	[34502n, 6, 10864371151077900294n],
	[763190423985n, 18, 13957132096934772754n],
	[0n, 29, 1152921504606847005n],
])("NESTED %d of order %d is word %d", (nested, order, word) => {
	expect(packWord(nested, order)).toBe(word);
	expect(unpackWord(word)).toEqual({ nested, order });
});

test("packing and unpacking are inverse for every cell, and every word is canonical", () => {
	fc.assert(
		fc.property(cell, ({ nested, order }) => {
			const word = packWord(nested, order);
			expect(unpackWord(word)).toEqual({ nested, order });
			expect(wordOrder(word)).toBe(order);
			expect(isPointWord(word)).toBe(false);
			validateWord(word);
		}),
	);
});

test("words of one order sort like their NESTED ids, also where bit 63 is set", () => {
	fc.assert(
		fc.property(cell, fc.nat(), ({ nested, order }, seed) => {
			const other = BigInt(seed) % (12n * 4n ** BigInt(order));
			expect(packWord(nested, order) < packWord(other, order)).toBe(nested < other);
		}),
	);
	expect(packWord(11n, 0)).toBe(13835058055282163712n);
});

test("a point unpacks to its order-29 cell and sorts after the area words with the same 27 digits", () => {
	const last = 12n * 4n ** 29n - 1n;
	const point = packPointWord(last);
	expect(point).toBe(14987979559889010687n);
	expect(unpackWord(point)).toEqual({ nested: last, order: 29 });
	expect(isPointWord(point)).toBe(true);
	expect(point > packWord(last, 29)).toBe(true);
	expect(packPointWord(last - 15n) > packWord(last, 29)).toBe(true);
	validateWord(point);
});

test("a parent of order 28 sorts directly before its four children", () => {
	const parent = packWord(5n, 28);
	const children = [20n, 21n, 22n, 23n].map((nested) => packWord(nested, 29));
	expect(children).toEqual([parent + 1n, parent + 2n, parent + 3n, parent + 4n]);
});

test.each([0n, 13n << 60n, 15n << 60n, 5n, -1n, 1n << 64n])("%d is no word", (word) => {
	expect(() => unpackWord(word)).toThrow(expect.objectContaining({ code: "grid/bad-word", failureClass: "data" }));
	expect(() => validateWord(word)).toThrow(`${word} is not a morton word`);
});

test("a word with bits below its own order is not canonical", () => {
	const stray = packWord(41066n, 6) | (1n << 20n);
	expect(unpackWord(stray).nested).toBe(41066n);
	expect(() => validateWord(stray)).toThrow("stray bits");
});

test.each([
	[-1n, 3],
	[768n, 3],
	[0n, 30],
	[0n, 1.5],
])("NESTED %d of order %d does not exist", (nested, order) => {
	expect(() => packWord(nested, order)).toThrow(expect.objectContaining({ name: "GridError" }));
});
