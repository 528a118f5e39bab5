import { describe, expect, test } from "vitest";
import { cellBoundary, cellCentres } from "../healpix/cell-geometry.ts";
import { packWord } from "../healpix/morton-word.ts";
import { cellPoint, chordDeviation } from "./cell-point.ts";

const RADIANS = Math.PI / 180;

function pointOf(base: number, u: number, v: number): [number, number, number] {
	const out = new Float64Array(3);
	cellPoint(base, u, v, out);
	return [out[0]!, out[1]!, out[2]!];
}

function distance(a: readonly number[], b: readonly number[]): number {
	return Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!, a[2]! - b[2]!);
}

function vectorOf(latitude: number, longitude: number): [number, number, number] {
	const phi = latitude * RADIANS;
	const lambda = longitude * RADIANS;
	return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}

describe("a place in a base cell", () => {
	test("is where the cell's centre and corners are, for all cells of order 2", () => {
		for (let nested = 0; nested < 12 * 16; nested++) {
			const base = nested >> 4;
			const u = ((nested & 1) | ((nested >> 1) & 2)) / 4;
			const v = (((nested >> 1) & 1) | ((nested >> 2) & 2)) / 4;
			const word = packWord(BigInt(nested), 2);
			const centre = cellCentres(BigUint64Array.of(word));
			const corners = cellBoundary(word, 1);
			expect(
				distance(pointOf(base, u + 1 / 8, v + 1 / 8), vectorOf(centre.latitudes[0]!, centre.longitudes[0]!)),
			).toBeLessThan(1e-9);
			// Corners come as N, W, S, E.
			for (const [corner, [du, dv]] of [
				[1, 1],
				[0, 1],
				[0, 0],
				[1, 0],
			].entries() as ArrayIterator<[number, [number, number]]>) {
				const expected = vectorOf(corners.latitudes[corner]!, corners.longitudes[corner]!);
				expect(distance(pointOf(base, u + du / 4, v + dv / 4), expected)).toBeLessThan(1e-7);
			}
		}
	});

	test("is the same from both sides of a seam, to the last digits", () => {
		for (let step = 0; step <= 64; step++) {
			const t = step / 64;
			// The eastern side of northern base cell 0 is the western one of 1; that of southern 8 that of 9.
			expect(distance(pointOf(0, 1, t), pointOf(1, t, 1))).toBeLessThan(4e-16);
			expect(distance(pointOf(8, t, 0), pointOf(9, 0, t))).toBeLessThan(4e-16);
			// The south-eastern side of 0 borders on the equatorial cell 5.
			expect(distance(pointOf(0, t, 0), pointOf(5, t, 1))).toBeLessThan(4e-16);
		}
	});
});

test("sides stray from their chords by no more than the bound", () => {
	for (const base of [0, 4, 8]) {
		for (const cells of [1, 2, 8, 32]) {
			const size = 1 / cells;
			for (let i = 0; i < cells; i++) {
				for (let j = 0; j < cells; j++) {
					const [u, v] = [i * size, j * size];
					for (const [endU, endV] of [
						[u + size, v],
						[u, v + size],
					] as const) {
						const start = pointOf(base, u, v);
						const end = pointOf(base, endU, endV);
						const bound = chordDeviation(base, u, v, endU, endV, size);
						for (const w of [0.25, 0.5, 0.75]) {
							const curve = pointOf(base, u + (endU - u) * w, v + (endV - v) * w);
							const chord = start.map((value, axis) => value + (end[axis]! - value) * w);
							expect(distance(curve, chord)).toBeLessThanOrEqual(bound + 1e-9);
						}
					}
				}
			}
		}
	}
});
