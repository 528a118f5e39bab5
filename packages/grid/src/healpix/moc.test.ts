import fc from "fast-check";
import { expect, test } from "vitest";
import {
	intersectMocs,
	mocsIntersect,
	mocToOrder,
	normalizeMoc,
	subtractMocs,
	symmetricDifferenceOfMocs,
	unionMocs,
} from "./moc.ts";
import { packPointWord, packWord } from "./morton-word.ts";

/** Cells of orders 0 to 4 in two base cells: small enough to compare with sets of order-4 cells. */
const moc = fc
	.array(
		fc
			.integer({ min: 0, max: 4 })
			.chain((order) => fc.tuple(fc.integer({ min: 0, max: 2 * 4 ** order - 1 }), fc.constant(order))),
		{ maxLength: 12 },
	)
	.map((cells) => cellsOf(...cells));

function cellsOf(...cells: (readonly [number, number])[]): BigUint64Array {
	return BigUint64Array.from(cells, ([nested, order]) => packWord(BigInt(nested), order));
}

function flat(words: BigUint64Array): Set<bigint> {
	return new Set(mocToOrder(words, 4));
}

test("a complete quartet of siblings becomes its parent, and cells inside others go", () => {
	expect(normalizeMoc(cellsOf([5, 1], [4, 1], [7, 1], [6, 1], [22, 2]))).toEqual(cellsOf([1, 0]));
	expect(normalizeMoc(cellsOf([3, 1], [4, 1], [5, 1], [6, 1]))).toEqual(cellsOf([3, 1], [4, 1], [5, 1], [6, 1]));
	expect(normalizeMoc(new BigUint64Array(0))).toHaveLength(0);
});

test("the whole sphere is its twelve base cells", () => {
	const sphere = BigUint64Array.from({ length: 12 }, (_, base) => packWord(BigInt(base), 0));
	expect(normalizeMoc(mocToOrder(sphere, 3))).toEqual(sphere);
	expect(subtractMocs(sphere, sphere)).toHaveLength(0);
});

test("set operations agree with sets of equal cells, and results are in normal form", () => {
	fc.assert(
		fc.property(moc, moc, (a, b) => {
			const [inA, inB] = [flat(a), flat(b)];
			const cells = [...flat(unionMocs(a, b))];
			expect(cells).toEqual([...new Set([...inA, ...inB])].sort((x, y) => (x < y ? -1 : 1)));
			const results = [
				[intersectMocs(a, b), cells.filter((cell) => inA.has(cell) && inB.has(cell))],
				[subtractMocs(a, b), cells.filter((cell) => inA.has(cell) && !inB.has(cell))],
				[symmetricDifferenceOfMocs(a, b), cells.filter((cell) => inA.has(cell) !== inB.has(cell))],
			] as const;
			for (const [found, expected] of results) {
				expect([...flat(found)]).toEqual(expected);
				expect(normalizeMoc(found)).toEqual(found);
			}
			expect(mocsIntersect(a, b)).toBe(results[0][1].length > 0);
		}),
	);
});

test("the normal form depends on the area alone", () => {
	fc.assert(
		fc.property(moc, (a) => {
			expect(normalizeMoc(mocToOrder(a, 6))).toEqual(normalizeMoc(a));
		}),
	);
});

test("a MOC at one order splits coarse cells, lifts fine ones and lists each cell once", () => {
	expect(mocToOrder(cellsOf([1, 0], [5, 1], [90, 3]), 1)).toEqual(cellsOf([4, 1], [5, 1], [6, 1], [7, 1]));
	expect(mocToOrder(cellsOf([200, 3], [5, 1]), 1)).toEqual(cellsOf([5, 1], [12, 1]));
});

test("a point keeps its word at order 29 and counts as its cell in set operations", () => {
	const point = BigUint64Array.of(packPointWord(77n));
	expect(mocToOrder(point, 29)).toEqual(point);
	expect(normalizeMoc(point)).toEqual(BigUint64Array.of(packWord(77n, 29)));
	expect(mocsIntersect(point, cellsOf([0, 0]))).toBe(true);
});

test("inputs are not changed", () => {
	const words = cellsOf([7, 1], [6, 1], [5, 1], [4, 1]);
	const copy = words.slice();
	unionMocs(words, words);
	mocToOrder(words, 0);
	expect(words).toEqual(copy);
});

test("more cells than memory holds are refused", () => {
	expect(() => mocToOrder(cellsOf([0, 0]), 15)).toThrow(expect.objectContaining({ code: "grid/too-many-cells" }));
});
