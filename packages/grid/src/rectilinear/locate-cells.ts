import { BLOCK_LENGTH, forEachBlock } from "../healpix/locate.ts";
import type { Projection } from "../projection/projection.ts";
import { floorDivide } from "./floor-divide.ts";
import type { RectilinearLayout } from "./layout.ts";

/** Row number of a point that lies in no cell of the grid. */
export const NO_ROW = -1;

/**
 * Locates points block by block. `visit` gets the points' range and, from index 0, the row and column of each; a point
 * off the grid has row `NO_ROW`. The arrays are reused for the next block.
 */
export function locateCells(
	layout: RectilinearLayout,
	projection: Projection,
	latitudes: Float64Array,
	longitudes: Float64Array,
	visit: (from: number, to: number, rows: Float64Array, columns: Float64Array) => void,
): void {
	const { xmin, ymax, resolutionX, resolutionY, width, height } = layout;
	// Hold x and y first, then columns and rows.
	const columns = new Float64Array(BLOCK_LENGTH);
	const rows = new Float64Array(BLOCK_LENGTH);
	forEachBlock(latitudes, longitudes, latitudes.length, (from, to) => {
		projection.forward(longitudes.subarray(from, to), latitudes.subarray(from, to), columns, rows);
		for (let slot = 0; slot < to - from; slot++) {
			const column = floorDivide(columns[slot]! - xmin, resolutionX);
			const row = floorDivide(ymax - rows[slot]!, resolutionY);
			// NaN fails every comparison.
			const inside = column >= 0 && column < width && row >= 0 && row < height;
			columns[slot] = column;
			rows[slot] = inside ? row : NO_ROW;
		}
		visit(from, to, rows, columns);
	});
}
