import type { NumericArray, NumericType } from "@zagg/hdf5";

/** Rows of many cells, cell by cell. */
export interface GroupedColumns {
	/** Columns by name, all of one length. */
	readonly columns: ReadonlyMap<string, NumericArray>;
	/** Rows of cell k are `offsets[k]..offsets[k + 1]`. */
	readonly offsets: Uint32Array;
	readonly cellCount: number;
}

/** One value, or one block of `trailingShape`, for every cell. */
export interface DenseColumn {
	readonly kind: "dense";
	readonly name: string;
	readonly dtype: NumericType;
	readonly trailingShape: readonly number[];
	/** cellCount × trailing elements in C order. */
	readonly data: NumericArray;
}

/** Any number of rows of `innerShape` for some of the cells. */
export interface RaggedColumn {
	readonly kind: "ragged";
	readonly name: string;
	readonly dtype: NumericType;
	readonly innerShape: readonly number[];
	/** The rows of all cells, one behind the other, in C order. */
	readonly data: NumericArray;
	/** Ranks of the k cells that have rows, ascending. */
	readonly cellRanks: Uint32Array;
	/** Rows of the i-th of these cells are `offsets[i]..offsets[i + 1]`; k + 1 entries. */
	readonly offsets: Uint32Array;
}

export type OutputColumn = DenseColumn | RaggedColumn;
