import type { ShardMetadata } from "@zagg/aggregate";
import type { LambdaCellResult } from "./lambda-cell-result.ts";
import type { Cell } from "./select-cells.ts";
import type { ShardRunOutcome } from "./shard-run.ts";

/** What a dry run tells; keys and their order as published. */
export interface DryRunSummary {
	readonly dry_run: true;
	readonly total_cells: number;
	readonly granules_per_cell_min: number;
	readonly granules_per_cell_max: number;
	readonly granules_per_cell_avg: number;
	readonly store_path: string;
}

/** What only a run that went wrong tells. */
export interface Irregularities {
	/** Only when the run was cancelled. */
	readonly completion_reason?: "cancelled";
	/** Only when the results are there but the store's metadata could not be consolidated. */
	readonly finalize_error?: string;
}

/** What a run on the local backend, or on an executor of the caller's own, tells; keys and their order as published. */
export interface LocalSummary extends Irregularities {
	readonly total_cells: number;
	readonly cells_with_data: number;
	readonly cells_error: number;
	readonly total_obs: number;
	readonly wall_time_s: number;
	readonly store_path: string;
	/** `"local"`, or the name of the caller's executor. */
	readonly backend: string;
	/** Metadata of every cell that did not fail, in completion order. */
	readonly results: readonly ShardMetadata[];
}

/** What a run on AWS Lambda tells; keys and their order as published. */
export interface LambdaSummary extends Irregularities {
	readonly total_cells: number;
	readonly cells_with_data: number;
	readonly cells_error: number;
	readonly total_obs: number;
	readonly wall_time_s: number;
	/** Billed seconds of every attempt, failed ones included. */
	readonly lambda_time_s: number;
	readonly gb_seconds: number;
	readonly price_per_gb_sec: number;
	readonly estimated_cost_usd: number;
	readonly store_path: string;
	readonly backend: "lambda";
	readonly function_name: string;
	/** What became of every cell, failed ones included, in completion order. */
	readonly results: readonly LambdaCellResult[];
}

/** What a run on a cluster tells: the local keys, with what was used in the place where Lambda's are. */
export interface ClusterSummary extends Irregularities {
	readonly total_cells: number;
	readonly cells_with_data: number;
	readonly cells_error: number;
	readonly total_obs: number;
	readonly wall_time_s: number;
	/** Core-seconds of every attempt, failed ones included. */
	readonly core_time_s: number;
	/** Gigabyte-seconds of memory. */
	readonly memory_gb_seconds: number;
	/** Null when no price was given. */
	readonly price_per_core_hour: number | null;
	readonly estimated_cost_usd: number | null;
	readonly store_path: string;
	readonly backend: "cluster";
	/** Metadata of every cell that did not fail, in completion order. */
	readonly results: readonly ShardMetadata[];
}

/** What any run tells. */
export type RunSummary = LocalSummary | LambdaSummary | ClusterSummary;

/** Summarises a run of shard tasks. */
export function shardSummary(storePath: string, backend: string, outcome: ShardRunOutcome): LocalSummary {
	return {
		total_cells: outcome.totalCells,
		cells_with_data: outcome.cellsWithData,
		cells_error: outcome.cellsError,
		total_obs: outcome.totalObservations,
		wall_time_s: outcome.wallTimeSeconds,
		store_path: storePath,
		backend,
		results: outcome.results,
		...irregularities(outcome.cancelled, outcome.finalizeError),
	};
}

/** The keys that only a run that went wrong has. */
export function irregularities(cancelled: boolean, finalizeError: string | null): Irregularities {
	return {
		...(cancelled && { completion_reason: "cancelled" as const }),
		...(finalizeError !== null && { finalize_error: finalizeError }),
	};
}

/** Counts granule records per cell; the run itself reads no more than this when it is a dry run. */
export function dryRunSummary(cells: readonly Cell[], storePath: string): DryRunSummary {
	let fewest = Number.POSITIVE_INFINITY;
	let most = 0;
	let total = 0;
	for (const { granules } of cells) {
		fewest = Math.min(fewest, granules.length);
		most = Math.max(most, granules.length);
		total += granules.length;
	}
	return {
		dry_run: true,
		total_cells: cells.length,
		granules_per_cell_min: fewest,
		granules_per_cell_max: most,
		granules_per_cell_avg: total / cells.length,
		store_path: storePath,
	};
}
