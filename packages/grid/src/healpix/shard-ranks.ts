import { OUTSIDE_SHARD } from "../grid.ts";
import type { LatitudeConvention } from "./authalic-latitude.ts";
import { BLOCK_LENGTH, forEachBlock, locatePoints } from "./locate.ts";
import { encodeAreaWords, NOWHERE, orderMask, pairsOf, splitHalves } from "./z-order.ts";

/**
 * The rank of every point's cell of `childOrder` among the cells of one shard, or `OUTSIDE_SHARD`. The shard is its
 * NESTED id at `parentOrder`; `childOrder` is at most 15 finer, so that ranks fit into a uint32.
 *
 * One pass: the point's Z-order position must agree with the shard's down to the parent order, and its digits from
 * there to the child order are the rank.
 */
export function ranksInHealpixShard(
	latitudes: Float64Array,
	longitudes: Float64Array,
	shard: bigint,
	parentOrder: number,
	childOrder: number,
	convention: LatitudeConvention,
): Uint32Array {
	const ranks = new Uint32Array(latitudes.length);
	const positions = pairsOf(new BigUint64Array(BLOCK_LENGTH));
	const parent = splitHalves(shard << BigInt(60 - 2 * parentOrder));
	const mask = orderMask(parentOrder);
	const rankMask = 4 ** (childOrder - parentOrder) - 1;
	const shift = 60 - 2 * childOrder;
	forEachBlock(latitudes, longitudes, ranks.length, (from, to) => {
		locatePoints(latitudes, longitudes, convention, from, to, positions, 0);
		for (let point = from, slot = 0; point < to; point++, slot += 2) {
			const low = positions[slot]!;
			const high = positions[slot + 1]!;
			if ((((low ^ parent.low) & mask.low) | ((high ^ parent.high) & mask.high)) !== 0) {
				ranks[point] = OUTSIDE_SHARD;
			} else {
				ranks[point] = rankMask & (shift < 32 ? (low >>> shift) | (high << (32 - shift)) : high >>> (shift - 32));
			}
		}
	});
	return ranks;
}

/** The area words of the cells of `order` that hold at least one of the points, ascending. Invalid points are left out. */
export function occupiedCells(
	latitudes: Float64Array,
	longitudes: Float64Array,
	order: number,
	convention: LatitudeConvention,
): BigUint64Array {
	const block = new BigUint64Array(BLOCK_LENGTH);
	const positions = pairsOf(block);
	const mask = orderMask(order);
	const occupied = new Set<bigint>();
	let lastLow = 0;
	let lastHigh = NOWHERE >>> 0;
	forEachBlock(latitudes, longitudes, latitudes.length, (from, to) => {
		locatePoints(latitudes, longitudes, convention, from, to, positions, 0);
		// Points come along tracks: few leave the cell of the point before.
		let entered = 0;
		for (let slot = 0; slot < 2 * (to - from); slot += 2) {
			const low = (positions[slot]! & mask.low) >>> 0;
			const high = (positions[slot + 1]! & mask.high) >>> 0;
			if (low === lastLow && high === lastHigh) continue;
			lastLow = low;
			lastHigh = high;
			positions[entered++] = low;
			positions[entered++] = high;
		}
		encodeAreaWords(positions, order, 0, entered / 2);
		for (let index = 0; index < entered / 2; index++) occupied.add(block[index]!);
	});
	occupied.delete(0n);
	return BigUint64Array.from(occupied).sort();
}
