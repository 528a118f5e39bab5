import { floatLiteral } from "@zagg/grid";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { floatText } from "./float-text.ts";
import { pythonRepr, pythonTuple } from "./repr.ts";
import { isTruthy } from "./truth.ts";

describe("floatText", () => {
	it.each([
		[0, "0.0"],
		[-0, "-0.0"],
		[5000, "5000.0"],
		[0.1, "0.1"],
		[0.0001, "0.0001"],
		[0.00001, "1e-05"],
		[1.5e-7, "1.5e-07"],
		[1e15, "1000000000000000.0"],
		[9999999999999998, "9999999999999998.0"],
		[1e16, "1e+16"],
		[1.2345678901234568e22, "1.2345678901234568e+22"],
		[5e-324, "5e-324"],
		[1.7976931348623157e308, "1.7976931348623157e+308"],
		[180.01280000000003, "180.01280000000003"],
		[NaN, "nan"],
		[-Infinity, "-inf"],
	])("writes %d as %s", (value, text) => {
		expect(floatText(value)).toBe(text);
	});

	it("reads back to the same double and always looks like a float", () => {
		fc.assert(
			fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
				expect(Object.is(Number(floatText(value)), value)).toBe(true);
				expect(floatText(value)).toMatch(/[.e]/);
			}),
		);
	});
});

describe("pythonRepr", () => {
	it.each<[string, unknown]>([
		["None", null],
		["True", true],
		["False", false],
		["5000", 5000],
		["-1.5", -1.5],
		["12711972898206646278", 12711972898206646278n],
		["5000.0", floatLiteral(5000)],
		["[1, 'x', 0.5]", [1, "x", 0.5]],
		["{'type': 'healpix', 'parent_order': 6, 'extra': []}", { type: "healpix", parent_order: 6, extra: [] }],
		["{'temporal', 'spatial'}", new Set(["temporal", "spatial"])],
		["set()", new Set()],
		["{1: 'a'}", new Map([[1, "a"]])],
	])("writes %s", (text, value) => {
		expect(pythonRepr(value)).toBe(text);
	});

	it.each([
		["it's", `"it's"`],
		[`both ' and "`, `'both \\' and "'`],
		["tab\tline\nback\\", "'tab\\tline\\nback\\\\'"],
		["\x00\x7f\xa0", "'\\x00\\x7f\\xa0'"],
		["é漢😀", "'é漢😀'"],
		["\u200b\u2028", "'\\u200b\\u2028'"],
		["\ud800", "'\\ud800'"],
	])("quotes and escapes %j", (value, text) => {
		expect(pythonRepr(value)).toBe(text);
	});
});

describe("pythonTuple", () => {
	it("has a comma after a single item", () => {
		expect(pythonTuple([])).toBe("()");
		expect(pythonTuple([4])).toBe("(4,)");
		expect(pythonTuple([16, 2])).toBe("(16, 2)");
	});
});

describe("isTruthy", () => {
	it("is false for what Python holds for false", () => {
		for (const value of [undefined, null, false, 0, -0, 0n, "", [], {}]) expect(isTruthy(value)).toBe(false);
		for (const value of [true, 1, NaN, "0", [0], { a: null }]) expect(isTruthy(value)).toBe(true);
	});
});
