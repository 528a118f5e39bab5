import { GridError } from "../errors.ts";
import type { Ring } from "../grid.ts";
import { isOffAntimeridian, settleAntimeridian } from "./antimeridian.ts";
import { geodeticLatitude, type LatitudeConvention } from "./authalic-latitude.ts";
import { squeezeBits } from "./interleave.ts";
import { unpackWord } from "./morton-word.ts";
import { DEGREES, QUARTER_PI, SQRT_6, TRANSITION_SINE } from "./projection.ts";
import { splitHalves } from "./z-order.ts";

/** A cell in the projection plane: a diamond with its corners `halfDiagonal` from its centre. */
export interface PlaneCell {
	readonly x: number;
	readonly y: number;
	readonly halfDiagonal: number;
}

/** A box in degrees. A cell over the antimeridian has `west` < 0 < `east` and spans the world; see `cellBounds`. */
export interface GeographicBounds {
	readonly west: number;
	readonly south: number;
	readonly east: number;
	readonly north: number;
}

/** The centres of cells, in degrees, longitudes in [0, 360). */
export function cellCentres(words: BigUint64Array, latitude: LatitudeConvention = "geodetic"): Ring {
	const centres = { latitudes: new Float64Array(words.length), longitudes: new Float64Array(words.length) };
	for (const [index, word] of words.entries()) {
		const { x, y } = planeCell(word);
		writePoint(x, y, latitude, centres, index);
	}
	return centres;
}

/**
 * Points on the outline of a cell, in degrees, longitudes in (−180, 180], not closed. One point per side gives the
 * corners as N, W, S, E (counter-clockwise); more give N, E, S, W (clockwise), each side with its first corner. The
 * change of direction is the published behaviour, and what stored footprints have.
 */
export function cellBoundary(word: bigint, pointsPerSide: number, latitude: LatitudeConvention = "geodetic"): Ring {
	if (!Number.isInteger(pointsPerSide) || pointsPerSide < 1) {
		throw new GridError("grid/bad-polygon", `a cell side needs at least one point, got ${pointsPerSide}`);
	}
	const { x, y, halfDiagonal } = planeCell(word);
	const turn = pointsPerSide === 1 ? -1 : 1;
	const corners = [
		[0, 1],
		[turn, 0],
		[0, -1],
		[-turn, 0],
		[0, 1],
	] as const;
	const count = 4 * pointsPerSide;
	const outline = { latitudes: new Float64Array(count), longitudes: new Float64Array(count) };
	for (let index = 0; index < count; index++) {
		const side = Math.floor(index / pointsPerSide);
		const along = (index % pointsPerSide) / pointsPerSide;
		const [startX, startY] = corners[side]!;
		const [endX, endY] = corners[side + 1]!;
		const pointX = x + halfDiagonal * (startX + (endX - startX) * along);
		const pointY = y + halfDiagonal * (startY + (endY - startY) * along);
		writePoint(pointX < 0 ? pointX + 8 : pointX, pointY, latitude, outline, index);
		if (outline.longitudes[index]! > 180) outline.longitudes[index]! -= 360;
	}
	return outline;
}

/**
 * The outline of a cell as a closed ring, the first point repeated at the end; `cellBoundary` says how points are
 * ordered. Vertices on the antimeridian take the sign of the cell's side; a cell that crosses the antimeridian or
 * touches a pole spans up to 360°.
 */
export function cellPolygon(word: bigint, pointsPerSide: number, latitude: LatitudeConvention = "geodetic"): Ring {
	const boundary = cellBoundary(word, pointsPerSide, latitude);
	const polygon = { latitudes: closed(boundary.latitudes), longitudes: closed(boundary.longitudes) };
	settleAntimeridian(polygon.longitudes);
	return polygon;
}

/** The box around the four corners of a cell, corners on the antimeridian settled as in `cellPolygon`. */
export function cellBounds(word: bigint, latitude: LatitudeConvention = "geodetic"): GeographicBounds {
	const { latitudes, longitudes } = cellBoundary(word, 1, latitude);
	settleAntimeridian(longitudes, isOffAntimeridian);
	return {
		west: Math.min(...longitudes),
		south: Math.min(...latitudes),
		east: Math.max(...longitudes),
		north: Math.max(...latitudes),
	};
}

/** Where a cell lies in the projection plane: x in [0, 8), one unit per 45° of longitude, y in [−2, 2]. */
export function planeCell(word: bigint): PlaneCell {
	const { nested, order } = unpackWord(word);
	const base = Number(nested >> BigInt(2 * order));
	const { low, high } = splitHalves(nested & ((1n << BigInt(2 * order)) - 1n));
	const i = squeezeBits(low) | (squeezeBits(high) << 16);
	const j = squeezeBits(low >>> 1) | (squeezeBits(high >>> 1) << 16);
	const side = 2 ** order;
	const originY = 1 - (base >> 2);
	const originX = 2 * (base & 3) + (originY & 1);
	const x = (i - j) / side + originX;
	const y = (i + j - side + 1) / side + originY;
	return { x: x < 0 ? x + 8 : x, y, halfDiagonal: 1 / side };
}

/** Writes the point at (x, y) of the projection plane in degrees, longitude in [0, 360]. */
function writePoint(x: number, y: number, convention: LatitudeConvention, out: Ring, index: number): void {
	const odd = Math.trunc(x) | 1;
	const height = Math.abs(y);
	let across = x - odd;
	let latitude: number;
	if (height <= 1) {
		latitude = Math.asin(height * TRANSITION_SINE);
	} else {
		// Lunes narrow towards the pole, where longitude has no meaning any more.
		const width = 2 - height;
		if (width > 1e-13) across = Math.min(1, Math.max(-1, across / width));
		latitude = 2 * Math.acos(width / SQRT_6) - Math.PI / 2;
	}
	const degrees = latitude * DEGREES * (y < 0 ? -1 : 1);
	out.latitudes[index] = convention === "authalic" ? geodeticLatitude(degrees) : degrees;
	out.longitudes[index] = (across + (odd & 7)) * QUARTER_PI * DEGREES;
}

function closed(values: Float64Array): Float64Array {
	const ring = new Float64Array(values.length + 1);
	ring.set(values);
	ring[values.length] = values[0]!;
	return ring;
}
