import { GridError } from "../errors.ts";
import { FINE_SUFFIX, MAX_BODY_ORDER, POINT_SUFFIX } from "./morton-word.ts";

/*
 * A Z-order position is an order-29 cell as 64 unsigned bits: base cell in bits 63..60, then the 29 two-bit child
 * numbers in bits 59..2. A coarser cell is its top 4 + 2·order bits, so hashing, coarsening, ranking and testing for
 * membership are masks and shifts. Positions and words live in BigUint64Arrays and are computed on as pairs of uint32,
 * low half first: several times faster than bigint arithmetic.
 */

/** High half of the position of a point that has no cell; no base cell is 15. */
export const NOWHERE = 0xf000_0000 | 0;

const isLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** The array's memory as uint32 pairs: low half at 2n, high half at 2n + 1. */
export function pairsOf(words: BigUint64Array): Uint32Array {
	if (!isLittleEndian) {
		throw new GridError("grid/unsupported-platform", "morton words need a little-endian machine");
	}
	return new Uint32Array(words.buffer, words.byteOffset, 2 * words.length);
}

/** The low and high half, as int32, of the mask that keeps base cell and digits down to `order`. */
export function orderMask(order: number): { low: number; high: number } {
	const mask = ((1n << BigInt(4 + 2 * order)) - 1n) << BigInt(60 - 2 * order);
	return splitHalves(mask);
}

/** A 64-bit value as two int32 halves. */
export function splitHalves(value: bigint): { low: number; high: number } {
	return { low: Number(BigInt.asIntN(32, value)), high: Number(BigInt.asIntN(32, value >> 32n)) };
}

/** Turns positions into area words of `order`, in place, for the slots `from` to `to`. `NOWHERE` becomes the empty word 0. */
export function encodeAreaWords(pairs: Uint32Array, order: number, from: number, to: number): void {
	const mask = orderMask(Math.min(order, MAX_BODY_ORDER));
	for (let low = 2 * from; low < 2 * to; low += 2) {
		const positionHigh = pairs[low + 1]!;
		if ((positionHigh | 0) === NOWHERE) {
			pairs[low] = 0;
			pairs[low + 1] = 0;
			continue;
		}
		const positionLow = pairs[low]!;
		let suffix = order;
		if (order > MAX_BODY_ORDER) {
			suffix = FINE_SUFFIX + 5 * ((positionLow >>> 4) & 3);
			if (order === 29) suffix += ((positionLow >>> 2) & 3) + 1;
		}
		pairs[low] = (positionLow & mask.low) | suffix;
		pairs[low + 1] = (positionHigh & mask.high) + 0x1000_0000;
	}
}

/** Turns positions into point words, in place, for the slots `from` to `to`. `NOWHERE` becomes the empty word 0. */
export function encodePointWords(pairs: Uint32Array, from: number, to: number): void {
	const mask = orderMask(MAX_BODY_ORDER);
	for (let low = 2 * from; low < 2 * to; low += 2) {
		const positionHigh = pairs[low + 1]!;
		if ((positionHigh | 0) === NOWHERE) {
			pairs[low] = 0;
			pairs[low + 1] = 0;
			continue;
		}
		const positionLow = pairs[low]!;
		pairs[low] = (positionLow & mask.low) | (POINT_SUFFIX + ((positionLow >>> 2) & 15));
		pairs[low + 1] = positionHigh + 0x1000_0000;
	}
}
