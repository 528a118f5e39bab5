import { evaluateTree } from "../expression/index.ts";
import { type Expression, keyOf, replaceElementwise } from "../expression/tree.ts";
import { type ArrayValue, arrayValue, evaluationError } from "../expression/value.ts";
import type { GroupedColumns } from "./columns.ts";
import type { Rows } from "./kernels/rows.ts";
import { sortSlices } from "./kernels/sort.ts";

/** The columns of a shard with what several fields share: cells in sorted order, and elementwise expressions over all rows at once. */
export interface CellColumns {
	/** A whole column to reduce slice by slice; undefined where there is none of that name. */
	rows(name: string): Rows | undefined;
	/** The expression with its elementwise parts computed over all rows and replaced by columns of their own. */
	hoist(tree: Expression): Expression;
	/** The expression's value for the rows `start..end` of one cell. */
	evaluate(tree: Expression, start: number, end: number): ReturnType<typeof evaluateTree>;
	/** The rows `start..end` of a column. */
	slice(rows: Rows, start: number, end: number): ArrayValue;
}

/** Prepares the grouped columns of a shard for its fields. */
export function cellColumns(grouped: GroupedColumns): CellColumns {
	const cache = new Map<string, Rows>();

	function rows(name: string): Rows | undefined {
		const known = cache.get(name);
		if (known) return known;
		const data = grouped.columns.get(name);
		return data && remember(name, arrayValue(data));
	}

	function remember(name: string, { data, type }: ArrayValue): Rows {
		let sorted: ReturnType<Rows["sorted"]> | undefined;
		const made: Rows = { data, type, sorted: () => (sorted ??= sortSlices(data, grouped.offsets)) };
		cache.set(name, made);
		return made;
	}

	function hoist(tree: Expression): Expression {
		return replaceElementwise(tree, (part) => {
			// A key has parentheses, so that it is never the name of a column.
			const name = keyOf(part);
			if (!cache.has(name)) {
				const value = evaluateTree(part, (column) => {
					const source = rows(column);
					return source && arrayValue(source.data, source.type);
				});
				if (value.kind !== "array") throw evaluationError("an elementwise expression over columns must yield an array");
				remember(name, value);
			}
			return { type: "column", name };
		});
	}

	function slice({ data, type, sorted }: Rows, start: number, end: number): ArrayValue {
		return {
			kind: "array",
			type,
			data: data.subarray(start, end),
			shape: [end - start],
			sorted: () => sorted().subarray(start, end),
		};
	}

	return {
		rows,
		hoist,
		slice,
		evaluate: (tree, start, end) =>
			evaluateTree(tree, (name) => {
				const source = rows(name);
				return source && slice(source, start, end);
			}),
	};
}
