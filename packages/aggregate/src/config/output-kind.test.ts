import { describe, expect, it } from "vitest";
import { outputFieldSignature } from "./signature.ts";
import { refusal, withField } from "./test-config.ts";
import { parseYaml } from "./yaml.ts";

const histogram = { expression: "np.histogram(h_li, 64)[0]" };
const vector = (trailing_shape: unknown, more = {}) =>
	withField({ ...histogram, kind: "vector", trailing_shape, ...more });
const ragged = (inner_shape: unknown, more = {}) => withField({ ...histogram, kind: "ragged", inner_shape, ...more });

describe("a field's kind", () => {
	it.each([
		["vector", vector(64), [64], []],
		["vector", vector([16, 2]), [16, 2], []],
		["ragged", ragged([2]), [], [2]],
		["ragged", ragged(3), [], [3]],
		["scalar", withField({ function: "mean", source: "h_li", inner_shape: "ignored" }), [], []],
	] as const)("%s has shapes in the signature", (kind, config, trailing_shape, inner_shape) => {
		expect(outputFieldSignature(config)).toEqual([{ name: "x", kind, trailing_shape, inner_shape, dtype: null }]);
	});

	it("must be known", () => {
		expect(refusal(withField({ ...histogram, kind: "matrix" })).message).toBe(
			"Variable 'x': output kind 'matrix' is not supported (allowed: scalar, vector, ragged)",
		);
	});

	it.each<[string, Readonly<Record<string, unknown>>]>([
		["Variable 'x': 'trailing_shape' is only valid for kind 'vector', not 'scalar'", { trailing_shape: 64 }],
		["Variable 'x': kind 'vector' requires 'trailing_shape'", { kind: "vector" }],
		["Variable 'x': kind 'ragged' requires 'inner_shape'", { kind: "ragged" }],
		[
			"Variable 'x': 'trailing_shape' is only valid for 'vector', not 'ragged'",
			{ kind: "ragged", trailing_shape: 4, inner_shape: 2 },
		],
	])("is refused: %s", (message, changes) => {
		expect(refusal(withField({ ...histogram, ...changes })).message).toBe(message);
	});

	it.each(["len", "count"])("cannot be a vector or ragged for %s", (name) => {
		for (const [kind, key] of [
			["vector", "trailing_shape"],
			["ragged", "inner_shape"],
		] as const) {
			expect(refusal(withField({ function: name, source: "h_li", kind, [key]: 2 })).message).toBe(
				`Variable 'x': function '${name}' produces a scalar count and cannot be combined with kind '${kind}'`,
			);
		}
	});

	it.each<[unknown, string]>([
		["64", "must be an int or a sequence of ints (got '64')"],
		[6.5, "must be an int or a sequence of ints (got 6.5)"],
		[[], "must have at least one dimension"],
		[0, "entries must be positive integers (got 0)"],
		[true, "entries must be positive integers (got True)"],
		[[16, "x"], "entries must be positive integers (got 'x')"],
		[[16, 0], "entries must be positive integers (got 0)"],
		[[16, true], "entries must be positive integers (got True)"],
	])("refuses the shape %j", (shape, message) => {
		expect(refusal(vector(shape)).message).toBe(`Variable 'x': 'trailing_shape' ${message}`);
		expect(refusal(ragged(shape)).message).toBe(`Variable 'x': 'inner_shape' ${message}`);
	});

	it("refuses a whole float as a length, as Python does", () => {
		const definition = parseYaml("{kind: vector, trailing_shape: 64.0, expression: h_li}", "x") as Record<
			string,
			unknown
		>;
		expect(refusal(withField(definition)).message).toContain("must be an int or a sequence of ints (got 64.0)");
	});

	it("needs no fill value when ragged, whose cells are not filled", () => {
		expect(() => outputFieldSignature(ragged(2, { dtype: "int32" }))).not.toThrow();
		expect(refusal(vector(2, { dtype: "int32" })).message).toContain("set fill_value: 0");
	});
});
