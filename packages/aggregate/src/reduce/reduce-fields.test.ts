import type { NumericArray } from "@zagg/hdf5";
import { describe, expect, it } from "vitest";
import { defaultConfig, type Field, resolvePipeline } from "../config/index.ts";
import { AggregationError } from "../errors.ts";
import { referenceColumn } from "./fixtures/reference.ts";
import {
	buildTdigest,
	type DenseColumn,
	type GroupedColumns,
	isSupportedReducer,
	type OutputColumn,
	reduceFields,
	supportedReducers,
} from "./index.ts";

function field(parts: Partial<Field>): Field {
	return {
		name: "f",
		kind: "scalar",
		reducer: null,
		expression: null,
		source: parts.reducer ? "h" : null,
		params: {},
		dtype: "float32",
		declaredDtype: null,
		fillValue: "NaN",
		trailingShape: [],
		innerShape: [],
		...parts,
	};
}

/** Columns in which every list is the rows of one cell. */
function grouped(
	cells: readonly (readonly number[])[],
	more: Readonly<Record<string, NumericArray>> = {},
): GroupedColumns {
	const offsets = new Uint32Array(cells.length + 1);
	cells.forEach((rows, cell) => {
		offsets[cell + 1] = offsets[cell]! + rows.length;
	});
	return {
		columns: new Map(Object.entries({ h: Float32Array.from(cells.flat()), ...more })),
		offsets,
		cellCount: cells.length,
	};
}

const values = (column: OutputColumn | undefined) => Array.from(column!.data as Iterable<number | bigint>);
const reduce = (parts: Partial<Field>, groups: GroupedColumns) => reduceFields([field(parts)], groups)[0]!;

function failure(parts: Partial<Field>, groups: GroupedColumns): AggregationError {
	try {
		reduce(parts, groups);
	} catch (error) {
		if (error instanceof AggregationError) return error;
		throw error;
	}
	throw new Error("did not fail");
}

describe("the atl06 fields", () => {
	const { fields } = resolvePipeline(defaultConfig("atl06"));

	it("of five segments are numpy's, and those of an empty cell are 0 and NaN", () => {
		const columns = new Map([
			["h_li", Float32Array.of(120.5, 118.3, 122.1, 119.7, 121.0)],
			["s_li", Float32Array.of(0.05, 0.1, 0.03, 0.08, 0.06)],
		]);
		const output = reduceFields(fields, { columns, offsets: Uint32Array.of(0, 0, 5), cellCount: 2 });
		expect(Object.fromEntries(output.map((column) => [column.name, values(column)]))).toEqual({
			count: [0, 5],
			h_min: [Number.NaN, 118.30000305175781],
			h_max: [Number.NaN, 122.0999984741211],
			h_mean: [Number.NaN, 121.26847839355469],
			h_sigma: [Number.NaN, 0.022112537175416946],
			h_variance: [Number.NaN, 1.6255972385406494],
			h_q25: [Number.NaN, 119.69999694824219],
			h_q50: [Number.NaN, 120.5],
			h_q75: [Number.NaN, 121],
		});
		expect(output.map((column) => column.dtype)).toEqual(["int32", ...new Array(8).fill("float32")]);
	});

	it("of a cell do not depend on the other cells", () => {
		const heights = referenceColumn(1, 3000, "float32") as Float32Array;
		const sigmas = (referenceColumn(2, 3000, "float32") as Float32Array).map((value) => 0.01 + Math.abs(value));
		const offsets = Uint32Array.of(0, 1, 1, 30, 700, 3000);
		const together = reduceFields(fields, {
			columns: new Map([
				["h_li", heights],
				["s_li", sigmas],
			]),
			offsets,
			cellCount: 5,
		});
		for (let cell = 0; cell < 5; cell++) {
			const [start, end] = [offsets[cell]!, offsets[cell + 1]!];
			const columns = new Map([
				["h_li", heights.slice(start, end)],
				["s_li", sigmas.slice(start, end)],
			]);
			const alone = reduceFields(fields, { columns, offsets: Uint32Array.of(0, end - start), cellCount: 1 });
			expect(alone.map((column) => values(column)[0])).toEqual(together.map((column) => values(column)[cell]));
		}
	});
});

