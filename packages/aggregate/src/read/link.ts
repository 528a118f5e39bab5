import type { NumericArray } from "@zagg/hdf5";
import { AggregationError } from "../errors.ts";

/** How the rows of a coarse level own runs of base rows: row `p` owns `count[p]` rows from `begin[p] - indexBase`. */
export interface LinkArrays {
	readonly begin: NumericArray;
	readonly count: NumericArray;
	readonly indexBase: number;
}

/**
 * Spreads a mask over coarse rows to the base rows they own; base rows that no kept row owns are dropped.
 *
 * A coarse row without base rows (count 0, as empty ATL03 segments have) is skipped whatever its begin says.
 *
 * @param parentKeep one byte per coarse row, 1 = kept
 * @param length number of base rows
 * @throws AggregationError `shard/invalid` when a non-empty kept row begins before the first base row.
 */
export function expandMaskToBase(parentKeep: Uint8Array, link: LinkArrays, length: number): Uint8Array {
	const keep = new Uint8Array(length);
	for (let parent = 0; parent < parentKeep.length; parent++) {
		const count = Number(link.count[parent]);
		if (parentKeep[parent] === 0 || count <= 0) continue;
		const start = Number(link.begin[parent]) - link.indexBase;
		if (start < 0) {
			throw new AggregationError(
				"shard/invalid",
				`index_beg_arr[${parent}]=${link.begin[parent]} is less than index_base=${link.indexBase}`,
			);
		}
		keep.fill(1, Math.min(start, length), Math.min(start + count, length));
	}
	return keep;
}
