import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeUnitVector } from "./geometry.ts";
import { createProjector, type ProjectionName, placeAt, type View, wrapLongitude } from "./projection.ts";

const view = (projection: ProjectionName, more: Partial<View> = {}): View => ({
	...{ projection, longitude: 0, latitude: { globe: 0, north: 90, south: -90 }[projection] },
	...{ centreX: 0, centreY: 0, scale: 100, width: 400, height: 400 },
	...more,
});

function pixelOf(shown: View, longitude: number, latitude: number): { x: number; y: number; isVisible: boolean } {
	const place = new Float64Array(3);
	const pixel = new Float64Array(2);
	writeUnitVector(longitude, latitude, place, 0);
	const isVisible = createProjector(shown).project(place[0]!, place[1]!, place[2]!, pixel, 0);
	return { x: pixel[0]!, y: pixel[1]!, isVisible };
}

describe("projections", () => {
	it.each([
		// Orthographic: x = cos φ sin λ, y = sin φ.
		["globe", 0, 0, 200, 200],
		["globe", 30, 0, 250, 200],
		["globe", 0, 30, 200, 150],
		["globe", 90, 0, 300, 200],
		// Stereographic: radius 2 tan((90° − φ) / 2); 0° runs downwards from the North Pole, upwards from the South Pole.
		["north", 0, 90, 200, 200],
		["north", 0, 0, 200, 400],
		["north", 90, 30, 200 + 200 * Math.tan(Math.PI / 6), 200],
		["south", 0, -30, 200, 200 - 200 * Math.tan(Math.PI / 6)],
		["south", 90, -30, 200 + 200 * Math.tan(Math.PI / 6), 200],
	] as const)("%s puts %d° E, %d° N at %d, %d", (projection, longitude, latitude, x, y) => {
		const pixel = pixelOf(view(projection), longitude, latitude);
		expect(pixel.x).toBeCloseTo(x, 9);
		expect(pixel.y).toBeCloseTo(y, 9);
	});

	it("hide the far side", () => {
		expect(pixelOf(view("globe"), 91, 0).isVisible).toBe(false);
		expect(pixelOf(view("globe"), 89, 0).isVisible).toBe(true);
		expect(pixelOf(view("north"), 0, -1).isVisible).toBe(false);
		expect(pixelOf(view("south"), 0, -1).isVisible).toBe(true);
		expect(placeAt(view("globe"), 301, 200)).toBeNull();
	});

	it("lead from a pixel to a place and back, wherever the view is", () => {
		const views = fc.record({
			projection: fc.constantFrom<ProjectionName>("globe", "north", "south"),
			longitude: fc.double({ min: -180, max: 180, noNaN: true }),
			latitude: fc.double({ min: -90, max: 90, noNaN: true }),
			centre: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
			zoom: fc.double({ min: 0, max: 4, noNaN: true }),
			x: fc.integer({ min: 0, max: 400 }),
			y: fc.integer({ min: 0, max: 400 }),
		});
		fc.assert(
			fc.property(views, ({ projection, longitude, latitude, centre, zoom, x, y }) => {
				const isGlobe = projection === "globe";
				const shown = view(projection, {
					...{ longitude, scale: 100 * 10 ** zoom },
					...(isGlobe ? { latitude } : { centreX: centre, centreY: -centre }),
				});
				const place = placeAt(shown, x, y);
				fc.pre(place !== null);
				const pixel = pixelOf(shown, place.longitude, place.latitude);
				// At the globe's edge a pixel is a long way on the ground, and the way back is as coarse.
				expect(Math.hypot(pixel.x - x, pixel.y - y)).toBeLessThan(1e-5);
			}),
			{ numRuns: 300 },
		);
	});

	it("wrap longitudes to [−180, 180)", () => {
		expect([180, -180, 190, 540, -190, 0].map(wrapLongitude)).toEqual([-180, -180, -170, -180, 170, 0]);
	});
});
