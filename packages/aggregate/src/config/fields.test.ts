import { describe, expect, it } from "vitest";
import { resolvePipeline } from "./resolve-pipeline.ts";
import { refusal, variantOf, withField } from "./test-config.ts";

const mean = { function: "mean", source: "h_li" };

describe("a field", () => {
	it.each<[string, Readonly<Record<string, unknown>>]>([
		["Variable 'x': 'function' and 'expression' are mutually exclusive", { ...mean, expression: "h_li" }],
		["Variable 'x': must specify 'function' or 'expression'", { source: "h_li" }],
		["Variable 'x': source 'nonexistent' not in data_source.variables", { function: "min", source: "nonexistent" }],
		["Cannot resolve 'nonexistent_func' as numpy function", { function: "np.nonexistent_func", source: "h_li" }],
		["Cannot resolve 'np.linalg.norm': it is not a supported function", { function: "np.linalg.norm" }],
		[
			"Variable 'x': param value 'missing_col' references unknown column (available: {'h_li', 's_li'})",
			{ ...mean, params: { weights: "missing_col" } },
		],
		[
			"Variable 'x': param value 'h_li / s_xx' references unknown column (available: {'h_li', 's_li'})",
			{ ...mean, params: { weights: "h_li / s_xx" } },
		],
		[
			"Variable 'x': expression references 'unknown_col' which is not in data_source.variables or numpy namespace",
			{ expression: "unknown_col + 1" },
		],
		["Variable 'x': 'function' must be a string (got 5)", { function: 5 }],
		["Variable 'x': 'params' must be a mapping (got [0.5])", { ...mean, params: [0.5] }],
		[
			"Unknown key 'dtyp' in aggregation.variables.x (did you mean 'dtype'? allowed: function, expression, source, params, dtype, fill_value, kind, trailing_shape, inner_shape)",
			{ ...mean, dtyp: "float32" },
		],
	])("is refused: %s", (message, definition) => {
		expect(refusal(withField(definition)).message).toBe(message);
	});

	it.each(["open('foo')", "__import__('os')"])("cannot call %s", (expression) => {
		expect(refusal(withField({ expression }))).toMatchObject({
			code: expect.stringMatching(/^expression\//),
			failureClass: "usage",
			message: expect.stringContaining("Variable 'x': "),
		});
	});

	it("suggests the function that a mistyped one is near to", () => {
		expect(refusal(withField({ function: "quantil", source: "h_li" })).remedy).toContain("Did you mean 'quantile'?");
	});

	it.each(["len", "count", "np.min", "min", "np.quantile", "zagg.stats.tdigest.build_tdigest"])(
		"may use the function %s",
		(name) => {
			const [field] = resolvePipeline(withField({ function: name, source: "h_li" })).fields;
			expect(field).toMatchObject({ reducer: name, source: "h_li", expression: null, dtype: "float32" });
		},
	);

	it("takes strings that name columns, numbers, or expressions over columns as params, and any other value", () => {
		const params = { weights: "1.0 / s_li**2", a: "h_li", b: "1_0.5e3", c: " -inf ", d: 0.25, e: null };
		expect(resolvePipeline(withField({ ...mean, params })).fields[0]?.params).toEqual(params);
	});

	it("works on h_li when it names no source, if there is such a column", () => {
		expect(resolvePipeline(withField({ function: "len" })).fields[0]?.source).toBe("h_li");
		const config = variantOf({
			data_source: { variables: { h_ph: "/{group}/h" } },
			aggregation: { variables: { x: { function: "len" } } },
		});
		expect(refusal(config).message).toBe(
			"Variable 'x': 'source' is required (its default 'h_li' is not in data_source.variables)",
		);
	});

	it("must be a mapping, and there must be one", () => {
		expect(refusal(variantOf({ aggregation: { variables: { x: "mean" } } })).message).toBe(
			"Variable 'x' must be a mapping",
		);
		expect(refusal(variantOf({ aggregation: { variables: {} } })).message).toContain("at least one variable");
	});
});

describe("a field's dtype and fill value", () => {
	it.each([
		["float32", "float32"],
		["int32", "int32"],
		["uint64", "uint64"],
		["float64", "float64"],
		["f8", "float64"],
		["<i2", "int16"],
		["double", "float64"],
		["int", "int64"],
	])("reads %s as %s", (dtype, type) => {
		expect(resolvePipeline(withField({ ...mean, dtype, fill_value: 0 })).fields[0]).toMatchObject({
			dtype: type,
			declaredDtype: dtype,
		});
	});

	it("default to float32 and NaN, with nothing declared", () => {
		expect(resolvePipeline(withField(mean)).fields[0]).toMatchObject({
			dtype: "float32",
			declaredDtype: null,
			fillValue: "NaN",
		});
	});

	it.each<[string, Readonly<Record<string, unknown>>]>([
		[
			"Variable 'x': dtype 'not_a_dtype' is not a valid numpy dtype (data type 'not_a_dtype' not understood)",
			{ dtype: "not_a_dtype" },
		],
		["Variable 'x': dtype 5 is not a valid numpy dtype (Cannot interpret '5' as a data type)", { dtype: 5 }],
		["Variable 'x': dtype 'float16' is not supported", { dtype: "float16" }],
		["Variable 'x': dtype '>f4' is not supported", { dtype: ">f4" }],
		["Variable 'x': the default fill_value 'NaN' cannot be stored as int32; set fill_value: 0", { dtype: "int32" }],
		["Variable 'x': fill_value -1 cannot be stored as uint8; set fill_value: 0", { dtype: "uint8", fill_value: -1 }],
		["Variable 'x': fill_value 0.5 cannot be stored as int64; set fill_value: 0", { dtype: "int64", fill_value: 0.5 }],
		["Variable 'x': fill_value 1e+39 cannot be stored as float32; set fill_value: 0", { fill_value: 1e39 }],
		["Variable 'x': fill_value 'none' cannot be stored as float32; set fill_value: 0", { fill_value: "none" }],
	])("are refused: %s", (message, changes) => {
		expect(refusal(withField({ ...mean, ...changes })).message).toBe(message);
	});

	it("refuse a NaN that JSON cannot carry, and say how to write it", () => {
		expect(refusal(withField({ ...mean, fill_value: Infinity, dtype: "float64" })).message).toContain("inf");
		const error = refusal(withField({ ...mean, params: { q: NaN } }));
		expect(error.message).toBe("aggregation.variables.x.params.q must be a finite number (got nan)");
		expect(error.remedy).toContain('"NaN"');
	});

	it.each<[string, unknown, unknown]>([
		["uint64", 18446744073709551615n, 18446744073709551615n],
		["int64", -1, -1n],
		["int8", -128, -128],
		["float32", -9999, -9999],
		["float64", "-Infinity", "-Infinity"],
	])("keep %s fill %s", (dtype, fill_value, expected) => {
		expect(resolvePipeline(withField({ ...mean, dtype, fill_value })).fields[0]?.fillValue).toBe(expected);
	});
});
