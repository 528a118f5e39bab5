import fc from "fast-check";
import { expect, test } from "vitest";
import { authalicLatitude, checkLatitudeConvention, geodeticLatitude } from "./authalic-latitude.ts";

test.each([
	[45, 44.87170287343406],
	[-60, -59.88878556988545],
	[1e-9, 9.955300884366183e-10],
	[41.8103148957786, 41.68283914198908],
	[90, 90],
	[-90, -90],
	[0, 0],
])("geodetic %d° is authalic %d°", (geodetic, authalic) => {
	expect(authalicLatitude(geodetic)).toBe(authalic);
});

test("authalic 45° is geodetic 45.128°", () => {
	expect(geodeticLatitude(45)).toBe(45.12829693352104);
});

test("the two conversions are inverse to a nanodegree, monotonic and stay within the poles", () => {
	const degrees = fc.double({ min: -90, max: 90, noNaN: true });
	fc.assert(
		fc.property(degrees, degrees, (a, b) => {
			expect(Math.abs(geodeticLatitude(authalicLatitude(a)) - a)).toBeLessThan(1e-9);
			expect(Math.abs(authalicLatitude(a))).toBeLessThanOrEqual(Math.abs(a) + 1e-12);
			if (b - a > 1e-9) expect(authalicLatitude(b)).toBeGreaterThan(authalicLatitude(a));
		}),
	);
});

test("non-finite latitudes pass through", () => {
	expect(authalicLatitude(Number.NaN)).toBeNaN();
	expect(geodeticLatitude(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
});

test("an unknown convention is refused", () => {
	expect(() => checkLatitudeConvention("spherical")).toThrow("Unknown latitude convention: 'spherical'");
});
