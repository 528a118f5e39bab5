import type { GranuleRecord, ShardMap } from "@zagg/catalog";
import { RunError } from "./errors.ts";

/** A shard and the granules that touch it. */
export interface Cell {
	readonly shardKey: bigint;
	readonly granules: readonly GranuleRecord[];
}

/**
 * The cells of a run in catalog order: the one that `mortonCell` names, else the first `maxCells`.
 *
 * @param limits.maxCells 0 or absent for all; a negative number drops as many from the end
 * @throws RunError `run/shard-not-in-catalog`.
 */
export function selectCells(
	map: ShardMap,
	limits: { readonly maxCells?: number | undefined; readonly mortonCell?: string | undefined },
): Cell[] {
	const count = Math.min(map.shardKeys.length, map.granules.length);
	const cells = map.shardKeys
		.slice(0, count)
		.map((shardKey, index): Cell => ({ shardKey, granules: map.granules[index]! }));
	if (limits.mortonCell) {
		const wanted = parseShardKey(limits.mortonCell);
		const matching = cells.filter(({ shardKey }) => shardKey === wanted);
		if (matching.length === 0) {
			throw new RunError("run/shard-not-in-catalog", `shard '${limits.mortonCell}' not in catalog`, {
				remedy: "Give one of the keys under `shard_keys` in the shard map.",
			});
		}
		return matching;
	}
	return limits.maxCells ? cells.slice(0, limits.maxCells) : cells;
}

function parseShardKey(text: string): bigint | undefined {
	return /^\s*[+-]?\d+\s*$/.test(text) ? BigInt(text.trim().replace(/^\+/, "")) : undefined;
}
