import { gridFromConfig, gridSignature, pythonRepr, sameGrid } from "@zagg/aggregate";
import type { Grid } from "@zagg/grid";
import { RunError } from "./errors.ts";
import type { RunPlan } from "./run-plan.ts";

/**
 * The grid of a run.
 *
 * @throws RunError `run/other-grid` when the shard map was made for another one.
 */
export function runGrid({ config, map }: Pick<RunPlan, "config" | "map">): Grid {
	const grid = gridFromConfig(config, { populatedShards: map.shardKeys });
	const signature = gridSignature(grid, config);
	if (map.gridSignature === null || sameGrid(map.gridSignature, signature)) return grid;
	throw new RunError(
		"run/other-grid",
		`ShardMap was built for a different grid than this run config.\n  shard map : ${pythonRepr(map.gridSignature)}\n  run config: ${pythonRepr(signature)}`,
		{ remedy: "Use the config that the map was made with, or make a new map with `zagg catalog --config …`." },
	);
}
