/** Outlines are stored in whole units of 1e-7 degrees: 1.1 cm on the ground, and ±180° fits into an int32. */
export const OUTLINE_UNITS_PER_DEGREE = 1e7;

/** How a variable's numbers are kept; what is stored in fewer than 32 bits is widened, 64-bit integers become doubles. */
export type ValueType = "int32" | "uint32" | "float32" | "float64";

/** One number per cell. */
export type ValueArray = Int32Array | Uint32Array | Float32Array | Float64Array;

/** A variable that cells can be coloured by. */
export interface Variable {
	readonly name: string;
	readonly type: ValueType;
	/** The store's `long_name`, where it has one. */
	readonly longName: string | null;
	readonly units: string | null;
	/** The value that means "no data", as NaN always does. */
	readonly noData: number | null;
	/** Smallest and greatest value; null without any. */
	readonly full: ValueRange | null;
	/** What the colours span at first: from the 2nd to the 98th percentile, or what was asked for. */
	readonly shown: ValueRange | null;
}

export interface ValueRange {
	readonly min: number;
	readonly max: number;
}

/** What is said about a map; everything but the numbers of its cells. */
export interface SceneHeader {
	readonly title: string;
	/** One line on where the cells come from. */
	readonly subtitle: string;
	/** What was left out, for people to know; empty when nothing was. */
	readonly note: string;
	/** What precedes a cell's id, `NESTED` or `shard`. */
	readonly idLabel: string;
	readonly cellCount: number;
	/** Vertices of each cell's outline. */
	readonly verticesPerCell: number;
	readonly variables: readonly Variable[];
	/** The variable shown at first. */
	readonly selected: number;
	readonly projection: "auto" | "globe" | "north" | "south";
}

/** A map's cells with their values. */
export interface Scene extends SceneHeader {
	/** Longitude and latitude of every vertex, cell by cell, in `OUTLINE_UNITS_PER_DEGREE`. */
	readonly outlines: Int32Array;
	/** Ids of the cells. */
	readonly ids: BigUint64Array;
	/** One array per variable, one value per cell. */
	readonly values: readonly ValueArray[];
}

/** Whether a variable has whole numbers only, such as counts. */
export function isWhole({ type }: Variable): boolean {
	return type === "int32" || type === "uint32";
}

/** Whether a value is data of this variable. */
export function isData({ noData }: Variable, value: number): boolean {
	return !Number.isNaN(value) && value !== noData;
}
