import { describe, expect, it } from "vitest";
import { resolvePipeline } from "./resolve-pipeline.ts";
import { refusal, variantOf } from "./test-config.ts";

const withFilters = (...filters: unknown[]) => variantOf({ data_source: { filters } });
const flag = "/{group}/flag";

describe("filters", () => {
	it("are none when the config has none", () => {
		expect(resolvePipeline(variantOf({ data_source: { quality_filter: undefined } })).filters).toEqual([]);
	});

	it("override quality_filter, even when empty", () => {
		expect(resolvePipeline(withFilters()).filters).toEqual([]);
		expect(resolvePipeline(withFilters({ dataset: flag, op: "ge", value: 0.5 })).filters).toEqual([
			{ level: null, dataset: flag, column: null, keep: true, op: "ge", value: 0.5 },
		]);
	});

	it("keep a set's values and have no value then", () => {
		const [filter] = resolvePipeline(withFilters({ dataset: flag, op: "in", values: [1, 2], keep: false })).filters;
		expect(filter).toEqual({ level: null, dataset: flag, column: null, keep: false, op: "in", values: [1, 2] });
	});

	it("may be expressions over the variables", () => {
		expect(resolvePipeline(withFilters({ expression: "(h_li > 0) & (s_li < 1)" })).filters).toEqual([
			{ level: null, expression: "(h_li > 0) & (s_li < 1)" },
		]);
	});

	const allowed = "['eq', 'ge', 'gt', 'in', 'le', 'lt', 'ne', 'not_in']";
	it.each<[unknown, string]>([
		[5, "filter[0] must be a mapping"],
		[
			{ expression: "h_li > 0", op: "eq" },
			"filter[0]: 'expression' filters take no 'op'/'dataset' (base-level aggregation-time escape hatch, no pushdown)",
		],
		[
			{ expression: "h_li > 0", level: "segments" },
			"filter[0]: 'expression' filters are base-level only (level must be omitted)",
		],
		[{ expression: 5 }, "filter[0]: 'expression' must be a string"],
		[{ op: "eq", value: 0 }, "filter[0]: structured filter requires 'dataset'"],
		[{ dataset: flag, op: "between", value: 0 }, `filter[0]: unknown op 'between' (allowed: ${allowed})`],
		[{ dataset: flag, value: 0 }, `filter[0]: unknown op None (allowed: ${allowed})`],
		[
			{ dataset: flag, op: "eq", value: 0, column: "land" },
			"filter[0]: 'column' must be an integer index (got 'land')",
		],
		[{ dataset: flag, op: "eq", value: 0, column: true }, "filter[0]: 'column' must be an integer index (got True)"],
		[{ dataset: flag, op: "in", value: 0 }, "filter[0]: op 'in' requires a 'values' list"],
		[{ dataset: flag, op: "in", values: [0, true] }, "filter[0]: 'values' must be numeric (got True)"],
		[{ dataset: flag, op: "eq", values: [0] }, "filter[0]: op 'eq' requires a scalar 'value'"],
		[{ dataset: flag, op: "eq", value: "x" }, "filter[0]: 'value' must be numeric (got 'x')"],
		[{ dataset: flag, op: "eq", value: true }, "filter[0]: 'value' must be numeric (got True)"],
		[
			{ dataset: "/{beam}/flag", op: "eq", value: 0 },
			"path template '/{beam}/flag' names '{beam}'; only {group} is replaced",
		],
		[
			{ expression: "h_xx > 0" },
			"filter[0]: expression filter 'h_xx > 0' references an undefined name: name 'h_xx' is not defined",
		],
	])("refuse %j", (filter, message) => {
		expect(refusal(withFilters(filter)).message).toBe(message);
	});

	it("count from 0 in messages", () => {
		const good = { dataset: flag, op: "eq", value: 0 };
		expect(refusal(withFilters(good, good, null)).message).toBe("filter[2] must be a mapping");
	});

	it("must be a list", () => {
		expect(refusal(variantOf({ data_source: { filters: { dataset: flag } } })).message).toBe(
			"data_source.filters must be a list",
		);
	});

	it("refuse a mistyped key", () => {
		expect(refusal(withFilters({ dataset: flag, op: "eq", valeu: 0 })).message).toBe(
			"Unknown key 'valeu' in filter[0] (did you mean 'value'? allowed: level, dataset, column, op, keep, value, values, expression)",
		);
		expect(refusal(withFilters({ expression: "h_li > 0", keep: false })).code).toBe("config/unknown-key");
	});

	it("refuse numbers that a double cannot compare exactly", () => {
		expect(refusal(withFilters({ dataset: flag, op: "eq", value: 2n ** 60n })).message).toContain("beyond ±2^53");
	});
});

describe("quality_filter", () => {
	it("honours dataset and value only", () => {
		const quality_filter = { dataset: flag, value: 0, op: "ne", keep: false };
		expect(refusal(variantOf({ data_source: { quality_filter } })).message).toBe(
			"data_source.quality_filter only honors ['dataset', 'value'] (got extra keys ['keep', 'op']); use the structured 'filters:' list to set 'op', 'column', 'keep', etc.",
		);
	});

	it("needs both", () => {
		expect(refusal(variantOf({ data_source: { quality_filter: { dataset: flag } } })).message).toBe(
			"data_source.quality_filter: op 'eq' requires a scalar 'value'",
		);
	});
});
