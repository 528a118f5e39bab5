import { expect, test } from "vitest";
import { floatLiteral } from "./grid.ts";
import { pythonFloat, pythonRepr } from "./python-repr.ts";

test.each([
	[5000, "5000.0"],
	[-3200000, "-3200000.0"],
	[298.257223563, "298.257223563"],
	[0.0001, "0.0001"],
	[0.00001, "1e-05"],
	[1.5e-7, "1.5e-07"],
	[9999999999999998, "9999999999999998.0"],
	[1e16, "1e+16"],
	[1e22, "1e+22"],
	[0, "0.0"],
	[-0, "-0.0"],
	[Number.NaN, "nan"],
	[Number.NEGATIVE_INFINITY, "-inf"],
])("the float %d is written %s", (value, text) => {
	expect(pythonFloat(value)).toBe(text);
});

test("values are written as Python writes them", () => {
	const value = { type: "healpix", order: 6, affine: [floatLiteral(5000), 0.5], on: true, off: false, none: null };
	expect(pythonRepr(value)).toBe(
		"{'type': 'healpix', 'order': 6, 'affine': [5000.0, 0.5], 'on': True, 'off': False, 'none': None}",
	);
	expect(pythonRepr(12711972898206646278n)).toBe("12711972898206646278");
});

test.each([
	["it's", `"it's"`],
	[`"it's"`, `'"it\\'s"'`],
	["a\\b\n", "'a\\\\b\\n'"],
])("the string %j is written %s", (text, repr) => {
	expect(pythonRepr(text)).toBe(repr);
});
