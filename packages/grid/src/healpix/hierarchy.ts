import { GridError } from "../errors.ts";
import { badWord, FINE_SUFFIX, MAX_BODY_ORDER, POINT_SUFFIX, packWord, unpackWord, wordOrder } from "./morton-word.ts";
import { checkOrder, MAX_ORDER } from "./order.ts";
import { encodeAreaWords, orderMask, pairsOf, splitHalves } from "./z-order.ts";

/** Most cells that one call lists: 2 GiB of words. */
const MAX_CELLS = 2 ** 28;

/**
 * The cell of `order` that holds the word's cell. A word that is at `order` or coarser comes back unchanged, so that a
 * point stays a point at order 29.
 */
export function coarsenWord(word: bigint, order: number): bigint {
	checkOrder(order);
	const cell = unpackWord(word);
	return cell.order <= order ? word : packWord(cell.nested >> BigInt(2 * (cell.order - order)), order);
}

/** `coarsenWord` of every word; orders may be mixed. `out` may be `words` itself. Throws `grid/bad-word` on an invalid word. */
export function clipWords(
	words: BigUint64Array,
	order: number,
	out: BigUint64Array = new BigUint64Array(words.length),
): BigUint64Array {
	checkOrder(order);
	if (out.length !== words.length) {
		throw new GridError("grid/length-mismatch", `room for ${out.length} words, but there are ${words.length}`);
	}
	const source = pairsOf(words);
	const target = pairsOf(out);
	const mask = orderMask(Math.min(order, MAX_BODY_ORDER));
	for (let low = 0; low < source.length; low += 2) {
		const wordLow = source[low]!;
		const wordHigh = source[low + 1]!;
		const prefix = wordHigh >>> 28;
		if (prefix === 0 || prefix > 12) throw badWord(words[low >> 1]!);
		const suffix = wordLow & 63;
		if (suffix <= order || order === MAX_ORDER) {
			target[low] = wordLow;
			target[low + 1] = wordHigh;
		} else if (order === 28) {
			target[low] = wordLow - suffix + coarsenFineSuffix(suffix);
			target[low + 1] = wordHigh;
		} else {
			target[low] = (wordLow & mask.low) | order;
			target[low + 1] = wordHigh & mask.high;
		}
	}
	return out;
}

/** The words of all cells of `order` inside the word's cell, ascending: 4^(order − own order) of them. */
export function childWords(word: bigint, order: number): BigUint64Array {
	checkOrder(order);
	const { nested, order: parentOrder } = unpackWord(word);
	if (order < parentOrder) {
		throw new GridError("grid/bad-order", `target_order (${order}) must be >= parent_order (${parentOrder})`, {
			context: { word: String(word), order },
		});
	}
	if (order === parentOrder) return BigUint64Array.of(word);
	const count = 4 ** (order - parentOrder);
	checkCellCount(count);
	const children = new BigUint64Array(count);
	const pairs = pairsOf(children);
	const first = splitHalves(nested << BigInt(60 - 2 * parentOrder));
	const shift = 60 - 2 * order;
	for (let rank = 0, low = 0; rank < count; rank++, low += 2) {
		pairs[low] = first.low | (shift < 32 ? rank << shift : 0);
		pairs[low + 1] = first.high | (shift < 32 ? rank >>> (32 - shift) : rank << (shift - 32));
	}
	encodeAreaWords(pairs, order, 0, count);
	return children;
}

/**
 * The finest cell that encloses all the cells. One word is its own ancestor; several give an area word, also when they
 * are the same point. Throws `grid/no-common-ancestor` when they lie in different base cells.
 */
export function commonAncestor(words: BigUint64Array): bigint {
	const first = words[0];
	if (first === undefined) throw new GridError("grid/no-common-ancestor", "no words: nothing to find an ancestor of");
	if (words.length === 1) {
		wordOrder(first);
		return first;
	}
	let { nested, order } = unpackWord(first);
	for (const word of words) {
		const cell = unpackWord(word);
		const common = Math.min(order, cell.order);
		let other = cell.nested >> BigInt(2 * (cell.order - common));
		nested >>= BigInt(2 * (order - common));
		order = common;
		while (nested !== other) {
			if (order === 0) {
				throw new GridError("grid/no-common-ancestor", "the cells lie in different base cells: no cell holds them all");
			}
			nested >>= 2n;
			other >>= 2n;
			order--;
		}
	}
	return packWord(nested, order);
}

/** The ids `first` to `first + count − 1`, where the low 32 bits of `first` leave room for them all. */
export function consecutiveIds(first: bigint, count: number): BigUint64Array {
	const ids = new BigUint64Array(count);
	const pairs = pairsOf(ids);
	const { low, high } = splitHalves(first);
	for (let rank = 0; rank < count; rank++) {
		pairs[2 * rank] = low + rank;
		pairs[2 * rank + 1] = high;
	}
	return ids;
}

/** Throws `grid/too-many-cells` when a list of cells would not fit into memory. */
export function checkCellCount(count: number): void {
	if (count > MAX_CELLS) {
		throw new GridError("grid/too-many-cells", `${count} cells are too many to list (at most ${MAX_CELLS})`, {
			remedy: "Ask for a coarser order or a smaller area.",
			context: { count },
		});
	}
}

/** The suffix of the order-28 cell that holds the cell of this suffix (which is 28 or more). */
function coarsenFineSuffix(suffix: number): number {
	if (suffix >= POINT_SUFFIX) return FINE_SUFFIX + 5 * ((suffix - POINT_SUFFIX) >> 2);
	return suffix - ((suffix - FINE_SUFFIX) % 5);
}
