import type { Pipeline, PipelineConfig, ShardMetadata, ShardTask } from "@zagg/aggregate";
import type { ShardMap } from "@zagg/catalog";
import type { DispatchEvent, Executor } from "@zagg/dispatch";
import type { Driver } from "./granule-addresses.ts";
import type { RunLog } from "./log.ts";
import type { Cell } from "./select-cells.ts";

/** Runs shards somewhere: what a run needs of an executor. */
export type ShardExecutor = Executor<ShardTask, ShardMetadata>;

/** A run with every option resolved and checked, ready for a backend. */
export interface RunPlan {
	readonly config: PipelineConfig;
	readonly pipeline: Pipeline;
	readonly map: ShardMap;
	readonly cells: readonly Cell[];
	readonly storePath: string;
	readonly driver: Driver;
	readonly workers: number;
	readonly overwrite: boolean;
	readonly executor: ShardExecutor | undefined;
	readonly log: RunLog;
	readonly onProgress: ((done: number, total: number) => void) | undefined;
	readonly onEvent: ((event: DispatchEvent) => void) | undefined;
	readonly signal: AbortSignal | undefined;
}
