import type { ShardMetadata } from "@zagg/aggregate";
import type { Cell } from "./select-cells.ts";

/** What a dry run tells; keys and their order as published. */
export interface DryRunSummary {
	readonly dry_run: true;
	readonly total_cells: number;
	readonly granules_per_cell_min: number;
	readonly granules_per_cell_max: number;
	readonly granules_per_cell_avg: number;
	readonly store_path: string;
}

/** What a run on the local backend tells; keys and their order as published. */
export interface LocalSummary {
	readonly total_cells: number;
	readonly cells_with_data: number;
	readonly cells_error: number;
	readonly total_obs: number;
	readonly wall_time_s: number;
	readonly store_path: string;
	readonly backend: "local";
	/** Metadata of every cell that did not fail, in completion order. */
	readonly results: readonly ShardMetadata[];
	/** Only when the run was cancelled. */
	readonly completion_reason?: "cancelled";
	/** Only when the results are there but the store's metadata could not be consolidated. */
	readonly finalize_error?: string;
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
