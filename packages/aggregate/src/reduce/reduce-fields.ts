import type { NumericArray } from "@zagg/hdf5";
import type { Field } from "../config/index.ts";
import { AggregationError } from "../errors.ts";
import { allocate } from "../expression/dtype.ts";
import { sizeOf } from "../expression/value.ts";
import { coerceRagged, coerceVector, emptyCells, storeScalar } from "./assign.ts";
import { type CellColumns, cellColumns } from "./cell-columns.ts";
import { scalarOfCells, valueOfCells } from "./cell-values.ts";
import type { DenseColumn, GroupedColumns, OutputColumn, RaggedColumn } from "./columns.ts";
import { isCount, isSupportedReducer } from "./reducer-names.ts";

/**
 * Reduces the rows of every cell to the fields of a config, in config order, with numpy's arithmetic.
 *
 * Cells without rows get 0 in counts, NaN in other float scalars, the fill value in integer scalars and in vectors, and no entry in ragged fields;
 * expressions are not evaluated for them. A ragged result without rows is no entry either.
 *
 * @throws AggregationError whose message and context name the field and the cell, with the code of what went wrong
 */
export function reduceFields(fields: readonly Field[], grouped: GroupedColumns): OutputColumn[] {
	checkGroups(grouped);
	const cells = cellColumns(grouped);
	return fields.map((field) => {
		if (field.reducer !== null && !isSupportedReducer(field.reducer))
			throw new AggregationError(
				"reduce/invalid",
				`Variable '${field.name}': function '${field.reducer}' is not supported`,
				{ failureClass: "usage" },
			);
		if (field.kind === "scalar") return reduceScalar(field, grouped, cells);
		return field.kind === "vector" ? reduceVector(field, grouped, cells) : reduceRagged(field, grouped, cells);
	});
}

function checkGroups({ columns, offsets, cellCount }: GroupedColumns): void {
	const rowCount = offsets[cellCount];
	if (offsets.length !== cellCount + 1 || offsets[0] !== 0)
		throw new AggregationError("reduce/invalid", `offsets must hold ${cellCount + 1} entries from 0`, {
			failureClass: "bug",
		});
	for (const [name, data] of columns) {
		if (data.length !== rowCount)
			throw new AggregationError(
				"reduce/invalid",
				`column '${name}' has ${data.length} rows, the cells have ${rowCount}`,
				{ failureClass: "bug" },
			);
	}
}

function reduceScalar(field: Field, grouped: GroupedColumns, cells: CellColumns): DenseColumn {
	const counts = field.reducer !== null && isCount(field.reducer);
	const data = emptyCells(field, counts, grouped.cellCount);
	forEachCell(field, grouped, () => {
		const reduce = scalarOfCells(field, grouped, cells);
		return (cell, start, end) => storeScalar(data, field.dtype, cell, Number(reduce(start, end)));
	});
	return { kind: "dense", name: field.name, dtype: field.dtype, trailingShape: [], data };
}

function reduceVector(field: Field, grouped: GroupedColumns, cells: CellColumns): DenseColumn {
	const data = emptyCells(field, false, grouped.cellCount);
	const width = sizeOf(field.trailingShape);
	forEachCell(field, grouped, () => {
		const cellValue = valueOfCells(field, grouped, cells);
		return (cell, start, end) => data.set(coerceVector(field, cellValue(start, end)) as never, cell * width);
	});
	return { kind: "dense", name: field.name, dtype: field.dtype, trailingShape: field.trailingShape, data };
}

function reduceRagged(field: Field, grouped: GroupedColumns, cells: CellColumns): RaggedColumn {
	const width = sizeOf(field.innerShape);
	const payloads: NumericArray[] = [];
	const cellRanks: number[] = [];
	const offsets = [0];
	forEachCell(field, grouped, () => {
		const cellValue = valueOfCells(field, grouped, cells);
		return (cell, start, end) => {
			const payload = coerceRagged(field, cellValue(start, end));
			if (payload.length === 0) return;
			payloads.push(payload);
			cellRanks.push(cell);
			offsets.push(offsets.at(-1)! + payload.length / width);
		};
	});
	const data = allocate(field.dtype, offsets.at(-1)! * width);
	payloads.forEach((payload, i) => {
		data.set(payload as never, offsets[i]! * width);
	});
	return {
		kind: "ragged",
		name: field.name,
		dtype: field.dtype,
		innerShape: field.innerShape,
		data,
		cellRanks: Uint32Array.from(cellRanks),
		offsets: Uint32Array.from(offsets),
	};
}

/** Prepares a field and visits every cell that has rows; an error is told with the field and the cell. */
function forEachCell(
	field: Field,
	{ offsets, cellCount }: GroupedColumns,
	prepare: () => (cell: number, start: number, end: number) => void,
): void {
	let current: number | undefined;
	try {
		const visit = prepare();
		for (let cell = 0; cell < cellCount; cell++) {
			const start = offsets[cell]!;
			const end = offsets[cell + 1]!;
			if (start === end) continue;
			current = cell;
			visit(cell, start, end);
		}
	} catch (error) {
		if (!(error instanceof AggregationError)) throw error;
		const where =
			current === undefined ? `Variable '${field.name}'` : `Variable '${field.name}', cell ${current} of the shard`;
		throw new AggregationError(error.code, `${where}: ${error.message}`, {
			failureClass: error.failureClass,
			context: { ...error.context, field: field.name, ...(current !== undefined && { cell: current }) },
			cause: error,
			...(error.remedy !== undefined && { remedy: error.remedy }),
		});
	}
}
