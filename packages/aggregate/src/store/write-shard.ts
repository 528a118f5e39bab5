import { AggregationError } from "../errors.ts";
import { pythonTuple } from "../python/index.ts";
import type { DenseColumn, OutputColumn } from "../reduce/index.ts";
import { bytesOf } from "./bytes-of.ts";
import { castArray } from "./cast-array.ts";
import { putChunk } from "./put-chunk.ts";
import { writeRagged } from "./ragged.ts";
import { productOf, sameShape } from "./shape.ts";
import { type ColumnLayout, OPTIONAL_COORDINATES, type StoreTemplate } from "./template.ts";
import { chunkKey, type ZarrStore } from "./zarr-store.ts";

/**
 * Writes a shard's columns: one chunk per dense column, cast to its array's type, and the rows of ragged columns.
 *
 * Columns hold all cells of the shard in rank order. A chunk that is all fill value is not stored, and removed where
 * there was one. Running it again writes the same objects. Coordinates that the template does not have are left out;
 * no columns at all write nothing. Everything is checked before the first write.
 *
 * @param blockIndex index of the shard's chunk, as `grid.blockIndex` gives it.
 * @throws AggregationError `store/invalid` when a column does not fit the template, and what the store throws.
 */
export async function writeShard(
	store: ZarrStore,
	template: StoreTemplate,
	blockIndex: readonly number[],
	columns: readonly OutputColumn[],
): Promise<void> {
	const writes = columns.flatMap((column) => columnWrite(store, template, blockIndex, column) ?? []);
	// Settled, so that nothing is still being written when the first failure is reported.
	const outcomes = await Promise.allSettled(writes.map((write) => write()));
	for (const outcome of outcomes) {
		if (outcome.status === "rejected") throw outcome.reason;
	}
}

function columnWrite(
	store: ZarrStore,
	template: StoreTemplate,
	blockIndex: readonly number[],
	column: OutputColumn,
): (() => Promise<void>) | undefined {
	if (column.kind === "ragged") {
		const layout = template.ragged.get(column.name);
		if (layout === undefined) throw unknownColumn(template, column.name);
		return () => writeRagged(store, layout, blockIndex, column);
	}
	const layout = template.columns.get(column.name);
	if (layout === undefined) {
		if (OPTIONAL_COORDINATES.includes(column.name)) return undefined;
		throw unknownColumn(template, column.name);
	}
	assertFits(column, layout);
	const key = chunkKey(layout.path, [...blockIndex, ...layout.trailingChunk.map(() => 0)]);
	return async () => {
		const data = castArray(column.data, column.dtype, layout.dtype);
		await putChunk(store, key, data, layout.fillValue, bytesOf);
	};
}

function assertFits({ name, data, trailingShape }: DenseColumn, layout: ColumnLayout): void {
	const expectedRows = productOf(layout.blockShape);
	const rows = data.length / productOf(trailingShape);
	if (rows !== expectedRows) {
		throw invalidColumn(
			name,
			`Expected ${expectedRows} rows for chunk_shape=${pythonTuple(layout.blockShape)}, got ${rows}`,
		);
	}
	if (!sameShape(trailingShape, layout.trailingChunk)) {
		throw invalidColumn(
			name,
			`vector field '${name}': trailing chunk ${pythonTuple(layout.trailingChunk)} must equal trailing shape ` +
				`${pythonTuple(trailingShape)} (the payload dim must be one whole chunk)`,
		);
	}
}

function unknownColumn({ groupPath }: StoreTemplate, name: string): AggregationError {
	return invalidColumn(name, `group ${groupPath} of the template has no place for column '${name}'`);
}

function invalidColumn(name: string, message: string): AggregationError {
	return new AggregationError("store/invalid", message, { failureClass: "bug", context: { column: name } });
}
