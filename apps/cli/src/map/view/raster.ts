import type { Geometry } from "./geometry.ts";
import { createProjector, type View } from "./projection.ts";

/** A picture of cells: pixels, and which cell each of them shows. */
export interface Raster {
	readonly width: number;
	readonly height: number;
	/** RGBA bytes; 0 where there is no cell. */
	readonly pixels: Uint32Array;
	/** The cell of a pixel plus one; 0 where there is none. */
	readonly picks: Uint32Array;
}

/** Cells get lines between them from this width on, in pixels. */
const SMALLEST_OUTLINED = 14;

/** An empty raster. */
export function createRaster(width: number, height: number): Raster {
	return { width, height, pixels: new Uint32Array(width * height), picks: new Uint32Array(width * height) };
}

/**
 * Fills every visible cell with its colour; a cell of colour 0 is left out. A pixel belongs to the cell that holds its
 * centre, so that neighbours neither overlap nor leave a seam; a cell smaller than a dot becomes one.
 *
 * @param dot side of the smallest square that can be seen well, in pixels
 */
export function rasteriseCells(raster: Raster, view: View, geometry: Geometry, colours: Uint32Array, dot = 1): void {
	const { width, height, pixels, picks } = raster;
	const { vertices, verticesPerCell, cellCount } = geometry;
	const projector = createProjector(view);
	const outline = new Float64Array(2 * verticesPerCell);
	const crossings = new Float64Array(verticesPerCell);
	pixels.fill(0);
	picks.fill(0);
	let widths = 0;
	let shown = 0;
	for (let cell = 0; cell < cellCount; cell++) {
		const colour = colours[cell]!;
		if (colour === 0) continue;
		let isVisible = true;
		let left = Number.POSITIVE_INFINITY;
		let right = Number.NEGATIVE_INFINITY;
		let top = left;
		let bottom = right;
		for (let vertex = 0; vertex < verticesPerCell && isVisible; vertex++) {
			const at = 3 * (cell * verticesPerCell + vertex);
			isVisible = projector.project(vertices[at]!, vertices[at + 1]!, vertices[at + 2]!, outline, 2 * vertex);
			const x = outline[2 * vertex]!;
			const y = outline[2 * vertex + 1]!;
			if (x < left) left = x;
			if (x > right) right = x;
			if (y < top) top = y;
			if (y > bottom) bottom = y;
		}
		if (!isVisible || right < 0 || bottom < 0 || left >= width || top >= height) continue;
		widths += right - left;
		shown++;
		const isDot = right - left < dot && bottom - top < dot;
		if (isDot || !fillOutline(cell, colour, top, bottom)) {
			plotDot((left + right) / 2, (top + bottom) / 2, cell, colour);
		}
	}
	if (shown > 0 && widths / shown >= SMALLEST_OUTLINED) outlineCells(raster);

	function fillOutline(cell: number, colour: number, top: number, bottom: number): boolean {
		let filled = false;
		const lastRow = Math.min(height - 1, Math.ceil(bottom - 0.5) - 1);
		for (let row = Math.max(0, Math.ceil(top - 0.5)); row <= lastRow; row++) {
			const count = sortedCrossings(outline, verticesPerCell, row + 0.5, crossings);
			for (let pair = 0; pair + 1 < count; pair += 2) {
				const from = Math.max(0, Math.ceil(crossings[pair]! - 0.5));
				const to = Math.min(width - 1, Math.ceil(crossings[pair + 1]! - 0.5) - 1);
				if (from > to) continue;
				filled = true;
				pixels.fill(colour, row * width + from, row * width + to + 1);
				picks.fill(cell + 1, row * width + from, row * width + to + 1);
			}
		}
		return filled;
	}

	function plotDot(x: number, y: number, cell: number, colour: number): void {
		const from = Math.max(0, Math.round(x - dot / 2));
		const to = Math.min(width, Math.round(x - dot / 2) + dot);
		const lastRow = Math.min(height, Math.round(y - dot / 2) + dot);
		for (let row = Math.max(0, Math.round(y - dot / 2)); row < lastRow; row++) {
			pixels.fill(colour, row * width + from, row * width + to);
			picks.fill(cell + 1, row * width + from, row * width + to);
		}
	}
}

/** The cell at a pixel; null when there is none. */
export function cellAt({ width, height, picks }: Raster, x: number, y: number): number | null {
	const column = Math.floor(x);
	const row = Math.floor(y);
	if (column < 0 || row < 0 || column >= width || row >= height) return null;
	const pick = picks[row * width + column]!;
	return pick === 0 ? null : pick - 1;
}

/** Writes where the outline crosses the horizontal line, ascending; returns how often (an even number). */
function sortedCrossings(outline: Float64Array, vertexCount: number, y: number, out: Float64Array): number {
	let count = 0;
	let fromX = outline[2 * vertexCount - 2]!;
	let fromY = outline[2 * vertexCount - 1]!;
	for (let vertex = 0; vertex < vertexCount; vertex++) {
		const toX = outline[2 * vertex]!;
		const toY = outline[2 * vertex + 1]!;
		if (fromY <= y !== toY <= y) {
			const x = fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX);
			let slot = count++;
			for (; slot > 0 && out[slot - 1]! > x; slot--) out[slot] = out[slot - 1]!;
			out[slot] = x;
		}
		fromX = toX;
		fromY = toY;
	}
	return count;
}

/** Darkens the pixels at the border of two cells, so that neighbours of one colour can be told apart. */
function outlineCells({ width, height, pixels, picks }: Raster): void {
	for (let row = 0; row < height - 1; row++) {
		for (let column = 0; column < width - 1; column++) {
			const index = row * width + column;
			const pick = picks[index]!;
			if (pick === 0 || (picks[index + 1] === pick && picks[index + width] === pick)) continue;
			// Three quarters of each colour byte, the alpha kept.
			const colour = pixels[index]!;
			pixels[index] = ((colour & 0xff000000) | ((colour & 0xffffff) - ((colour >>> 2) & 0x3f3f3f))) >>> 0;
		}
	}
}
