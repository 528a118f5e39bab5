import fc from "fast-check";
import { expect, test } from "vitest";
import { childWords, clipWords, coarsenWord, commonAncestor, consecutiveIds } from "./hierarchy.ts";
import { packPointWord, packWord, unpackWord } from "./morton-word.ts";

const anyOrder = fc.integer({ min: 0, max: 29 });
const leaf = fc.bigInt(0n, 12n * 4n ** 29n - 1n);

test.each([
	[12712032410179469330n, 12711972898206646278n, 12712032409273499660n],
	[10526834301964648466n, 10526601179025113094n, 10526834275490201612n],
	[14051511483494301714n, 14051230837395947526n, 14051511419019460620n],
	[2280693591284121618n, 2280510261309734918n, 2280693536154189836n],
	[5347399105222017042n, 5347180132572332038n, 5347399072825212940n],
	[11570383905160691730n, 11570310392668225542n, 11570383853788856332n],
])("word %d of order 18 lies in %d of order 6 and %d of order 12", (word, order6, order12) => {
	expect(coarsenWord(word, 6)).toBe(order6);
	expect(coarsenWord(word, 12)).toBe(order12);
	expect(coarsenWord(word, 18)).toBe(word);
	expect(clipWords(BigUint64Array.of(word, order12, order6), 12)).toEqual(BigUint64Array.of(order12, order12, order6));
});

test("clipping an array equals coarsening each word, for all orders and points", () => {
	fc.assert(
		fc.property(leaf, anyOrder, anyOrder, (nested, own, order) => {
			const area = packWord(nested >> BigInt(2 * (29 - own)), own);
			const words = BigUint64Array.of(area, packPointWord(nested));
			const expected = BigUint64Array.from(words, (word) => coarsenWord(word, order));
			expect(clipWords(words, order)).toEqual(expected);
			expect(clipWords(words, order, words)).toEqual(expected);
		}),
	);
});

test("clipping refuses the empty word, by value", () => {
	expect(() => clipWords(BigUint64Array.of(packWord(5n, 3), 0n), 2)).toThrow("0 is not a morton word");
	expect(() => clipWords(new BigUint64Array(2), 2, new BigUint64Array(1))).toThrow("room for 1 words");
});

test("the children of 12711972898206646278 at order 8 are the 16 NESTED ids from 657056", () => {
	const children = childWords(12711972898206646278n, 8);
	expect(children).toHaveLength(16);
	expect(children[0]).toBe(12711972898206646280n);
	expect(children[1]).toBe(12711990490392690696n);
	expect(children[15]).toBe(12712236780997312520n);
	expect(Array.from(children, (word) => Number(unpackWord(word).nested))).toEqual(
		Array.from({ length: 16 }, (_, rank) => 657056 + rank),
	);
});

test("children at any order are consecutive NESTED ids of that order", () => {
	fc.assert(
		fc.property(leaf, anyOrder, fc.integer({ min: 0, max: 4 }), (nested, own, levels) => {
			const order = Math.min(29, own + levels);
			const parent = nested >> BigInt(2 * (29 - own));
			const first = parent << BigInt(2 * (order - own));
			const expected = BigUint64Array.from({ length: 4 ** (order - own) }, (_, rank) =>
				packWord(first + BigInt(rank), order),
			);
			expect(childWords(packWord(parent, own), order)).toEqual(expected);
		}),
	);
});

test("a cell is its own child, and has none at coarser orders", () => {
	expect(childWords(12711972898206646278n, 6)).toEqual(BigUint64Array.of(12711972898206646278n));
	expect(() => childWords(12711972898206646278n, 5)).toThrow("target_order (5) must be >= parent_order (6)");
	expect(() => childWords(12711972898206646278n, 21)).toThrow("too many to list");
});

test("the common ancestor is the finest cell that holds all the words", () => {
	const [a, b, c] = [packWord(657056n, 8), packWord(657060n, 8), packWord(41067n, 6)] as const;
	expect(commonAncestor(BigUint64Array.of(a))).toBe(a);
	expect(commonAncestor(BigUint64Array.of(a, a))).toBe(a);
	expect(commonAncestor(BigUint64Array.of(a, b))).toBe(packWord(41066n, 6));
	expect(commonAncestor(BigUint64Array.of(a, b, c))).toBe(packWord(10266n, 5));
	expect(commonAncestor(BigUint64Array.of(a, packWord(10n, 0)))).toBe(packWord(10n, 0));
});

test("one point is its own ancestor, and twice the same point gives its area word", () => {
	const point = packPointWord(99n);
	expect(commonAncestor(BigUint64Array.of(point))).toBe(point);
	expect(commonAncestor(BigUint64Array.of(point, point))).toBe(packWord(99n, 29));
});

test("cells of different base cells, or no cells, have no common ancestor", () => {
	const expected = expect.objectContaining({ code: "grid/no-common-ancestor" });
	expect(() => commonAncestor(BigUint64Array.of(packWord(0n, 0), packWord(1n, 0)))).toThrow(expected);
	expect(() => commonAncestor(new BigUint64Array(0))).toThrow(expected);
});

test("consecutive ids count on beyond 2^53", () => {
	expect(consecutiveIds(3n << 60n, 3)).toEqual(BigUint64Array.of(3n << 60n, (3n << 60n) + 1n, (3n << 60n) + 2n));
});
