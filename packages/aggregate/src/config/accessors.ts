import { invalidConfig, isRecord } from "./check.ts";
import type { PipelineConfig } from "./pipeline-config.ts";

/** HEALPix order of the cells. */
export function childOrder(config: PipelineConfig): number {
	return order(config, "child_order");
}

/** HEALPix order of the shards. */
export function parentOrder(config: PipelineConfig): number {
	return order(config, "parent_order");
}

function order(config: PipelineConfig, key: "child_order" | "parent_order"): number {
	const { grid } = config.output;
	const value = isRecord(grid) ? grid[key] : undefined;
	if (typeof value !== "number") throw invalidConfig(`output.grid.${key} is required`);
	return value;
}
