import { OUTSIDE_SHARD } from "@zagg/grid";
import type { NumericArray } from "@zagg/hdf5";
import type { ExpressionFilter, Pipeline, StructuredFilter } from "../config/index.ts";
import { AggregationError } from "../errors.ts";
import { evaluateExpression, parseExpression, toMask } from "../expression/index.ts";
import { pythonRepr, pythonTuple } from "../python/index.ts";
import type { BeamRows } from "./beam.ts";
import { applyPredicate, type FlagArray } from "./predicate.ts";

/** Reads one dataset over the rows that a read has settled on: a window, or several windows one behind the other. */
export type ReadRows = (template: string) => Promise<FlagArray>;

/** The filters of a pipeline, by when they are applied. */
export interface FilterGroups {
	readonly base: readonly StructuredFilter[];
	readonly coarse: readonly StructuredFilter[];
	readonly expressions: readonly ExpressionFilter[];
}

/** Splits filters into those on base rows, those on a coarse level, and expressions. */
export function groupFilters(pipeline: Pipeline): FilterGroups {
	const structured = pipeline.filters.filter((filter) => "op" in filter);
	const isBase = (filter: StructuredFilter): boolean => filter.level === null || filter.level === pipeline.baseLevel;
	return {
		base: structured.filter(isBase),
		// Without levels there is nothing to expand a coarse flag with, and validation has let no such filter through.
		coarse: pipeline.levels === null ? [] : structured.filter((filter) => !isBase(filter)),
		expressions: pipeline.filters.filter((filter) => "expression" in filter),
	};
}

/**
 * Reads variables and base flags over the chosen rows and keeps what lies in the shard and passes every filter.
 *
 * @param ranks cell rank per chosen row; `OUTSIDE_SHARD` drops the row
 * @param coarseKeep one byte per chosen row from the coarse filters, or null
 * @returns null when no row is left
 */
export async function selectRows(
	pipeline: Pipeline,
	filters: FilterGroups,
	ranks: Uint32Array,
	coarseKeep: Uint8Array | null,
	readRows: ReadRows,
): Promise<BeamRows | null> {
	const paths = new Set([...pipeline.variables.map(({ path }) => path), ...filters.base.map(({ dataset }) => dataset)]);
	const arrays = new Map<string, FlagArray>();
	await Promise.all([...paths].map(async (path) => arrays.set(path, await readRows(path))));
	for (const [path, { shape }] of arrays) {
		if (shape[0] !== ranks.length) {
			throw new AggregationError(
				"shard/invalid",
				`'${path}' has ${shape[0] ?? 0} rows where the coordinates have ${ranks.length}`,
				{ remedy: "Check the paths in data_source: variables, filters and coordinates must be of one level." },
			);
		}
	}
	const keep = coarseKeep ?? new Uint8Array(ranks.length).fill(1);
	for (let row = 0; row < keep.length; row++) if (ranks[row] === OUTSIDE_SHARD) keep[row] = 0;
	for (const filter of filters.base) applyPredicate(filter, arrays.get(filter.dataset)!, keep);

	let rows = takeRows({ columns: variableColumns(pipeline, arrays), ranks }, keep);
	for (const filter of filters.expressions) {
		if (rows === null) return null;
		rows = takeRows(rows, expressionMask(filter, rows));
	}
	return rows;
}

function variableColumns(pipeline: Pipeline, arrays: ReadonlyMap<string, FlagArray>): Map<string, NumericArray> {
	const columns = new Map<string, NumericArray>();
	for (const { name, path } of pipeline.variables) {
		const { data, shape } = arrays.get(path)!;
		if (shape.length !== 1) {
			throw new AggregationError(
				"shard/invalid",
				`variable '${name}' ('${path}') is ${shape.length}-D; only 1-D arrays can be columns`,
			);
		}
		columns.set(name, data);
	}
	return columns;
}

function expressionMask(filter: ExpressionFilter, rows: BeamRows): Uint8Array {
	const parsed = parseExpression(filter.expression);
	const unknown = [...parsed.names].find((name) => !rows.columns.has(name));
	if (unknown !== undefined) {
		throw new AggregationError(
			"expression/evaluation",
			`expression filter ${pythonRepr(filter.expression)} references an undefined name: name '${unknown}' is not defined`,
		);
	}
	const mask = toMask(evaluateExpression(parsed, rows.columns));
	if (mask === null || mask.shape.length !== 1 || mask.shape[0] !== rows.ranks.length) {
		throw new AggregationError(
			"expression/evaluation",
			`expression filter ${pythonRepr(filter.expression)} must yield a per-row boolean mask (got shape ${pythonTuple(mask?.shape ?? [])})`,
		);
	}
	return mask.data;
}

function takeRows(rows: BeamRows, keep: Uint8Array): BeamRows | null {
	let count = 0;
	for (let row = 0; row < keep.length; row++) count += keep[row]!;
	if (count === 0) return null;
	if (count === keep.length) return rows;
	const columns = new Map<string, NumericArray>();
	for (const [name, data] of rows.columns) columns.set(name, compress(data, keep, count));
	return { columns, ranks: compress(rows.ranks, keep, count) };
}

function compress<Values extends NumericArray>(values: Values, keep: Uint8Array, count: number): Values {
	const kept = new (values.constructor as new (length: number) => Values)(count);
	for (let row = 0, next = 0; next < count; row++) {
		if (keep[row] !== 0) kept[next++] = values[row]!;
	}
	return kept;
}
