import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { settleAntimeridian } from "./antimeridian.ts";
import { cellBoundary, cellBounds, cellCentres, cellPolygon } from "./cell-geometry.ts";
import { hashPoints } from "./hash.ts";
import { packWord } from "./morton-word.ts";

const cell = fc
	.integer({ min: 0, max: 29 })
	.chain((order) => fc.tuple(fc.bigInt(0n, 12n * 4n ** BigInt(order) - 1n), fc.constant(order)));

test("the twelve base cells have their centres at latitudes 41.81°, 0° and −41.81°", () => {
	const { latitudes, longitudes } = cellCentres(
		BigUint64Array.from({ length: 12 }, (_, id) => packWord(BigInt(id), 0)),
	);
	expect([...longitudes]).toEqual([45, 135, 225, 315, 0, 90, 180, 270, 45, 135, 225, 315]);
	const expected = [41.8103148957786, 0, -41.8103148957786].flatMap((latitude) => Array(4).fill(latitude));
	for (const [index, latitude] of latitudes.entries()) expect(latitude).toBeCloseTo(expected[index], 12);
});

test("a cell's centre hashes to the cell, in both conventions", () => {
	fc.assert(
		fc.property(cell, fc.constantFrom("geodetic", "authalic"), ([nested, order], latitude) => {
			// At the finest orders a cell is smaller than the rounding of degrees.
			fc.pre(order <= 24);
			const words = BigUint64Array.of(packWord(nested, order));
			const { latitudes, longitudes } = cellCentres(words, latitude);
			expect(hashPoints(latitudes, longitudes, order, { latitude })).toEqual(words);
		}),
	);
});

test("a base cell's corners run N, W, S, E, and its finer outline N, E, S, W", () => {
	const word = packWord(0n, 0);
	const corners = cellBoundary(word, 1);
	const outline = cellBoundary(word, 2);
	const expectedCorners = [
		[90, 45],
		[41.8103148957786, 0],
		[0, 45],
		[41.8103148957786, 90],
	];
	const toPairs = (latitudes: Float64Array, longitudes: Float64Array) =>
		Array.from(latitudes, (latitude, index) => [latitude, longitudes[index]!]);
	const pairs = toPairs(corners.latitudes, corners.longitudes);
	for (const [index, [latitude, longitude]] of expectedCorners.entries()) {
		expect(pairs[index]![0]).toBeCloseTo(latitude!, 12);
		if (index > 0) expect(pairs[index]![1]).toBeCloseTo(longitude!, 10);
	}
	expect(outline.latitudes).toHaveLength(8);
	expect(outline.longitudes[2]).toBeCloseTo(90, 10);
	expect(outline.longitudes[6]).toBeCloseTo(0, 10);
});

test("a footprint of 32 points per side is closed and has 129 points around its cell", () => {
	const { latitudes, longitudes } = cellPolygon(12711972898206646278n, 32);
	expect(latitudes).toHaveLength(129);
	expect(latitudes[128]).toBe(latitudes[0]);
	expect(longitudes[128]).toBe(longitudes[0]);
	expect(Math.max(...latitudes)).toBeCloseTo(-77.5490978243, 9);
	expect(Math.min(...latitudes)).toBeCloseTo(-79.0187139499, 9);
	expect(Math.min(...longitudes)).toBeCloseTo(-135, 9);
	expect(Math.max(...longitudes)).toBeCloseTo(-129.375, 9);
});

test("a box reaches to the northern and southern corner and stays within ±180°", () => {
	fc.assert(
		fc.property(cell, ([nested, order]) => {
			const word = packWord(nested, order);
			const bounds = cellBounds(word);
			const { latitudes } = cellBoundary(word, 1);
			expect(bounds.north).toBe(Math.max(...latitudes));
			expect(bounds.south).toBe(Math.min(...latitudes));
			expect(bounds.west).toBeGreaterThanOrEqual(-180);
			expect(bounds.east).toBeLessThanOrEqual(180);
		}),
	);
});

test("cells beside the antimeridian keep to their side", () => {
	expect(cellBounds(9193254214346735622n)).toEqual({
		west: expect.closeTo(178.59375, 9),
		south: expect.closeTo(29.3131989642, 9),
		east: 180,
		north: expect.closeTo(30.6915876849, 9),
	});
	expect(cellBounds(9181150790348177414n).west).toBe(-180);
	expect(cellBounds(9181150790348177414n).east).toBeCloseTo(-178.59375, 9);
});

test("a side needs at least one point", () => {
	expect(() => cellBoundary(packWord(0n, 0), 0)).toThrow("a cell side needs at least one point, got 0");
});

describe("settling vertices on the antimeridian", () => {
	function settled(...longitudes: number[]): number[] {
		const array = Float64Array.from(longitudes);
		settleAntimeridian(array);
		return [...array];
	}

	test("a ring of up to 180° is left alone", () => {
		expect(settled(180, 170, 0)).toEqual([180, 170, 0]);
	});

	test("vertices at ±180 take the sign of the majority", () => {
		expect(settled(180, -170, -175, -170)).toEqual([-180, -170, -175, -170]);
		expect(settled(-180, 170, 175)).toEqual([180, 170, 175]);
	});

	test("a tie is decided by the median of the others", () => {
		expect(settled(180, -170, -175, 180 - 1e-9)).toEqual([-180, -170, -175, -180]);
		expect(settled(-180, 170, 175, -180)).toEqual([180, 170, 175, 180]);
	});

	test("a ring that crosses keeps its signs, and one with nothing but ±180 is unchanged", () => {
		expect(settled(-179, 179, -178, 178)).toEqual([-179, 179, -178, 178]);
		expect(settled(-180, 180)).toEqual([-180, 180]);
	});
});