describe("the waveform fields of atl03", () => {
	const { fields } = resolvePipeline(defaultConfig("atl03_waveform_counts"));

	it("count heights around their median, leave out what is beyond 128 m, and are 0 in empty cells", () => {
		const groups = grouped([[], [0, 10, 500]], {});
		const columns = new Map([["h_ph", groups.columns.get("h")!]]);
		const [counts, binStart] = reduceFields(fields, { ...groups, columns });
		expect(counts).toMatchObject({ kind: "dense", dtype: "uint32", trailingShape: [128] });
		expect(values(counts).slice(0, 128)).toEqual(new Array(128).fill(0));
		// -10, 0 and 490 above the median: bins of 2 m from -128.
		expect(
			values(counts)
				.slice(128)
				.flatMap((count, bin) => (count === 0 ? [] : [[bin, count]])),
		).toEqual([
			[59, 1],
			[64, 1],
		]);
		expect(values(binStart)).toEqual([Number.NaN, 10]);
	});
});

describe("scalar fields", () => {
	it("are the count under the names len and count, whatever the source holds", () => {
		for (const reducer of ["len", "count"]) {
			expect(reduce({ reducer, dtype: "int32", fillValue: 5 }, grouped([[], [1, Number.NaN], [3]])).data).toEqual(
				Int32Array.of(0, 2, 1),
			);
		}
	});

	it.each([
		["nanmin", 1],
		["np.nanmax", 5],
		["nansum", 9],
		["np.nanmean", 3],
		["numpy.nanmedian", 3],
		["nanvar", 2.6666667461395264],
		["nanstd", 1.632993221282959],
		["min", Number.NaN],
		["median", Number.NaN],
	])("by %s of [1, NaN, 3, 5] are %d", (reducer, expected) => {
		expect(values(reduce({ reducer }, grouped([[1, Number.NaN, 3, 5]])))).toEqual([expected]);
	});

	it("take parameters: numbers, numbers in text, columns, and expressions over columns", () => {
		const groups = grouped(
			[
				[10, 20, 30],
				[1, 2],
			],
			{ w: Float32Array.of(0.1, 0.2, 0.1, 1, 3) },
		);
		expect(values(reduce({ reducer: "average", params: { weights: "w" } }, groups))).toEqual([20, 1.75]);
		expect(values(reduce({ reducer: "average", params: { weights: "1.0 / w**2" }, dtype: "float64" }, groups))).toEqual(
			[20, 1.0999999046325684],
		);
		// Not row by row: computed per cell.
		expect(values(reduce({ reducer: "average", params: { weights: "w / np.sum(w)" } }, groups))).toEqual([20, 1.75]);
		expect(values(reduce({ reducer: "quantile", params: { q: "5e-1" } }, groups))).toEqual([20, 1.5]);
		expect(values(reduce({ reducer: "var", params: { ddof: 1 } }, groups))).toEqual([100, 0.5]);
	});

	it("may be expressions, which see the cell's rows only", () => {
		const groups = grouped([[], [1, 2, 3, 4], [7]], { x: Float64Array.of(4, 9, 9, 9, 16) });
		expect(values(reduce({ expression: "np.sqrt(x[0])" }, groups))).toEqual([Number.NaN, 2, 4]);
		expect(values(reduce({ expression: "float(len(x))" }, groups))).toEqual([Number.NaN, 4, 1]);
		expect(values(reduce({ expression: "float(np.quantile(h, 0.75) - np.quantile(h, 0.25))" }, groups))).toEqual([
			Number.NaN,
			1.5,
			0,
		]);
		expect(values(reduce({ expression: "np.sum((h - np.mean(h))**2)" }, groups))).toEqual([Number.NaN, 5, 0]);
		expect(values(reduce({ expression: "np.median(h * 2) + np.max(h * 2)" }, groups))).toEqual([Number.NaN, 13, 28]);
	});

	it("of integers truncate toward zero and are the fill value in empty cells", () => {
		expect(reduce({ reducer: "min", dtype: "int16", fillValue: -9 }, grouped([[], [-3.7], [3.7]])).data).toEqual(
			Int16Array.of(-9, -3, 3),
		);
		expect(reduce({ reducer: "sum", dtype: "uint64", fillValue: 7n }, grouped([[], [3e9, 3e9]])).data).toEqual(
			BigUint64Array.of(7n, 6000000000n),
		);
	});

	it("of floats are NaN in empty cells, also with another fill value", () => {
		expect(values(reduce({ reducer: "min", fillValue: 0 }, grouped([[], [2]])))).toEqual([Number.NaN, 2]);
	});

	it("sum 64-bit integers exactly before they become floats", () => {
		const groups = grouped([[0, 0]], { id: BigInt64Array.of(2n ** 60n, 3n) });
		expect(values(reduce({ reducer: "max", source: "id", dtype: "float64" }, groups))).toEqual([2 ** 60]);
		expect(values(reduce({ expression: "int(np.sum(id)) % 1000", dtype: "float64" }, groups))).toEqual([
			Number((2n ** 60n + 3n) % 1000n),
		]);
	});
});

