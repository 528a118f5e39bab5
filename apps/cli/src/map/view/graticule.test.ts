import { describe, expect, it } from "vitest";
import { coastlines } from "./coastline.ts";
import { graticule, latitudeText, longitudeText } from "./graticule.ts";
import { type ProjectionName, placeAt, type View } from "./projection.ts";

const view = (projection: ProjectionName, more: Partial<View> = {}): View => ({
	...{ projection, longitude: 0, latitude: { globe: 0, north: 90, south: -90 }[projection] },
	...{ centreX: 0, centreY: 0, scale: 250, width: 800, height: 600 },
	...more,
});

const degrees = (text: string): number => Number.parseFloat(text) * (/[SW]$/.test(text) ? -1 : 1);

describe("graticule", () => {
	it("labels the whole globe every 30°", () => {
		const texts = graticule(view("globe"), []).labels.map(({ text }) => text);
		expect(texts).toEqual(expect.arrayContaining(["30° N", "60° S", "30° W", "60° E"]));
	});

	it.each([
		["globe", {}],
		["globe", { longitude: -50, latitude: 71, scale: 40_000 }],
		["north", { longitude: -50, centreY: -0.33, scale: 40_000 }],
		["south", { longitude: 10, centreX: 0.1, centreY: 0.2, scale: 1500 }],
		["globe", { longitude: 179.99, latitude: -10, scale: 1e7 }],
	] as const)("puts labels where they are right: %s %j", (projection, more) => {
		const shown = view(projection, more);
		const { labels, lines } = graticule(shown, []);
		expect(lines.length).toBeGreaterThan(3);
		expect(labels.filter(({ text }) => /[NS]$/.test(text)).length).toBeGreaterThan(1);
		expect(labels.filter(({ text }) => /[EW]$/.test(text)).length).toBeGreaterThan(1);
		for (const { x, y, text } of labels) {
			const place = placeAt(shown, x, y)!;
			const [shownDegrees, pixel] = [degrees(text), (180 / Math.PI / shown.scale) * 3];
			if (/[NS]$/.test(text)) expect(Math.abs(place.latitude - shownDegrees)).toBeLessThan(Math.max(pixel, 1e-7));
			if (/[EW]$/.test(text)) {
				const eastwards = (place.longitude - shownDegrees) * Math.cos((place.latitude * Math.PI) / 180);
				expect(Math.abs(eastwards)).toBeLessThan(Math.max(pixel, 1e-7));
			}
		}
	});

	it("leaves covered parts without labels", () => {
		const upperHalf = { left: 0, top: 0, right: 800, bottom: 300 };
		const { labels } = graticule(view("globe"), [upperHalf]);
		expect(labels.length).toBeGreaterThan(1);
		expect(labels.every(({ y }) => y > 300)).toBe(true);
	});

	it("writes degrees with the decimals of its step", () => {
		expect([latitudeText(70, 10), latitudeText(-70.25, 0.05), latitudeText(0, 1)]).toEqual(["70° N", "70.25° S", "0°"]);
		expect([longitudeText(-50.2, 0.1), longitudeText(180, 30), longitudeText(-180, 30)]).toEqual([
			"50.2° W",
			"180°",
			"180°",
		]);
	});
});

describe("coastlines", () => {
	it("pass where coasts are: Cape Horn, the tip of Africa, Cape Farewell", () => {
		for (const [longitude, latitude] of [
			[-67.3, -55.9],
			[20, -34.8],
			[-44, 60],
		] as const) {
			const shown = view("globe", { longitude, latitude, scale: 600 });
			const nearest = coastlines(shown)
				.flatMap((line) =>
					Array.from({ length: line.length / 2 }, (_, point) => line.subarray(2 * point, 2 * point + 2)),
				)
				.map(([x, y]) => Math.hypot(x! - 400, y! - 300));
			// 15 pixels are 1.4° here.
			expect(Math.min(...nearest)).toBeLessThan(15);
		}
	});

	it("are left out of a close view, where they would mislead", () => {
		expect(coastlines(view("globe", { scale: 1e5, longitude: 20, latitude: -34.8 }))).toEqual([]);
	});
});
