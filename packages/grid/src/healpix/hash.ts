import type { LatitudeConvention } from "./authalic-latitude.ts";
import { BLOCK_LENGTH, forEachBlock, locatePoints } from "./locate.ts";
import { checkOrder } from "./order.ts";
import { encodeAreaWords, encodePointWords, NOWHERE, orderMask, pairsOf } from "./z-order.ts";

export interface HashOptions {
	/** Default `geodetic`. */
	readonly latitude?: LatitudeConvention;
	/** Written and returned instead of a new array; as long as the coordinates. */
	readonly out?: BigUint64Array;
}

/**
 * The area word of every point's cell at `order` (0–29). Degrees in; a point with a non-finite or out-of-range
 * coordinate gets the empty word 0. Points on a cell's southern sides belong to it.
 */
export function hashPoints(
	latitudes: Float64Array,
	longitudes: Float64Array,
	order: number,
	options: HashOptions = {},
): BigUint64Array {
	checkOrder(order);
	const { latitude = "geodetic", out: words = new BigUint64Array(latitudes.length) } = options;
	const pairs = pairsOf(words);
	forEachBlock(latitudes, longitudes, words.length, (from, to) => {
		locatePoints(latitudes, longitudes, latitude, from, to, pairs, from);
		encodeAreaWords(pairs, order, from, to);
	});
	return words;
}

/** The point word of every point: its order-29 cell as a place. Degrees in; invalid points get the empty word 0. */
export function hashPointWords(
	latitudes: Float64Array,
	longitudes: Float64Array,
	options: HashOptions = {},
): BigUint64Array {
	const { latitude = "geodetic", out: words = new BigUint64Array(latitudes.length) } = options;
	const pairs = pairsOf(words);
	forEachBlock(latitudes, longitudes, words.length, (from, to) => {
		locatePoints(latitudes, longitudes, latitude, from, to, pairs, from);
		encodePointWords(pairs, from, to);
	});
	return words;
}

/** The NESTED id of every point's cell, exact in a double up to order 24. Degrees in; invalid points get NaN. */
export function nestedIds(
	latitudes: Float64Array,
	longitudes: Float64Array,
	order: number,
	options: { readonly latitude?: LatitudeConvention; readonly out?: Float64Array } = {},
): Float64Array {
	checkOrder(order, "order", 24);
	const { latitude = "geodetic", out: ids = new Float64Array(latitudes.length) } = options;
	const positions = pairsOf(new BigUint64Array(BLOCK_LENGTH));
	const mask = orderMask(order);
	const scale = 2 ** (2 * order - 28);
	forEachBlock(latitudes, longitudes, ids.length, (from, to) => {
		locatePoints(latitudes, longitudes, latitude, from, to, positions, 0);
		for (let point = from, low = 0; point < to; point++, low += 2) {
			const high = (positions[low + 1]! & mask.high) >>> 0;
			// Exact: the mask leaves 52 bits at most.
			const id = (high + ((positions[low]! & mask.low) >>> 0) / 2 ** 32) * scale;
			ids[point] = (high | 0) === NOWHERE ? Number.NaN : id;
		}
	});
	return ids;
}
