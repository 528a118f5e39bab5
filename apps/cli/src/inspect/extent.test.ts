import { expect, it } from "vitest";
import { createExtent } from "./extent.ts";

function extentOf(...places: [latitude: number, longitude: number][]) {
	const extent = createExtent();
	for (const [latitude, longitude] of places) extent.add(latitude, longitude);
	return extent.result();
}

it("is the box around the places", () => {
	expect(extentOf([70, -51], [72, -49.5], [71, -50])).toEqual({ south: 70, north: 72, west: -51, east: -49.5 });
	expect(extentOf([5, 7.25])).toEqual({ south: 5, north: 5, west: 7.25, east: 7.25 });
});

it("crosses the antimeridian where the places do", () => {
	expect(extentOf([-78, 179], [-79, -178], [-77, 178.5])).toEqual({ south: -79, north: -77, west: 178.5, east: -178 });
	expect(extentOf([0, 190])).toEqual({ south: 0, north: 0, west: -170, east: -170 });
});

it("is nothing without places", () => {
	expect(extentOf()).toBeNull();
});
