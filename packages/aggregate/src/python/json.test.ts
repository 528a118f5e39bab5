import { floatLiteral } from "@zagg/grid";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson, stringifyJson } from "./json.ts";
import { pythonRepr } from "./repr.ts";

describe("parseJson", () => {
	it("keeps 64-bit shard keys exact and small integers plain", () => {
		const text = "[12711972898206646278, -9223372036854775808, 9007199254740991, 9007199254740992, -4211324, -0]";
		expect(parseJson(text)).toEqual([
			12711972898206646278n,
			-9223372036854775808n,
			9007199254740991,
			9007199254740992n,
			-4211324,
			0,
		]);
	});

	it("remembers which whole numbers were floats", () => {
		const text = '{"resolution": [5000.0, 5000], "edge": -0.0, "large": 1e+16, "whole": 1E3}';
		const value = parseJson(text);
		expect(value).toEqual({ resolution: [5000, 5000], edge: -0, large: 1e16, whole: 1000 });
		expect(stringifyJson(value)).toBe('{"resolution": [5000.0, 5000], "edge": -0.0, "large": 1e+16, "whole": 1000.0}');
		expect(pythonRepr(value)).toBe("{'resolution': [5000.0, 5000], 'edge': -0.0, 'large': 1e+16, 'whole': 1000.0}");
	});

	it("reads __proto__ as an ordinary key", () => {
		const value = parseJson('{"__proto__": {"admin": true}}') as object;
		expect(Object.keys(value)).toEqual(["__proto__"]);
		expect("admin" in value).toBe(false);
	});

	it.each(["", "{", "[1,]", "NaN", "[Infinity]", "'a'"])("refuses %j with a tagged error", (text) => {
		expect(() => parseJson(text)).toThrow(expect.objectContaining({ name: "AggregationError", code: "json/invalid" }));
	});
});

describe("stringifyJson", () => {
	it("separates as json.dumps does on one line", () => {
		expect(stringifyJson({ a: [1, true, null], b: {}, c: [] })).toBe('{"a": [1, true, null], "b": {}, "c": []}');
	});

	it("indents as json.dumps(indent=2) does", () => {
		const text = '{\n  "shape": [\n    1280,\n    1280\n  ],\n  "attributes": {},\n  "names": []\n}';
		expect(stringifyJson({ shape: [1280, 1280], attributes: {}, names: [] }, { indent: 2 })).toBe(text);
	});

	it("writes float literals with their point and bigints bare", () => {
		expect(stringifyJson([floatLiteral(6378137), floatLiteral(0), 298.257223563, 2n ** 64n - 1n])).toBe(
			"[6378137.0, 0.0, 298.257223563, 18446744073709551615]",
		);
	});

	it("escapes everything outside printable ASCII, in UTF-16 units", () => {
		expect(stringifyJson('é😀"\\\n\t\b\f\r\u0001\u007f/')).toBe(
			'"\\u00e9\\ud83d\\ude00\\"\\\\\\n\\t\\b\\f\\r\\u0001\\u007f/"',
		);
	});

	it("keeps the order of a Map, also for keys that look like numbers", () => {
		expect(
			stringifyJson(
				new Map<string, unknown>([
					["8/h", 1],
					["12", 2],
					["8", 3],
				]),
			),
		).toBe('{"8/h": 1, "12": 2, "8": 3}');
	});

	it("leaves undefined members out", () => {
		expect(stringifyJson({ a: undefined, b: 1 })).toBe('{"b": 1}');
	});

	it.each([NaN, Infinity, -Infinity, floatLiteral(NaN), undefined, Symbol("s"), () => 1])("refuses %s", (value) => {
		expect(() => stringifyJson([value])).toThrow(expect.objectContaining({ code: "json/invalid" }));
	});

	it("names NaN and the infinities where asked to", () => {
		expect(stringifyJson([NaN, { a: -Infinity }, floatLiteral(Infinity), 1.5], { nonFiniteAsText: true })).toBe(
			'["NaN", {"a": "-Infinity"}, "Infinity", 1.5]',
		);
	});

	it("agrees with JSON.parse on any document, and survives parseJson", () => {
		fc.assert(
			fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 2), (value, indent) => {
				const text = stringifyJson(value, indent === undefined ? {} : { indent });
				expect(JSON.parse(text)).toEqual(value);
				expect(stringifyJson(parseJson(text), indent === undefined ? {} : { indent })).toBe(text);
			}),
			{ numRuns: 200 },
		);
	});

	it("survives parseJson for every 64-bit integer", () => {
		fc.assert(
			fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (value) => {
				expect(stringifyJson(parseJson(String(value)))).toBe(String(value));
			}),
		);
	});
});
