import { describe, expect, it } from "vitest";
import { createGeometry, type Geometry } from "./geometry.ts";
import type { View } from "./projection.ts";
import { cellAt, createRaster, rasteriseCells } from "./raster.ts";

/** A globe seen from above 0° N, 0° E so closely that a degree is ten pixels. */
const view: View = {
	...{ projection: "globe", longitude: 0, latitude: 0, centreX: 0, centreY: 0 },
	...{ scale: 1800 / Math.PI, width: 100, height: 100 },
};

/** Squares by their western and northern corner and side, degrees. */
function squares(...list: readonly (readonly [number, number, number])[]): Geometry {
	const corners = list.flatMap(([west, north, side]) => [
		...[west, north, west + side, north],
		...[west + side, north - side, west, north - side],
	]);
	return createGeometry(
		Int32Array.from(corners, (degrees) => Math.round(degrees * 1e7)),
		4,
	);
}

describe("rasteriseCells", () => {
	it("gives every pixel between neighbours to exactly one of them", () => {
		const raster = createRaster(100, 100);
		const geometry = squares([-1, 1, 1], [0, 1, 1], [-1, 0, 1], [0, 0, 1]);
		rasteriseCells(raster, view, geometry, Uint32Array.of(1, 2, 3, 4));
		const filled = [...raster.picks].filter((pick) => pick > 0).length;
		expect(filled).toBe(20 * 20);
		expect([45, 55].flatMap((y) => [45, 55].map((x) => cellAt(raster, x, y)))).toEqual([0, 1, 2, 3]);
		expect(raster.pixels[45 * 100 + 55]).toBe(2);
		expect(cellAt(raster, 39, 45)).toBeNull();
		expect(cellAt(raster, -1, 45)).toBeNull();
	});

	it("shows a cell smaller than a dot as a dot", () => {
		const raster = createRaster(100, 100);
		rasteriseCells(raster, view, squares([1.001, 1.001, 0.001]), Uint32Array.of(9), 3);
		expect([...raster.picks].filter((pick) => pick === 1).length).toBe(9);
		expect(cellAt(raster, 60, 40)).toBe(0);
	});

	it("leaves out cells of no colour, on the far side and beside the picture", () => {
		const raster = createRaster(100, 100);
		raster.pixels.fill(7);
		rasteriseCells(raster, view, squares([-1, 1, 2], [179, 1, 2], [40, 1, 2]), Uint32Array.of(0, 5, 5), 3);
		expect(raster.pixels.every((pixel) => pixel === 0)).toBe(true);
	});

	it("draws lines between wide cells, and keeps their colours opaque", () => {
		const raster = createRaster(100, 100);
		rasteriseCells(raster, view, squares([-3, 1, 3], [0, 1, 3]), Uint32Array.of(0xff808080, 0xff808080));
		expect(raster.pixels[50 * 100 + 49]).toBe(0xff606060);
		expect(raster.pixels[50 * 100 + 40]).toBe(0xff808080);
	});
});
