import { fixedText, formatCount } from "@zagg/aggregate";
import type { DryRunSummary, RunSummary } from "@zagg/runner";

/** What a dry run prints, line by line. */
export function dryRunLines(summary: DryRunSummary): string[] {
	const { granules_per_cell_min: min, granules_per_cell_max: max, granules_per_cell_avg: average } = summary;
	return [
		`\n[DRY RUN] Would process ${summary.total_cells} cells`,
		`  Granules per cell: min=${min}, max=${max}, avg=${fixedText(average, 1)}`,
		`  Output: ${summary.store_path}`,
	];
}

/** What a run prints when it has ended, line by line. */
export function summaryLines(summary: RunSummary): string[] {
	const { cells_with_data: cells, total_obs: observations, cells_error: errors, wall_time_s: seconds } = summary;
	return [
		`\nDone: ${cells} cells with data, ${formatCount(observations)} obs, ${errors} errors, ${fixedText(seconds, 1)}s`,
		...costLines(summary),
		`Output: ${summary.store_path}`,
	];
}

function costLines(summary: RunSummary): string[] {
	if ("lambda_time_s" in summary) {
		const { lambda_time_s: seconds, gb_seconds: gigabyteSeconds, estimated_cost_usd: cost } = summary;
		return [
			`Lambda compute: ${fixedText(seconds, 0)}s total, ${fixedText(gigabyteSeconds, 0)} GB-s, ~$${fixedText(cost, 2)}`,
		];
	}
	if ("core_time_s" in summary) {
		const { core_time_s: seconds, memory_gb_seconds: gigabyteSeconds, estimated_cost_usd: cost } = summary;
		const price = cost === null ? "" : `, ~$${fixedText(cost, 2)}`;
		return [
			`Cluster compute: ${fixedText(seconds / 3600, 2)} core-hours, ${fixedText(gigabyteSeconds, 0)} GB-s${price}`,
		];
	}
	return [];
}
