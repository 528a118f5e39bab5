import { expect, test } from "vitest";
import { rectangleCoverage } from "./rectangle-coverage.ts";

function ring(...vertices: [number, number][]) {
	return {
		x: Float64Array.from(vertices, ([x]) => x),
		y: Float64Array.from(vertices, ([, y]) => y),
	};
}

test("a rectangle inside one of the lattice covers that one", () => {
	expect(rectangleCoverage([ring([1.2, 1.2], [1.8, 1.2], [1.8, 1.8], [1.2, 1.8])], 4, 4)).toEqual([5]);
});

test("touching a side or a corner counts", () => {
	expect(rectangleCoverage([ring([1.2, 1.2], [2, 1.5], [1.2, 1.8])], 4, 4)).toEqual([5, 6]);
	expect(rectangleCoverage([ring([1.2, 1.2], [2, 2], [1.2, 1.8])], 4, 4)).toEqual([5, 6, 9, 10]);
});

test("what no edge touches is filled or empty as a whole, holes included", () => {
	const outer = ring([0.5, 0.5], [4.5, 0.5], [4.5, 4.5], [0.5, 4.5]);
	expect(rectangleCoverage([outer], 5, 5)).toHaveLength(25);
	const hole = ring([1.5, 1.5], [3.5, 1.5], [3.5, 3.5], [1.5, 3.5]);
	const withHole = rectangleCoverage([outer, hole], 5, 5);
	expect(withHole).toHaveLength(24);
	expect(withHole).not.toContain(12);
});

test("a polygon beyond the lattice covers what is on it", () => {
	expect(rectangleCoverage([ring([-9, -9], [9, -9], [9, 9], [-9, 9])], 2, 2)).toEqual([0, 1, 2, 3]);
	expect(rectangleCoverage([ring([5, 5], [9, 5], [9, 9])], 2, 2)).toEqual([]);
});
