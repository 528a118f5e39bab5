import type { NumericArray } from "@zagg/hdf5";
import type { ElementType } from "../../expression/dtype.ts";

/** One column of values to reduce. */
export interface Rows {
	readonly data: NumericArray;
	readonly type: ElementType;
	/** The column with every slice that will be asked for in ascending order, NaN last. */
	sorted(): NumericArray;
}

/** Reduces the rows `start..end` of the columns it was made for; a bigint where numpy's result is a 64-bit integer that may not fit a number. */
export type SliceReducer = (start: number, end: number) => number | bigint;
