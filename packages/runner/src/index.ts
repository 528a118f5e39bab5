export { type AggOptions, agg, type Backend } from "./agg.ts";
export { RunError, type RunErrorCode } from "./errors.ts";
export type { Driver } from "./granule-addresses.ts";
export type { LambdaOptions } from "./lambda-backend.ts";
export type { LambdaCellResult } from "./lambda-cell-result.ts";
export { type RunLog, silentLog } from "./log.ts";
export type { GranuleAccessProvider, ShardExecutor } from "./run-plan.ts";
export { type Cell, selectCells } from "./select-cells.ts";
export type { ClusterSummary, DryRunSummary, LambdaSummary, LocalSummary, RunSummary } from "./summary.ts";
