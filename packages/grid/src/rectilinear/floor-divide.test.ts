import fc from "fast-check";
import { expect, test } from "vitest";
import { floorDivide } from "./floor-divide.ts";

// numpy 2.4.
test.each([
	[1, 0.1, 9],
	[0.3, 0.1, 2],
	[0.6, 0.2, 2],
	[-0.3, 0.1, -3],
	[-1, 0.1, -10],
	[7.5, 2.5, 3],
	[6.4e6, 5000, 1280],
	[-0.0001, 5000, -1],
	[90 - -38.9, 0.0001, 1288999],
])("%f // %f is %i", (a, b, expected) => {
	expect(floorDivide(a, b)).toBe(expected);
});

test("a coordinate that is not a number has no quotient", () => {
	expect(floorDivide(Number.NaN, 5000)).toBeNaN();
});

test("the quotient's floor times the divisor is never above the dividend", () => {
	const integers = fc.integer({ min: -100_000, max: 100_000 });
	fc.assert(
		fc.property(integers, fc.constantFrom(2 ** -10, 0.25, 3, 10, 5000), (whole, divisor) => {
			// Products of these are exact.
			expect(floorDivide(whole * divisor, divisor)).toBe(whole);
			expect(floorDivide(whole * divisor - divisor / 4, divisor)).toBe(whole - 1);
		}),
	);
});
