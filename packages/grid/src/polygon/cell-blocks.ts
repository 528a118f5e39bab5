import { checkCellCount } from "../healpix/hierarchy.ts";
import { encodeAreaWords, pairsOf } from "../healpix/z-order.ts";

/** A growing list of cells of mixed orders, collected in Z-order. */
export interface CellBlocks {
	/** Adds a cell: the high and low half of its Z-order position, and its order. */
	add(high: number, low: number, order: number): void;
	/** What the cells added so far count for. */
	cellCount(): number;
	/** The area words of the cells, in the order they were added. The list cannot be used any more afterwards. */
	takeWords(): BigUint64Array;
}

/** An empty list. `cellsIn(order)` says what a cell counts for; `add` throws `grid/too-many-cells` on the way. */
export function cellBlocks(cellsIn: (order: number) => number): CellBlocks {
	let words = new BigUint64Array(256);
	let pairs = pairsOf(words);
	let orders = new Uint8Array(256);
	let length = 0;
	let cellCount = 0;
	return {
		add(high, low, order) {
			cellCount += cellsIn(order);
			checkCellCount(cellCount);
			if (length === words.length) {
				const longer = new BigUint64Array(2 * length);
				longer.set(words);
				words = longer;
				pairs = pairsOf(words);
				const longerOrders = new Uint8Array(2 * length);
				longerOrders.set(orders);
				orders = longerOrders;
			}
			pairs[2 * length] = low;
			pairs[2 * length + 1] = high;
			orders[length++] = order;
		},
		cellCount: () => cellCount,
		takeWords() {
			for (let from = 0, to = 0; from < length; from = to) {
				while (to < length && orders[to] === orders[from]) to++;
				encodeAreaWords(pairs, orders[from]!, from, to);
			}
			return words.subarray(0, length);
		},
	};
}
