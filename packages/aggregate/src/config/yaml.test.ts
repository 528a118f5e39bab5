import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AggregationError } from "../errors.ts";
import { pythonRepr } from "../python/index.ts";
import { parseYaml } from "./yaml.ts";

/** What the value of `k: <text>` is to PyYAML 6.0.3, by its repr. */
const PYYAML_SCALARS: readonly (readonly [string, string])[] = [
	["yes", "True"],
	["Off", "False"],
	["TRUE", "True"],
	["tRue", "'tRue'"],
	["y", "'y'"],
	["N", "'N'"],
	["~", "None"],
	["", "None"],
	["NULL", "None"],
	["5000", "5000"],
	["5000.0", "5000.0"],
	["5.", "5.0"],
	[".5", "0.5"],
	["-.5", "'-.5'"],
	["-0", "0"],
	["-0.0", "-0.0"],
	["1e6", "'1e6'"],
	["1.0e6", "'1.0e6'"],
	["1.0e+6", "1000000.0"],
	["1.5e-3", "0.0015"],
	["1.0e+16", "1e+16"],
	["010", "8"],
	["-010", "-8"],
	["08", "'08'"],
	["0o10", "'0o10'"],
	["0x1F", "31"],
	["-0b11", "-3"],
	["1_000", "1000"],
	["1_0.5", "10.5"],
	["12:30", "750"],
	["190:20:30", "685230"],
	["1:30.5", "90.5"],
	["12711972898206646278", "12711972898206646278"],
	["-.inf", "-inf"],
	[".NaN", "nan"],
	["nan", "'nan'"],
	["'yes'", "'yes'"],
	['"5"', "'5'"],
	["[1, 2.0, x]", "[1, 2.0, 'x']"],
	["!!str 5", "'5'"],
	["!!int '7'", "7"],
	["!!float 5", "5.0"],
	["!!bool 'on'", "True"],
	["! 12", "12"],
	["a#b", "'a#b'"],
	["x # comment", "'x'"],
];

const yamlError = (text: string): AggregationError => {
	try {
		parseYaml(text, "my.yaml");
	} catch (error) {
		if (error instanceof AggregationError) return error;
		throw error;
	}
	throw new Error("no error");
};

describe("parseYaml", () => {
	it.each(PYYAML_SCALARS)("reads `%s` as Python's %s", (text, repr) => {
		expect(pythonRepr(parseYaml(`k: ${text}\n`, "my.yaml"))).toBe(`{'k': ${repr}}`);
	});

	it("leaves dates as text, which JSON can hold", () => {
		expect(parseYaml("start_date: 2024-01-06\n", "my.yaml")).toEqual({ start_date: "2024-01-06" });
	});

	it("takes the last value of a repeated key at the key's first place", () => {
		expect(pythonRepr(parseYaml("a: 1\nb: 2\na: 3\n", "my.yaml"))).toBe("{'a': 3, 'b': 2}");
	});

	it("merges `<<` mappings before a mapping's own keys, the first of several winning", () => {
		const text = "a: &a {x: 1.0, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  q: 0\n  <<: [*a, *b]\n  x: 5\n";
		expect(pythonRepr((parseYaml(text, "my.yaml") as { c: unknown }).c)).toBe("{'y': 1, 'z': 2, 'x': 5, 'q': 0}");
		expect(pythonRepr(parseYaml("base: &b {x: 1.0}\nc: {<<: *b}\n", "my.yaml"))).toBe(
			"{'base': {'x': 1.0}, 'c': {'x': 1.0}}",
		);
	});

	it("spells keys as JSON does", () => {
		expect(pythonRepr(parseYaml("on: 1\n~: 2\n1.0: 3\n", "my.yaml"))).toBe("{'true': 1, 'null': 2, '1.0': 3}");
	});

	it("reads __proto__ as an ordinary key", () => {
		const value = parseYaml("__proto__: {admin: true}\n", "my.yaml") as object;
		expect(Object.keys(value)).toEqual(["__proto__"]);
		expect("admin" in value).toBe(false);
	});

	it.each([
		["an open bracket", "a: 1\nb: [1\nc: 2\n", "line 3, column 1: "],
		["an unknown alias", "a: 1\nb: *missing\n", "line 2, column 4: found undefined alias 'missing'"],
		["a repeated anchor", "a: &x 1\nb: &x 2\n", "line 2, column 7: found duplicate anchor 'x'"],
		["an alias to what holds it", "a: &a [*a]\n", "line 1, column 8: found undefined alias 'a'"],
		["a tag that builds objects", "a: !!python/object:os.system x\n", "could not determine a constructor for the tag"],
		["a second document", "a: 1\n--- \nb: 2\n", "line 2, column 1: expected a single document"],
		["an !!int that is none", "a: !!int x\n", "'x' is not an integer"],
		["a hexadecimal number without digits", "a: 0x_\n", "line 1, column 4: '0x' is not an integer"],
		["a merge of a number", "<<: 5\n", "expected a mapping or list of mappings for merging"],
		["a list as a key", "? [1]\n: 2\n", "found unhashable key"],
		["deep nesting", `${"[".repeat(200)}${"]".repeat(200)}`, "nested too deeply"],
		["nesting that exhausts the parser", "- ".repeat(10_000), "nested too deeply"],
	])("refuses %s with file, line and reason", (_, text, reason) => {
		const error = yamlError(text);
		expect(error.code).toBe("config/invalid");
		expect(error.message).toMatch(/^my\.yaml: line \d+, column \d+: /);
		expect(error.message).toContain(reason);
	});

	it("refuses aliases that multiply beyond all measure", () => {
		const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
		for (let level = 1; level < 10; level++) {
			lines.push(
				`a${level}: &a${level} [${Array(10)
					.fill(`*a${level - 1}`)
					.join(", ")}]`,
			);
		}
		expect(yamlError(lines.join("\n")).message).toContain("too many nodes");
	});

	it("never fails but with a tagged error", () => {
		const piece = fc.constantFrom(
			"a",
			": ",
			"\n",
			"  ",
			"- ",
			"[",
			"]",
			"{",
			"}",
			"&x ",
			"*x",
			"!!int ",
			"<<",
			"'",
			'"',
			"1.0",
			"|",
			"#",
			"\t",
			"? ",
		);
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string(),
					fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
				),
				(text) => {
					try {
						parseYaml(text, "my.yaml");
					} catch (error) {
						expect(error).toBeInstanceOf(AggregationError);
					}
				},
			),
			{ numRuns: 500 },
		);
	});
});
