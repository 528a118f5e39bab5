import { GridError } from "../errors.ts";
import { checkOrder, MAX_ORDER } from "./order.ts";

/*
 * A morton word names one HEALPix cell, of any order, in 64 unsigned bits:
 *
 *   bits 63..60  prefix: base cell + 1; 0 is the empty word, 13..15 are invalid
 *   bits 59..6   body: the NESTED child numbers of orders 1 to 27, two bits each; zero below the cell's own order
 *   bits 5..0    suffix: 0..27 the order; 28..47 orders 28 and 29, each parent before its children; 48..63 points
 *
 * Unsigned order of words is Z-order, parents before their children.
 */

/** A cell as its NESTED id at its order. */
export interface NestedCell {
	readonly nested: bigint;
	readonly order: number;
}

/** Digits of orders above this are kept in the suffix. */
export const MAX_BODY_ORDER = 27;
/** Suffix of the order-28 cell whose last digit is 0; each order-28 cell is followed by its four children. */
export const FINE_SUFFIX = 28;
/** Suffix of the point whose last two digits are 0. */
export const POINT_SUFFIX = 48;

const SUFFIX_BITS = 6n;

/** The area word of a cell. `nested` is in [0, 12·4^order). */
export function packWord(nested: bigint, order: number): bigint {
	checkNested(nested, order);
	const prefix = prefixBits(nested, order);
	const path = pathOf(nested, order);
	if (order <= MAX_BODY_ORDER) return prefix | (path << BigInt(60 - 2 * order)) | BigInt(order);
	if (order === 28) return prefix | ((path >> 2n) << SUFFIX_BITS) | (BigInt(FINE_SUFFIX) + 5n * (path & 3n));
	const fine = BigInt(FINE_SUFFIX) + 5n * ((path >> 2n) & 3n) + (path & 3n) + 1n;
	return prefix | ((path >> 4n) << SUFFIX_BITS) | fine;
}

/** The point word of an order-29 cell: a place rather than an area. It sorts after every area word of its order-27 cell. */
export function packPointWord(nested: bigint): bigint {
	checkNested(nested, MAX_ORDER);
	const path = pathOf(nested, MAX_ORDER);
	return prefixBits(nested, MAX_ORDER) | ((path >> 4n) << SUFFIX_BITS) | (BigInt(POINT_SUFFIX) + (path & 15n));
}

/** The cell that a word names; a point gives its order-29 cell. Throws `grid/bad-word` on the empty word and on an invalid prefix. */
export function unpackWord(word: bigint): NestedCell {
	const order = wordOrder(word);
	const base = (word >> 60n) - 1n;
	const body = (word >> SUFFIX_BITS) & ((1n << 54n) - 1n);
	let path: bigint;
	if (order <= MAX_BODY_ORDER) {
		path = body >> BigInt(2 * (MAX_BODY_ORDER - order));
	} else {
		const suffix = Number(word & 63n);
		path = (body << BigInt(2 * (order - MAX_BODY_ORDER))) | BigInt(fineDigits(suffix, order));
	}
	return { nested: (base << BigInt(2 * order)) | path, order };
}

/** The order of the cell that a word names; 29 for a point. Throws `grid/bad-word` as `unpackWord` does. */
export function wordOrder(word: bigint): number {
	const prefix = word >> 60n;
	if (prefix < 1n || prefix > 12n) throw badWord(word);
	return suffixOrder(Number(word & 63n));
}

/** Whether the word is a point: an order-29 place without area. */
export function isPointWord(word: bigint): boolean {
	return Number(word & 63n) >= POINT_SUFFIX;
}

/** Throws `grid/bad-word` unless the word is a cell or a point in its one canonical form. */
export function validateWord(word: bigint): void {
	const { nested, order } = unpackWord(word);
	const canonical = isPointWord(word) ? packPointWord(nested) : packWord(nested, order);
	if (canonical !== word) throw badWord(word);
}

/** The order that a word's low six bits stand for. */
export function suffixOrder(suffix: number): number {
	if (suffix <= MAX_BODY_ORDER) return suffix;
	if (suffix >= POINT_SUFFIX) return MAX_ORDER;
	return (suffix - FINE_SUFFIX) % 5 === 0 ? 28 : MAX_ORDER;
}

export function badWord(word: bigint): GridError {
	return new GridError("grid/bad-word", `${word} is not a morton word: empty, invalid prefix or stray bits`, {
		failureClass: "data",
		remedy: "Check that 64-bit keys were read without loss; a plain JSON.parse rounds them.",
		context: { word: String(word) },
	});
}

/** The digits of orders 28 and 29 (or 28 alone) as one number. */
function fineDigits(suffix: number, order: number): number {
	if (suffix >= POINT_SUFFIX) return suffix - POINT_SUFFIX;
	const digit28 = Math.floor((suffix - FINE_SUFFIX) / 5);
	return order === 28 ? digit28 : 4 * digit28 + ((suffix - FINE_SUFFIX) % 5) - 1;
}

function prefixBits(nested: bigint, order: number): bigint {
	return ((nested >> BigInt(2 * order)) + 1n) << 60n;
}

function pathOf(nested: bigint, order: number): bigint {
	return nested & ((1n << BigInt(2 * order)) - 1n);
}

function checkNested(nested: bigint, order: number): void {
	checkOrder(order);
	if (nested < 0n || nested >= 12n << BigInt(2 * order)) {
		throw new GridError("grid/bad-word", `${nested} is not a NESTED id of order ${order}`, {
			context: { nested: String(nested), order },
		});
	}
}
