import { describe, expect, it } from "vitest";
import { fixedText } from "./fixed.ts";

describe("fixedText", () => {
	// Expected: Python 3.11, format(value, f".{decimals}f").
	it.each([
		[0.5, 0, "0"],
		[1.5, 0, "2"],
		[2.5, 0, "2"],
		[-2.5, 0, "-2"],
		[0.125, 2, "0.12"],
		[0.375, 2, "0.38"],
		[2.675, 2, "2.67"],
		[13.299999999999999, 0, "13"],
		[26.599999999999998, 0, "27"],
		[0.00035466843999999996, 2, "0.00"],
		[1234567.05, 1, "1234567.1"],
		[0.25, 1, "0.2"],
		[1e20, 0, "100000000000000000000"],
	])("writes %d with %i decimals as %s", (value, decimals, text) => {
		expect(fixedText(value, decimals)).toBe(text);
	});
});
