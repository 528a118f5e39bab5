import { parseExpression } from "../expression/index.ts";
import { pythonRepr } from "../python/index.ts";
import { isSupportedReducer, supportedReducers } from "../reduce/index.ts";
import { invalidConfig, isRecord, nearest, type PlainRecord, refuseUnknownKeys } from "./check.ts";
import { fillValueFor, numericType } from "./dtype.ts";
import { locateExpressionError } from "./expression-error.ts";
import { declaredKind, resolveOutputKind } from "./output-kind.ts";
import type { Field } from "./pipeline.ts";

const FIELD_KEYS = [
	"function",
	"expression",
	"source",
	"params",
	"dtype",
	"fill_value",
	"kind",
	"trailing_shape",
	"inner_shape",
];

/** Column that a reducer works on when its field names none. */
const DEFAULT_SOURCE = "h_li";

/** The aggregated variables, in config order. `columns` are the names of `data_source.variables`. */
export function resolveFields(aggregation: PlainRecord, columns: readonly string[]): Field[] {
	const raw = aggregation.variables ?? {};
	if (!isRecord(raw)) throw invalidConfig("aggregation.variables must be a mapping of names to field definitions");
	const fields = Object.entries(raw).map(([name, definition]) => resolveField(name, definition, columns));
	if (fields.length === 0) throw invalidConfig("aggregation.variables must define at least one variable");
	return fields;
}

function resolveField(name: string, definition: unknown, columns: readonly string[]): Field {
	const label = `Variable '${name}'`;
	if (!isRecord(definition)) throw invalidConfig(`${label} must be a mapping`);
	refuseUnknownKeys(definition, FIELD_KEYS, `aggregation.variables.${name}`);
	const reducer = textAt(definition, "function", label);
	const expression = textAt(definition, "expression", label);
	if (reducer !== null && expression !== null) {
		throw invalidConfig(`${label}: 'function' and 'expression' are mutually exclusive`);
	}
	if (reducer === null && expression === null) {
		throw invalidConfig(`${label}: must specify 'function' or 'expression'`);
	}
	const declaredSource = textAt(definition, "source", label);
	if (declaredSource !== null && !columns.includes(declaredSource)) {
		throw invalidConfig(`${label}: source '${declaredSource}' not in data_source.variables`);
	}
	if (reducer !== null) checkReducer(reducer, label);
	const params = resolveParams(definition.params ?? {}, columns, label);
	if (expression !== null) checkExpression(expression, columns, label);
	const kind = declaredKind(definition, label);
	const declaredDtype = (definition.dtype ?? null) as string | null;
	const dtype = numericType(declaredDtype, label);
	const shapes = resolveOutputKind(kind, definition, label);
	const fill = definition.fill_value ?? (kind === "ragged" && !dtype.startsWith("float") ? 0 : undefined);
	return {
		name,
		reducer,
		expression,
		source: reducer === null ? null : sourceColumn(declaredSource, columns, label),
		params,
		dtype,
		declaredDtype,
		fillValue: fillValueFor(dtype, fill, label),
		...shapes,
	};
}

function sourceColumn(declared: string | null, columns: readonly string[], label: string): string {
	if (declared !== null) return declared;
	if (columns.includes(DEFAULT_SOURCE)) return DEFAULT_SOURCE;
	throw invalidConfig(
		`${label}: 'source' is required (its default '${DEFAULT_SOURCE}' is not in data_source.variables)`,
	);
}

function textAt(definition: PlainRecord, key: string, label: string): string | null {
	const value = definition[key] ?? null;
	if (value !== null && typeof value !== "string") {
		throw invalidConfig(`${label}: '${key}' must be a string (got ${pythonRepr(value)})`);
	}
	return value;
}

function checkReducer(name: string, label: string): void {
	if (isSupportedReducer(name)) return;
	const bare = name.replace(/^np\./, "");
	const message = bare.includes(".")
		? `Cannot resolve '${name}': it is not a supported function`
		: `Cannot resolve '${bare}' as numpy function`;
	const suggestion = nearest(bare, supportedReducers);
	const hint = suggestion === null ? "" : `Did you mean '${suggestion}'? `;
	throw invalidConfig(message, {
		remedy: `${hint}${label} can use ${supportedReducers.join(", ")}, or an expression.`,
		context: { variable: label, function: name },
	});
}

// The literals that Python's float() takes from text.
const PYTHON_FLOAT =
	/^\s*[-+]?(?:(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[-+]?\d+(?:_\d+)*)?|inf(?:inity)?|nan)\s*$/i;

/** A string parameter is a column, a number, or an expression over columns, told by a column's name inside it. */
function resolveParams(raw: unknown, columns: readonly string[], label: string): PlainRecord {
	if (!isRecord(raw)) throw invalidConfig(`${label}: 'params' must be a mapping (got ${pythonRepr(raw)})`);
	for (const value of Object.values(raw)) {
		if (typeof value !== "string" || columns.includes(value) || PYTHON_FLOAT.test(value)) continue;
		const isExpression = columns.some((column) => value.includes(column));
		const unknown = isExpression ? unknownName(value, columns, label) : value;
		if (unknown !== null) {
			throw invalidConfig(
				`${label}: param value '${value}' references unknown column (available: ${pythonRepr(new Set(columns))})`,
				{ context: { unknown } },
			);
		}
	}
	return raw;
}

function checkExpression(expression: string, columns: readonly string[], label: string): void {
	const unknown = unknownName(expression, columns, label);
	if (unknown === null) return;
	throw invalidConfig(
		`${label}: expression references '${unknown}' which is not in data_source.variables or numpy namespace`,
		{ remedy: `Columns are ${columns.join(", ")}.` },
	);
}

function unknownName(expression: string, columns: readonly string[], label: string): string | null {
	const { names } = locateExpressionError(label, () => parseExpression(expression));
	return [...names].find((name) => !columns.includes(name)) ?? null;
}