describe("vector fields", () => {
	const vector = { kind: "vector" as const, trailingShape: [4] };

	it("hold a block per cell, and the fill value in empty cells", () => {
		const counts = reduce(
			{ ...vector, reducer: "np.bincount", source: "bin", params: { minlength: 4 }, dtype: "int64", fillValue: 0 },
			grouped([[0, 0, 0, 0], [], [0]], { bin: Int32Array.of(0, 1, 1, 3, 2) }),
		);
		expect(counts).toEqual({
			kind: "dense",
			name: "f",
			dtype: "int64",
			trailingShape: [4],
			data: BigInt64Array.of(1n, 2n, 0n, 1n, 0n, 0n, 0n, 0n, 0n, 0n, 1n, 0n),
		} satisfies DenseColumn);
		const edges = reduce(
			{ kind: "vector", trailingShape: [2], expression: "np.array([np.min(h), np.max(h)])" },
			grouped([[1, 5, 3], []]),
		);
		expect(values(edges)).toEqual([1, 5, Number.NaN, Number.NaN]);
	});

	it("may have several trailing dimensions", () => {
		const column = reduce(
			{ kind: "vector", trailingShape: [2, 2], expression: "np.column_stack([h, h * 2])" },
			grouped([
				[1, 2],
				[3, 4],
			]),
		);
		expect(column.data).toEqual(Float32Array.of(1, 2, 2, 4, 3, 6, 4, 8));
	});

	it("take lists of quantiles, interpolated in float64 as numpy does", () => {
		const column = reduce(
			{ kind: "vector", trailingShape: [3], reducer: "quantile", params: { q: [0.25, 0.5, 0.75] } },
			grouped([[1, 2, 4]]),
		);
		expect(values(column)).toEqual([1.5, 2, 3]);
	});

	it("refuse another shape", () => {
		const { message, context } = failure({ ...vector, expression: "np.array([np.min(h), 1, 2])" }, grouped([[], [1]]));
		expect(message).toBe("Variable 'f', cell 1 of the shard: vector field produced shape (3,), expected (4,)");
		expect(context).toMatchObject({ field: "f", cell: 1 });
	});
});

