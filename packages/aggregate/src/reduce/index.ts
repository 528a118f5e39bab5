export type { DenseColumn, GroupedColumns, OutputColumn, RaggedColumn } from "./columns.ts";
export { reduceFields } from "./reduce-fields.ts";
export { isSupportedReducer, supportedReducers } from "./reducer-names.ts";
export { buildTdigest, mergeTdigests, quantileFromTdigest } from "./tdigest.ts";
