export { type AggOptions, agg } from "./agg.ts";
export { RunError, type RunErrorCode } from "./errors.ts";
export type { Driver } from "./granule-addresses.ts";
export { type RunLog, silentLog } from "./log.ts";
export type { ShardExecutor } from "./run-plan.ts";
export { type Cell, selectCells } from "./select-cells.ts";
export type { DryRunSummary, LocalSummary } from "./summary.ts";
