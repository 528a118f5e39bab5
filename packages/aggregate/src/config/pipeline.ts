import type { NumericType } from "@zagg/hdf5";
import type { PlainRecord } from "./check.ts";
import type { FillValue } from "./dtype.ts";

/** A filter on the values of a dataset: rows are kept where the comparison holds (dropped, with `keep: false`). */
export interface ScalarFilter {
	/** Level whose rows the dataset has; null is the base level. */
	readonly level: string | null;
	/** Path template. */
	readonly dataset: string;
	/** Column of an N-D dataset; negative counts from the end. */
	readonly column: number | null;
	readonly op: ScalarOp;
	readonly keep: boolean;
	readonly value: number;
}

/** A filter on membership in a set of values; otherwise as `ScalarFilter`. */
export interface SetFilter extends Omit<ScalarFilter, "op" | "value"> {
	readonly op: SetOp;
	readonly values: readonly number[];
}

export type ScalarOp = "eq" | "ne" | "ge" | "gt" | "le" | "lt";
export type SetOp = "in" | "not_in";
export type StructuredFilter = ScalarFilter | SetFilter;

/** A filter by an expression over the variables, on base rows; it has no `op`. */
export interface ExpressionFilter {
	readonly level: null;
	readonly expression: string;
}

export type Filter = StructuredFilter | ExpressionFilter;

/** How the rows of a coarse level own runs of rows of the level `to`. Paths are templates. */
export interface LevelLink {
	readonly to: string;
	readonly indexBeg: string;
	readonly count: string;
	readonly indexBase: number;
}

/** One sampling rate of a multi-rate product. */
export interface Level {
	/** Path template of the level's HDF5 group. */
	readonly path: string;
	/** Names relative to `path`, or absolute; null when the config lists them for documentation only. */
	readonly coordinates: { readonly latitude: string; readonly longitude: string } | null;
	/** Null at the base level only. */
	readonly link: LevelLink | null;
}

/** Reading through a coarse level: which one, padded by how many of its rows, and when to read everything instead. */
export interface ReadPlanOptions {
	readonly spatialIndex: string;
	readonly pad: number;
	readonly fullReadThreshold: number;
}

/** A coordinate array of the store's template. */
export interface CoordinateField {
	readonly name: string;
	readonly dtype: NumericType;
	readonly fillValue: FillValue;
}

export type FieldKind = "scalar" | "vector" | "ragged";

/** One aggregated variable: what is computed of a cell's rows, by a reducer or by an expression, and how it is stored. */
export interface Field {
	readonly name: string;
	readonly kind: FieldKind;
	/** Reducer as the config names it; null for expressions. */
	readonly reducer: string | null;
	readonly expression: string | null;
	/** The reducer's input column; null for expressions. */
	readonly source: string | null;
	/** Further arguments of the reducer; strings may name columns or be expressions over them. */
	readonly params: PlainRecord;
	readonly dtype: NumericType;
	/** The dtype as the config spells it, which grid signatures repeat; null when undeclared. */
	readonly declaredDtype: string | null;
	readonly fillValue: FillValue;
	/** Shape of a vector's value per cell, else empty. */
	readonly trailingShape: readonly number[];
	/** Shape of one row of a ragged value, else empty. */
	readonly innerShape: readonly number[];
}

/** A validated config with its defaults filled in: what processing works from. Orders are the config's. */
export interface Pipeline {
	readonly groups: readonly string[];
	/** Path templates of the base rows' coordinates. */
	readonly coordinates: { readonly latitude: string; readonly longitude: string };
	readonly variables: readonly { readonly name: string; readonly path: string }[];
	readonly filters: readonly Filter[];
	readonly levels: ReadonlyMap<string, Level> | null;
	readonly baseLevel: string | null;
	/** Null: every granule is read whole. */
	readonly readPlan: ReadPlanOptions | null;
	readonly coordinateFields: readonly CoordinateField[];
	readonly fields: readonly Field[];
	readonly driver: Driver;
	readonly storePath: string | null;
	readonly endpointUrl: string | null;
	readonly region: string | null;
	/** The raw `output.grid`; `gridFromConfig` builds the grid. */
	readonly grid: PlainRecord;
}

/** Which href of a granule is read. */
export type Driver = "s3" | "https" | "file";
