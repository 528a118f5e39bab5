import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExpression } from "../expression/index.ts";
import { builtinConfigNames, builtinConfigText } from "./builtin.ts";
import { gridFromConfig } from "./grid-from-config.ts";
import { configFromRecord } from "./pipeline-config.ts";
import { resolvePipeline } from "./resolve-pipeline.ts";
import { parseYaml } from "./yaml.ts";

const zaggErrorMarker = Symbol.for("zagg.error");
const LONGEST_MILLISECONDS = 2000;

/** Loads a config as the command does. @returns what went wrong, if anything */
function load(text: string): unknown {
	try {
		const config = configFromRecord(parseYaml(text, "fuzzed.yaml"), "fuzzed.yaml");
		resolvePipeline(config);
		gridFromConfig(config, { populatedShards: [] });
		return undefined;
	} catch (error) {
		return error;
	}
}

/** Either it works, or it says what is wrong with a tagged error; never anything else, and never for long. */
function expectTypedOutcome(text: string): void {
	const started = performance.now();
	const error = load(text);
	expect(performance.now() - started, text.slice(0, 300)).toBeLessThan(LONGEST_MILLISECONDS);
	if (error === undefined) return;
	expect(
		Reflect.get(error as object, zaggErrorMarker),
		`${String((error as Error).stack)}\n${text.slice(0, 2000)}`,
	).toBe(true);
	expect((error as Error).message.length).toBeGreaterThan(5);
}

const texts = builtinConfigNames.map(builtinConfigText);
const oddScalars = fc.constantFrom(
	...[
		"",
		"null",
		"~",
		"true",
		"no",
		"-1",
		"0",
		"1e999",
		".nan",
		"-.inf",
		"9223372036854775808",
		"0x10",
		"0o7",
		"1_000",
	],
	...[
		"[]",
		"{}",
		"[1, 2",
		"{a: ",
		"*none",
		"&a [*a]",
		"!!binary aGk=",
		"!!python/object:os.system x",
		"2020-01-01",
		"'",
		'"\\ud800"',
	],
	...[
		"=",
		"<<",
		"- - -",
		"é\u0000",
		"\u2028",
		"'{group}/../../etc/passwd'",
		"/{nogroup}/x",
		"np.mean(h_li)",
		"a".repeat(5000),
	],
);

/** One line of a built-in config replaced, removed, doubled, indented, or given another value. */
const mutated = fc
	.record({
		text: fc.constantFrom(...texts),
		edits: fc.array(
			fc.record({
				line: fc.nat(200),
				kind: fc.constantFrom("remove", "double", "indent", "value", "key", "cut"),
				scalar: oddScalars,
			}),
			{ minLength: 1, maxLength: 4 },
		),
	})
	.map(({ text, edits }) => {
		const lines = text.split("\n");
		for (const { line, kind, scalar } of edits) {
			const index = line % Math.max(1, lines.length);
			const old = lines[index] ?? "";
			if (kind === "remove") lines.splice(index, 1);
			else if (kind === "double") lines.splice(index, 0, old);
			else if (kind === "indent") lines[index] = ` ${old}`;
			else if (kind === "cut") lines.length = Math.max(1, index);
			else if (kind === "value") lines[index] = old.replace(/:.*$/, () => `: ${scalar}`);
			else lines[index] = old.replace(/^(\s*)[\w-]+/, (_, space: string) => `${space}${scalar.slice(0, 40)}`);
		}
		return lines.join("\n");
	});

describe("fuzzed configs", () => {
	it("with lines changed either work or say what is wrong", () => {
		fc.assert(fc.property(mutated, expectTypedOutcome), { numRuns: 600, seed: 20261 });
	});

	it("of any YAML-like text either work or say what is wrong", () => {
		const soup = fc.array(
			fc.constantFrom(..."abc:{}[]&*!|>-?'\"#%@` \n\t01.~é".split(""), "data_source:", "output:\n  grid:\n"),
			{
				maxLength: 80,
			},
		);
		fc.assert(
			fc.property(soup, (parts) => expectTypedOutcome(parts.join(""))),
			{ numRuns: 600, seed: 20262 },
		);
	});

	it("that are made to grow without bound do not", () => {
		const levels = Array.from({ length: 12 }, (_, level) =>
			level === 0
				? "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"
				: `a${level}: &a${level} [${`*a${level - 1}, `.repeat(10)}]`,
		);
		expectTypedOutcome(levels.join("\n"));
		expectTypedOutcome(`data_source: ${"[".repeat(20_000)}`);
		expectTypedOutcome(`data_source: ${"{a: ".repeat(5000)}`);
		expectTypedOutcome(`output: {grid: {type: healpix, parent_order: 0, child_order: ${"9".repeat(400)}}}`);
		expectTypedOutcome(texts[0]!.replace(/child_order: \d+/, "child_order: 29"));
		for (const resolution of ["1e-300", "0", "-5", ".nan", "1e300"]) {
			expectTypedOutcome(
				texts[0]!.replace(
					/ {2}grid:[\s\S]*$/,
					`  grid: {type: rectilinear, crs: EPSG:3031, resolution: ${resolution}, bounds: [-1000000, -1000000, 1000000, 1000000]}`,
				),
			);
		}
	});

	it("with keys of JavaScript's own objects are refused as unknown", () => {
		for (const key of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
			expectTypedOutcome(`${texts[0]}\n${key}: {polluted: true}\n`);
			expectTypedOutcome(texts[0]!.replace("  variables:", `  ${key}: {polluted: 1}\n  variables:`));
		}
		expect(({} as Record<string, unknown>).polluted).toBeUndefined();
	});
});

describe("fuzzed expressions", () => {
	const pieces = [
		"h_li",
		"np.",
		"mean",
		"(",
		")",
		"[",
		"]",
		",",
		":",
		"**",
		"*",
		"/",
		"//",
		"%",
		"-",
		"+",
		"~",
		"&",
		"|",
		"<",
		"==",
		"!=",
	];
	const more = [
		"1",
		"1.5e3",
		"0x1",
		"'s'",
		'"',
		"lambda x: x",
		"if",
		"else",
		"for",
		"in",
		"not",
		"and",
		"__class__",
		"import os",
		"…",
		"\\",
		"\n",
		"=",
		"@",
	];

	it("either parse or say what is wrong", () => {
		const soup = fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 40 });
		fc.assert(
			fc.property(soup, (parts) => {
				const text = parts.join("");
				try {
					parseExpression(text);
				} catch (error) {
					expect(Reflect.get(error as object, zaggErrorMarker), `${text}: ${String((error as Error).stack)}`).toBe(
						true,
					);
				}
			}),
			{ numRuns: 2000, seed: 20263 },
		);
	});

	it.each([
		["(", 20_000],
		["-", 20_000],
		["~", 20_000],
		["h_li[", 20_000],
		["1+", 20_000],
		["2**", 5000],
		["not ", 20_000],
	])("of %j a great many times do not overflow anything", (piece, times) => {
		try {
			parseExpression(`${piece.repeat(times)}1`);
		} catch (error) {
			expect(Reflect.get(error as object, zaggErrorMarker), String(error)).toBe(true);
		}
	});
});
