import { elementSizeOf, type NumericType } from "@zagg/hdf5";
import { arrayDocument, groupDocument } from "./documents.ts";
import { fillElement } from "./fill-value.ts";
import type { TemplateField, TemplateGrid, TemplateNode } from "./template.ts";

/** Where the rows of a ragged variable go: the group at `path`, with the arrays `offsets` and `values`. */
export interface RaggedLayout {
	/** Name of the variable. */
	readonly field: string;
	readonly path: string;
	readonly dtype: NumericType;
	readonly innerShape: readonly number[];
	readonly cellsPerShard: number;
	/** Rows in one chunk of `values`. */
	readonly rowsPerChunk: number;
	/** Number of shards along each grid dimension. */
	readonly blockCounts: readonly number[];
	readonly blockDimensionNames: readonly string[];
}

// Row numbers are uint32 while a shard is being reduced, so no shard has more. Chunks without rows are not stored.
const ROWS_PER_SHARD = 2 ** 32;
// Chunks are compressed, so that the unused rest of a shard's last chunk costs next to nothing.
const CHUNK_BYTES = 2 ** 20;

/**
 * Lays out a ragged variable so that a shard's one worker writes chunks that no other worker touches, under documents
 * that never change: compressed sparse rows (CSR), one shard per index of the leading dimensions.
 *
 * - `offsets[block…, cells + 1]`, int64: the cell of rank r has the rows `offsets[block, r]` to `offsets[block, r + 1]`.
 *   A shard that was never written reads as zeros: every cell is empty.
 * - `values[block…, rows, inner…]`: the rows of the shard's cells in rank order. The row dimension has room for any
 *   shard; only its first `offsets[block, cells]` rows exist.
 *
 * In Python: `offsets = group["offsets"][block]; rows = group["values"][block, offsets[r] : offsets[r + 1]]`.
 */
export function raggedLayout(grid: TemplateGrid, field: TemplateField, path: string): RaggedLayout {
	const rowBytes = field.innerShape.reduce((product, length) => product * length, elementSizeOf(field.dtype));
	return {
		field: field.name,
		path,
		dtype: field.dtype,
		innerShape: field.innerShape,
		cellsPerShard: grid.cellsPerShard,
		rowsPerChunk: Math.max(1, Math.floor(CHUNK_BYTES / rowBytes)),
		blockCounts: grid.arrayShape.map((length, dimension) => Math.ceil(length / grid.chunkShape[dimension]!)),
		blockDimensionNames: grid.dimensionNames.map((name) => `${name}_block`),
	};
}

/** The documents of a ragged variable's group. */
export function raggedNodes(layout: RaggedLayout): TemplateNode[] {
	const { path, blockCounts, blockDimensionNames, innerShape, cellsPerShard, rowsPerChunk } = layout;
	const oneBlock = blockCounts.map(() => 1);
	const innerNames = innerShape.map((_, index) => (innerShape.length === 1 ? "inner" : `inner_${index}`));
	const offsets = arrayDocument({
		shape: [...blockCounts, cellsPerShard + 1],
		chunkShape: [...oneBlock, cellsPerShard + 1],
		dtype: "int64",
		fillValue: 0n,
		dimensionNames: [...blockDimensionNames, "cell_offset"],
		compressed: true,
	});
	const values = arrayDocument({
		shape: [...blockCounts, ROWS_PER_SHARD, ...innerShape],
		chunkShape: [...oneBlock, rowsPerChunk, ...innerShape],
		dtype: layout.dtype,
		fillValue: fillElement(0, layout.dtype),
		dimensionNames: [...blockDimensionNames, "row", ...innerNames],
		compressed: true,
	});
	return [
		{ path, document: groupDocument({ ragged: { layout: "csr", field: layout.field, inner_shape: innerShape } }) },
		{ path: `${path}/offsets`, document: offsets },
		{ path: `${path}/values`, document: values },
	];
}