describe("ragged fields", () => {
	it("hold the rows of the cells that have any", () => {
		const sorted = reduce({ kind: "ragged", innerShape: [1], reducer: "np.sort" }, grouped([[3, 1, 2], [], [5]]));
		expect(sorted).toEqual({
			kind: "ragged",
			name: "f",
			dtype: "float32",
			innerShape: [1],
			data: Float32Array.of(1, 2, 3, 5),
			cellRanks: Uint32Array.of(0, 2),
			offsets: Uint32Array.of(0, 3, 4),
		});
		const pairs = reduce(
			{ kind: "ragged", innerShape: [2], expression: "np.column_stack([h, h * 2])" },
			grouped([[1, 2], [3]]),
		);
		expect(pairs).toMatchObject({ data: Float32Array.of(1, 2, 2, 4, 3, 6), offsets: Uint32Array.of(0, 2, 3) });
	});

	it("hold t-digests by the Python system's name, with their delta; a cell without finite values has none", () => {
		const heights = Array.from(referenceColumn(3, 2000, "float32") as Float32Array);
		const digests = reduce(
			{ kind: "ragged", innerShape: [2], reducer: "zagg.stats.tdigest.build_tdigest", params: { delta: 32 } },
			grouped([[Number.NaN], heights, []]),
		);
		const expected = buildTdigest(Float32Array.from(heights), 32);
		expect(digests).toMatchObject({
			data: expected,
			cellRanks: Uint32Array.of(1),
			offsets: Uint32Array.of(0, expected.length / 2),
		});
	});

	it("refuse rows of another shape", () => {
		const ragged = { kind: "ragged" as const, innerShape: [2] };
		expect(failure({ ...ragged, expression: "np.column_stack([h, h, h])" }, grouped([[1]])).message).toContain(
			"ragged field produced inner shape (3,), expected (2,)",
		);
		expect(failure({ ...ragged, reducer: "sort" }, grouped([[1]])).message).toContain(
			"cannot reshape array of size 1 into shape (2)",
		);
	});
});

describe("a field that cannot be reduced", () => {
	it.each<[string, Partial<Field>, string]>([
		[
			"weights of zero",
			{ reducer: "average", params: { weights: "h * 0" } },
			"cell 1 of the shard: Weights sum to zero, can't be normalized",
		],
		[
			"NaN for an integer",
			{ reducer: "mean", dtype: "int32", fillValue: 0, expression: null, source: "n" },
			"cannot convert float NaN to integer",
		],
		[
			"too large a number",
			{ reducer: "max", dtype: "int8", fillValue: 0, source: "big" },
			"Python integer 300 out of bounds for int8",
		],
		["no integer for an empty cell", { reducer: "max", dtype: "int8" }, "fill_value NaN is not an integer"],
		["an unknown column", { reducer: "max", source: "x" }, "source column 'x' is not among the columns that were read"],
		["an unknown name", { expression: "np.sum(x)" }, "name 'x' is not defined"],
		["an unknown parameter", { reducer: "max", params: { q: 1 } }, "max takes no parameter 'q' (it takes: none)"],
		["an unknown reducer", { reducer: "mode" }, "function 'mode' is not supported"],
		["a missing parameter", { reducer: "quantile" }, "quantile requires 'q'"],
		["text for a number", { reducer: "quantile", params: { q: "0,5" } }, "q must be a number, got a Python str"],
		["an array for a scalar", { expression: "h * 2" }, "only 0-dimensional arrays can be converted to Python scalars"],
	])("is named with its cell: %s", (_, parts, message) => {
		const groups = grouped([[], [1, 2]], { n: Float32Array.of(Number.NaN, 1), big: Int32Array.of(300, 1) });
		const error = failure(parts, groups);
		expect(error.message).toContain("Variable 'f'");
		expect(error.message).toContain(message);
		expect(error.code).toMatch(/^(reduce|expression)\//);
	});

	it("or columns that do not fit the cells", () => {
		const groups = grouped([[1, 2]], { short: Float32Array.of(1) });
		expect(failure({ reducer: "max" }, groups)).toMatchObject({
			message: "column 'short' has 1 rows, the cells have 2",
			failureClass: "bug",
		});
	});
});

describe("reducer names", () => {
	it("are numpy's, with or without its module, and the Python system's own", () => {
		for (const name of [...supportedReducers, "np.min", "numpy.quantile", "np.average"])
			expect(isSupportedReducer(name), name).toBe(true);
		for (const name of ["nonexistent_func", "np.linalg.norm", "np.len", "constructor", "sqrt", ""])
			expect(isSupportedReducer(name), name).toBe(false);
		for (const name of "len count min max mean average median var std sum quantile percentile nanmin nanmax nanmean nanvar nanstd nansum nanmedian sort bincount histogram".split(
			" ",
		)) {
			expect(supportedReducers).toContain(name);
		}
	});
});
