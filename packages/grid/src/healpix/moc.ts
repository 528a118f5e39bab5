import { checkCellCount, childWords, coarsenWord } from "./hierarchy.ts";
import { packWord, unpackWord, wordOrder } from "./morton-word.ts";
import { checkOrder, MAX_ORDER } from "./order.ts";

/*
 * A MOC (multi-order coverage) is a set of cells of mixed orders as morton words. Its normal form has no cell inside
 * another and no complete quartet of siblings, words ascending; two MOCs of one area then are equal arrays.
 *
 * Set operations run on intervals of the order-29 grid: a flat array of start, end (exclusive) pairs, ascending,
 * disjoint and not adjacent. Points count as their order-29 cell.
 */
type Intervals = bigint[];

/** The normal form of a set of cells: any order, duplicates and nesting allowed. */
export function normalizeMoc(words: BigUint64Array): BigUint64Array {
	return fromIntervals(toIntervals(words));
}

/** The cells in either set, in normal form. */
export function unionMocs(a: BigUint64Array, b: BigUint64Array): BigUint64Array {
	return combine(a, b, (inA, inB) => inA || inB);
}

/** The cells in both sets, in normal form. */
export function intersectMocs(a: BigUint64Array, b: BigUint64Array): BigUint64Array {
	return combine(a, b, (inA, inB) => inA && inB);
}

/** The cells of `a` without those of `b`, in normal form. */
export function subtractMocs(a: BigUint64Array, b: BigUint64Array): BigUint64Array {
	return combine(a, b, (inA, inB) => inA && !inB);
}

/** The cells in exactly one of the sets, in normal form. */
export function symmetricDifferenceOfMocs(a: BigUint64Array, b: BigUint64Array): BigUint64Array {
	return combine(a, b, (inA, inB) => inA !== inB);
}

/** Whether the two sets share any area. */
export function mocsIntersect(a: BigUint64Array, b: BigUint64Array): boolean {
	const left = toIntervals(a);
	const right = toIntervals(b);
	for (let l = 0, r = 0; l < left.length && r < right.length; ) {
		if (left[l + 1]! <= right[r]!) l += 2;
		else if (right[r + 1]! <= left[l]!) r += 2;
		else return true;
	}
	return false;
}

/**
 * The cells of one order that meet the set: coarser cells are split, finer ones replaced by their ancestors. Unique,
 * ascending; words already at `order` are kept as they are. Throws `grid/too-many-cells` beyond 2^28 cells.
 */
export function mocToOrder(words: BigUint64Array, order: number): BigUint64Array {
	checkOrder(order);
	let count = 0;
	for (const word of words) count += 4 ** Math.max(0, order - wordOrder(word));
	checkCellCount(count);
	const cells = new BigUint64Array(count);
	let filled = 0;
	for (const word of words) {
		if (wordOrder(word) >= order) {
			cells[filled++] = coarsenWord(word, order);
		} else {
			const children = childWords(word, order);
			cells.set(children, filled);
			filled += children.length;
		}
	}
	return sortedUnique(cells);
}

/** Sorts the words in place and returns them without repetitions, as a view of the same memory. */
export function sortedUnique(words: BigUint64Array): BigUint64Array {
	words.sort();
	let kept = 0;
	for (let index = 0; index < words.length; index++) {
		if (index === 0 || words[index] !== words[index - 1]) words[kept++] = words[index]!;
	}
	return words.subarray(0, kept);
}

function combine(a: BigUint64Array, b: BigUint64Array, keeps: (inA: boolean, inB: boolean) => boolean): BigUint64Array {
	const left = toIntervals(a);
	const right = toIntervals(b);
	const result: Intervals = [];
	// Every bound toggles membership in its set, so an odd number of bounds passed means "inside".
	for (let l = 0, r = 0; l < left.length || r < right.length; ) {
		const nextLeft = left[l];
		const nextRight = right[r];
		const bound = nextRight === undefined || (nextLeft !== undefined && nextLeft < nextRight) ? nextLeft! : nextRight;
		if (nextLeft === bound) l++;
		if (nextRight === bound) r++;
		const inside = keeps(l % 2 === 1, r % 2 === 1);
		if (inside !== (result.length % 2 === 1)) result.push(bound);
	}
	return fromIntervals(result);
}

function toIntervals(words: BigUint64Array): Intervals {
	const intervals: Intervals = [];
	// Words ascend in Z-order, so that their intervals start in ascending order too.
	for (const word of words.toSorted()) {
		const { nested, order } = unpackWord(word);
		const shift = BigInt(2 * (MAX_ORDER - order));
		const start = nested << shift;
		const end = (nested + 1n) << shift;
		const last = intervals.length - 1;
		if (last < 0 || start > intervals[last]!) intervals.push(start, end);
		else if (end > intervals[last]!) intervals[last] = end;
	}
	return intervals;
}

/** Cuts every interval into the largest aligned cells. */
function fromIntervals(intervals: Intervals): BigUint64Array {
	const words: bigint[] = [];
	for (let index = 0; index < intervals.length; index += 2) {
		let start = intervals[index]!;
		const end = intervals[index + 1]!;
		let order = MAX_ORDER;
		while (start < end) {
			while (order > 0 && isAligned(start, order - 1) && start + cellLength(order - 1) <= end) order--;
			while (start + cellLength(order) > end) order++;
			words.push(packWord(start / cellLength(order), order));
			start += cellLength(order);
		}
	}
	return BigUint64Array.from(words);
}

function cellLength(order: number): bigint {
	return 1n << BigInt(2 * (MAX_ORDER - order));
}

function isAligned(start: bigint, order: number): boolean {
	return (start & (cellLength(order) - 1n)) === 0n;
}
