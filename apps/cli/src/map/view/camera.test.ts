import { describe, expect, it } from "vitest";
import { fittedView, pannedView, resizedView, suitableProjection, zoomedView } from "./camera.ts";
import { createGeometry, type Geometry } from "./geometry.ts";
import { createProjector, type ProjectionName, placeAt } from "./projection.ts";

/** Squares of 0.2° around places, longitude first. */
function squares(...places: readonly (readonly [number, number])[]): Geometry {
	const corners = places.flatMap(([longitude, latitude]) =>
		[-0.1, 0.1, 0.1, -0.1].flatMap((east, corner) => [longitude + east, latitude + (corner < 2 ? -0.1 : 0.1)]),
	);
	return createGeometry(
		Int32Array.from(corners, (degrees) => Math.round(degrees * 1e7)),
		4,
	);
}

const margins = { top: 40, right: 20, bottom: 60, left: 30 };
const greenland = squares([-51, 70], [-49, 72]);

describe("suitableProjection", () => {
	it.each([
		["north", greenland],
		["south", squares([0, -75], [180, -80])],
		["globe", squares([0, 50], [10, 70])],
		["globe", squares([0, 75], [10, -75])],
	] as const)("is %s", (projection, geometry) => expect(suitableProjection(geometry)).toBe(projection));
});

describe("fittedView", () => {
	it.each(["globe", "north"] as const)("fills the free part of the picture: %s", (projection) => {
		const view = fittedView(greenland, projection, 800, 600, margins);
		const box = { left: 800, right: 0, top: 600, bottom: 0 };
		const pixel = new Float64Array(2);
		for (let index = 0; index < greenland.vertices.length; index += 3) {
			const [x, y, z] = greenland.vertices.subarray(index, index + 3);
			expect(createProjector(view).project(x!, y!, z!, pixel, 0)).toBe(true);
			box.left = Math.min(box.left, pixel[0]!);
			box.right = Math.max(box.right, pixel[0]!);
			box.top = Math.min(box.top, pixel[1]!);
			box.bottom = Math.max(box.bottom, pixel[1]!);
		}
		expect(box.left).toBeGreaterThan(29);
		expect(box.right).toBeLessThan(781);
		// Taller than wide here: the height is what decides.
		expect(box.top).toBeCloseTo(40, 0);
		expect(box.bottom).toBeCloseTo(540, 0);
	});

	it("shows the whole globe for cells on both sides of it", () => {
		const view = fittedView(squares([0, 0], [90, 0], [180, 0], [-90, 0]), "globe", 800, 600, margins);
		expect(view.scale).toBe(250);
		expect(view.latitude).toBe(0);
	});

	it("looks at the antimeridian when the cells are there", () => {
		const view = fittedView(squares([179, 0], [-179, 0]), "globe", 400, 400, margins);
		expect(Math.abs(view.longitude)).toBeCloseTo(180, 0);
		expect(view.scale).toBeGreaterThan(5000);
	});
});

describe("moving a view", () => {
	it.each(["globe", "north"] as const)("zooms around the pointer, and back: %s", (projection) => {
		const view = fittedView(greenland, projection, 800, 600, margins);
		const before = placeAt(view, 150, 420)!;
		const zoomed = zoomedView(view, 3, 150, 420);
		expect(zoomed.scale).toBeCloseTo(3 * view.scale, 6);
		const after = placeAt(zoomed, 150, 420)!;
		expect(Math.abs(after.latitude - before.latitude)).toBeLessThan(0.1);
		expect(Math.abs(after.longitude - before.longitude)).toBeLessThan(0.1);
		const back = zoomedView(zoomed, 1 / 3, 150, 420);
		expect(back.scale).toBeCloseTo(view.scale, 6);
	});

	it("drags the place under the pointer along", () => {
		for (const projection of ["globe", "north"] satisfies ProjectionName[]) {
			const view = fittedView(greenland, projection, 800, 600, margins);
			const before = placeAt(view, 400, 300)!;
			const after = placeAt(pannedView(view, 50, -30), 450, 270)!;
			expect(after.latitude).toBeCloseTo(before.latitude, 1);
			expect(after.longitude).toBeCloseTo(before.longitude, 1);
		}
	});

	it("never loses the Earth", () => {
		const globe = fittedView(squares([0, 0]), "globe", 400, 400, margins);
		expect(pannedView(globe, 0, 1e9).latitude).toBe(90);
		expect(zoomedView(globe, 1e-9, 200, 200).scale).toBeCloseTo(150, 6);
		const north = fittedView(greenland, "north", 400, 400, margins);
		const far = pannedView(north, 1e9, 0);
		expect(Math.hypot(far.centreX, far.centreY)).toBeCloseTo(2, 9);
		const whole = zoomedView(far, 1e-9, 0, 0);
		expect(Math.hypot(whole.centreX, whole.centreY)).toBe(0);
	});

	it("keeps its middle in a picture of another size", () => {
		const view = fittedView(greenland, "north", 800, 600, margins);
		const resized = resizedView(view, 400, 300);
		expect(resized.scale).toBeCloseTo(view.scale / 2, 9);
		expect(placeAt(resized, 200, 150)!.latitude).toBeCloseTo(placeAt(view, 400, 300)!.latitude, 9);
	});
});
