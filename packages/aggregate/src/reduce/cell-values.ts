import type { Field } from "../config/index.ts";
import { AggregationError } from "../errors.ts";
import { parseExpression, toScalar } from "../expression/index.ts";
import { reducerArguments } from "../expression/numpy/reductions.ts";
import type { Value } from "../expression/value.ts";
import type { CellColumns } from "./cell-columns.ts";
import type { GroupedColumns } from "./columns.ts";
import { type ReducerParameter, reducers } from "./kernels/reducer.ts";
import type { Rows, SliceReducer } from "./kernels/rows.ts";
import { type Param, parseParam } from "./params.ts";
import { bareName, isCount, reducerFunction } from "./reducer-names.ts";

/** The value of a field for the rows `start..end` of one cell that has rows. */
export type CellValue = (start: number, end: number) => Value;

/** Prepares a scalar field: a reduction of slices where it is one of numpy's reducers, else a value per cell. */
export function scalarOfCells(field: Field, grouped: GroupedColumns, cells: CellColumns): SliceReducer {
	const reducer = field.reducer === null ? undefined : reducers.get(bareName(field.reducer));
	const source = sourceRows(field, cells);
	if (reducer && source) {
		const params = fieldParams(field, grouped, cells, reducer.parameters);
		const args = sliceableArguments(bareName(field.reducer!), params, cells);
		if (args) return reducer.prepare(source, args);
	}
	if (field.reducer !== null && isCount(field.reducer)) return (start, end) => end - start;
	const cellValue = valueOfCells(field, grouped, cells);
	return (start, end) => toScalar(cellValue(start, end));
}

/** Prepares a field of any kind: its expression, or its function on the source column's rows. */
export function valueOfCells(field: Field, grouped: GroupedColumns, cells: CellColumns): CellValue {
	if (field.expression !== null) {
		const tree = cells.hoist(parseExpression(field.expression).tree);
		return (start, end) => cells.evaluate(tree, start, end);
	}
	const source = sourceRows(field, cells)!;
	const callee = reducerFunction(bareName(field.reducer!));
	const params = fieldParams(field, grouped, cells, callee.parameters.slice(1));
	const ordered = callee.parameters.slice(1).map((name) => params.get(name));
	return (start, end) =>
		callee.call([
			cells.slice(source, start, end),
			...ordered.map((param) => (param?.kind === "rows" ? cells.evaluate(param.tree, start, end) : param?.value)),
		]);
}

// The Python system's default, also where the config's own columns are others.
const defaultSource = "h_li";

function sourceRows(field: Field, cells: CellColumns): Rows | undefined {
	if (field.reducer === null) return undefined;
	const name = field.source ?? defaultSource;
	const rows = cells.rows(name);
	if (rows) return rows;
	throw new AggregationError("reduce/invalid", `source column '${name}' is not among the columns that were read`, {
		failureClass: "usage",
		remedy: "Set the field's source to one of data_source.variables.",
	});
}

function fieldParams(
	field: Field,
	grouped: GroupedColumns,
	cells: CellColumns,
	allowed: readonly string[],
): ReadonlyMap<string, Param> {
	const params = new Map<string, Param>();
	for (const [name, raw] of Object.entries(field.params)) {
		if (!allowed.includes(name))
			throw new AggregationError(
				"reduce/invalid",
				`${field.reducer} takes no parameter '${name}' (it takes: ${allowed.join(", ") || "none"})`,
				{
					failureClass: "usage",
				},
			);
		const param = parseParam(raw, grouped);
		params.set(name, param.kind === "rows" ? { kind: "rows", tree: cells.hoist(param.tree) } : param);
	}
	return params;
}

/** The arguments of a reduction of slices, or undefined where they must be computed cell by cell. */
function sliceableArguments(name: string, params: ReadonlyMap<string, Param>, cells: CellColumns) {
	const values: Partial<Record<ReducerParameter, Value>> = {};
	let weights: Rows | null = null;
	for (const [parameter, param] of params) {
		if (param.kind === "fixed") {
			if (param.value.kind === "sequence") return undefined;
			values[parameter as ReducerParameter] = param.value;
		} else if (parameter === "weights" && param.tree.type === "column") {
			weights = cells.rows(param.tree.name) ?? null;
			if (weights === null) return undefined;
		} else return undefined;
	}
	const args = reducerArguments(name, values);
	return weights === null ? args : { ...args, weights };
}
