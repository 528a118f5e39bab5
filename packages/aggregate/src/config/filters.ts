import { parseExpression } from "../expression/index.ts";
import { isIntegerAt, isTruthy, pythonRepr, pythonReprAt } from "../python/index.ts";
import { invalidConfig, isRecord, type PlainRecord, refuseUnknownKeys } from "./check.ts";
import { locateExpressionError } from "./expression-error.ts";
import { pathTemplate } from "./path-template.ts";
import type { ExpressionFilter, Filter, ScalarOp, SetOp, StructuredFilter } from "./pipeline.ts";

const SCALAR_OPS: readonly string[] = ["eq", "ge", "gt", "le", "lt", "ne"] satisfies ScalarOp[];
const SET_OPS: readonly string[] = ["in", "not_in"] satisfies SetOp[];
const OPS = [...SCALAR_OPS, ...SET_OPS].sort();
const FILTER_KEYS = ["level", "dataset", "column", "op", "keep", "value", "values", "expression"];
const QUALITY_FILTER_KEYS = ["dataset", "value"];

/** The filters of a data source: `filters`, or else `quality_filter` as the one filter that it stands for. */
export function resolveFilters(dataSource: PlainRecord, columns: readonly string[]): Filter[] {
	const quality = resolveQualityFilter(dataSource.quality_filter ?? null);
	const filters = dataSource.filters ?? null;
	if (filters === null) return quality;
	if (!Array.isArray(filters)) throw invalidConfig("data_source.filters must be a list");
	return filters.map((raw: unknown, index) => resolveFilter(raw, `filter[${index}]`, columns));
}

function resolveQualityFilter(raw: unknown): StructuredFilter[] {
	if (raw === null) return [];
	if (!isRecord(raw)) throw invalidConfig("data_source.quality_filter must be a mapping with 'dataset' and 'value'");
	const extra = Object.keys(raw).filter((key) => !QUALITY_FILTER_KEYS.includes(key));
	if (extra.length > 0) {
		throw invalidConfig(
			`data_source.quality_filter only honors ['dataset', 'value'] (got extra keys ${pythonRepr(extra.sort())}); use the structured 'filters:' list to set 'op', 'column', 'keep', etc.`,
		);
	}
	return [resolveStructured({ ...raw, op: "eq" }, "data_source.quality_filter")];
}

function resolveFilter(raw: unknown, label: string, columns: readonly string[]): Filter {
	if (!isRecord(raw)) throw invalidConfig(`${label} must be a mapping`);
	refuseUnknownKeys(raw, FILTER_KEYS, label);
	return "expression" in raw ? resolveExpression(raw, label, columns) : resolveStructured(raw, label);
}

function resolveExpression(raw: PlainRecord, label: string, columns: readonly string[]): ExpressionFilter {
	if ("op" in raw || "dataset" in raw) {
		throw invalidConfig(
			`${label}: 'expression' filters take no 'op'/'dataset' (base-level aggregation-time escape hatch, no pushdown)`,
		);
	}
	if ((raw.level ?? null) !== null) {
		throw invalidConfig(`${label}: 'expression' filters are base-level only (level must be omitted)`);
	}
	const { expression } = raw;
	if (typeof expression !== "string") throw invalidConfig(`${label}: 'expression' must be a string`);
	refuseUnknownKeys(raw, ["expression", "level"], `${label} with 'expression'`);
	const { names } = locateExpressionError(label, () => parseExpression(expression));
	const unknown = [...names].find((name) => !columns.includes(name));
	if (unknown !== undefined) {
		throw invalidConfig(
			`${label}: expression filter ${pythonRepr(expression)} references an undefined name: name '${unknown}' is not defined`,
			{ remedy: `Columns are ${columns.join(", ")}.` },
		);
	}
	return { level: null, expression };
}

function resolveStructured(raw: PlainRecord, label: string): StructuredFilter {
	if ((raw.dataset ?? null) === null) throw invalidConfig(`${label}: structured filter requires 'dataset'`);
	const dataset = pathTemplate(raw.dataset, `${label}: 'dataset'`);
	const op = raw.op ?? null;
	if (!OPS.includes(op as string)) {
		throw invalidConfig(`${label}: unknown op ${pythonRepr(op)} (allowed: ${pythonRepr(OPS)})`);
	}
	const column = raw.column ?? null;
	if (column !== null && !(typeof column === "number" && isIntegerAt(raw, "column"))) {
		throw invalidConfig(`${label}: 'column' must be an integer index (got ${pythonReprAt(raw, "column")})`);
	}
	const level = raw.level ?? null;
	if (level !== null && typeof level !== "string") throw invalidConfig(`${label}: 'level' must be a level's name`);
	const keep = "keep" in raw ? isTruthy(raw.keep) : true;
	const filter = { level, dataset, column, keep };
	if (!SET_OPS.includes(op as string)) return { ...filter, op: op as ScalarOp, value: scalarValue(raw, op, label) };
	if (!Array.isArray(raw.values)) throw invalidConfig(`${label}: op ${pythonRepr(op)} requires a 'values' list`);
	const values = raw.values.map((value: unknown) => numericValue(value, "values", label));
	return { ...filter, op: op as SetOp, values };
}

function scalarValue(raw: PlainRecord, op: unknown, label: string): number {
	const value = raw.value ?? null;
	if (value === null) throw invalidConfig(`${label}: op ${pythonRepr(op)} requires a scalar 'value'`);
	return numericValue(value, "value", label);
}

function numericValue(value: unknown, key: string, label: string): number {
	if (typeof value === "number") return value;
	if (typeof value === "bigint") {
		throw invalidConfig(`${label}: '${key}' beyond ±2^53 cannot be compared exactly (got ${value})`);
	}
	throw invalidConfig(`${label}: '${key}' must be numeric (got ${pythonRepr(value)})`);
}
