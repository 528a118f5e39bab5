import type { Ring } from "../grid.ts";
import type { LatitudeConvention } from "../healpix/authalic-latitude.ts";
import { childWords } from "../healpix/hierarchy.ts";
import { normalizeMoc } from "../healpix/moc.ts";
import { checkOrder } from "../healpix/order.ts";
import { type CellBlocks, cellBlocks } from "./cell-blocks.ts";
import { collectCells } from "./collect-cells.ts";
import { sphericalPolygon } from "./spherical-polygon.ts";

export interface CoverageOptions {
	/** How vertices meet the sphere. Default `geodetic`. */
	readonly latitude?: LatitudeConvention;
}

/**
 * The cells of `order` (0–29) that meet a polygon, as area words, ascending and unique. A cell is in the cover if and
 * only if its closed area, with its true curved sides, meets the closed polygon; what is closer than 25 nm touches.
 *
 * Edges are great-circle arcs: cut the parallels of a latitude-longitude box into short edges if they must be followed.
 * Rings combine by the even-odd rule, so that holes and several parts need nothing else; each ring's inside is its
 * smaller side, whichever way it is wound. Poles and the antimeridian are places like any other. No rings, no cells.
 *
 * Throws `grid/bad-polygon` (fewer than three vertices, a coordinate that is not finite, a latitude beyond ±90°, or
 * opposite neighbours), `grid/bad-order`, or `grid/too-many-cells` beyond 2^28 cells.
 */
export function healpixCoverage(rings: readonly Ring[], order: number, options: CoverageOptions = {}): BigUint64Array {
	const blocks = coverBlocks(rings, order, options, (level) => 4 ** (order - level));
	const count = blocks.cellCount();
	const coarse = blocks.takeWords();
	if (count === coarse.length) return coarse.slice();
	const words = new BigUint64Array(count);
	let filled = 0;
	for (const word of coarse) {
		const cells = childWords(word, order);
		words.set(cells, filled);
		filled += cells.length;
	}
	return words;
}

/** The same cover as a MOC in normal form: cells of mixed orders down to `order`, no complete quartet left unmerged. */
export function healpixCoverageMoc(
	rings: readonly Ring[],
	order: number,
	options: CoverageOptions = {},
): BigUint64Array {
	return normalizeMoc(coverBlocks(rings, order, options, () => 1).takeWords());
}

function coverBlocks(
	rings: readonly Ring[],
	order: number,
	options: CoverageOptions,
	cellsIn: (order: number) => number,
): CellBlocks {
	checkOrder(order);
	const blocks = cellBlocks(cellsIn);
	const polygon = sphericalPolygon(rings, options.latitude);
	if (polygon.edgeCount > 0) collectCells(polygon, order, blocks);
	return blocks;
}
