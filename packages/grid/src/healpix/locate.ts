import { GridError } from "../errors.ts";
import { authalicLatitude, type LatitudeConvention } from "./authalic-latitude.ts";
import { spreadBits } from "./interleave.ts";
import { QUARTER_PI, RADIANS, SQRT_6, TRANSITION, TRANSITION_SINE } from "./projection.ts";
import { NOWHERE } from "./z-order.ts";

/** Points are located in blocks of this many, so that their positions stay in the first-level cache. */
export const BLOCK_LENGTH = 1024;

/** Longitudes run over at most 32 turns in either direction: beyond, a value is no longitude (a fill value, say). */
const LONGITUDE_LIMIT = 11520;
const SIDE = 2 ** 28;
const LAST_INDEX = 2 ** 29 - 1;

/** Calls `visit(from, to)` for consecutive blocks of the points, after checking that all arrays have one length. */
export function forEachBlock(
	latitudes: Float64Array,
	longitudes: Float64Array,
	outputLength: number,
	visit: (from: number, to: number) => void,
): void {
	const count = latitudes.length;
	if (longitudes.length !== count || outputLength !== count) {
		throw new GridError(
			"grid/length-mismatch",
			`coordinate arrays must have one length, got ${count} latitudes, ${longitudes.length} longitudes and room for ${outputLength}`,
		);
	}
	for (let from = 0; from < count; from += BLOCK_LENGTH) visit(from, Math.min(from + BLOCK_LENGTH, count));
}

/**
 * Writes the Z-order position of the points `from` to `to` into `positions`, beginning at slot `at`; a point with a
 * non-finite or out-of-range coordinate gets `NOWHERE`.
 *
 * On a lune's seam the point belongs to the lune in the east, except on the seams of negative longitudes (-90°, -180°,
 * -0.0°), where it belongs to the one in the west: the published behaviour, which differs from wrapping first.
 */
export function locatePoints(
	latitudes: Float64Array,
	longitudes: Float64Array,
	convention: LatitudeConvention,
	from: number,
	to: number,
	positions: Uint32Array,
	at: number,
): void {
	const authalic = convention === "authalic";
	for (let point = from, slot = 2 * at; point < to; point++, slot += 2) {
		const longitude = longitudes[point]!;
		let latitude = latitudes[point]!;
		// Written so that NaN fails too.
		if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) < LONGITUDE_LIMIT)) {
			positions[slot] = 0;
			positions[slot + 1] = NOWHERE;
			continue;
		}
		if (authalic) latitude = authalicLatitude(latitude);
		const phi = latitude * RADIANS;
		const lambda = longitude * RADIANS;

		// Position across the lune, x in [-1, 1], and the number of the lune.
		const eighths = Math.abs(lambda) / QUARTER_PI;
		const odd = eighths | 0 | 1;
		let x = eighths - odd;
		let lune = (odd & 7) >> 1;
		if (lambda < 0 || Object.is(lambda, -0)) {
			x = -x;
			lune = 3 - lune;
		}

		// Base cell, and the point in it: `height` above its southern corner, `offset` east of its axis.
		let base: number;
		let offset: number;
		let height: number;
		if (phi > TRANSITION) {
			// √(3(1 - sin φ)), in the form that keeps its precision at the pole.
			const t = SQRT_6 * Math.cos(phi / 2 + QUARTER_PI);
			base = lune;
			offset = x * t;
			height = 2 - t;
		} else if (phi < -TRANSITION) {
			const t = SQRT_6 * Math.cos(phi / 2 - QUARTER_PI);
			base = lune + 8;
			offset = x * t;
			height = t;
		} else {
			const y = Math.sin(phi) / TRANSITION_SINE;
			if (x > y) {
				if (x >= -y) {
					base = 4 + ((lune + 1) & 3);
					offset = x - 1;
					height = y + 1;
				} else {
					base = 8 + lune;
					offset = x;
					height = y + 2;
				}
			} else if (x >= -y) {
				base = lune;
				offset = x;
				height = y;
			} else {
				base = 4 + lune;
				offset = x + 1;
				height = y + 1;
			}
		}

		let i = ((height + offset) * SIDE) | 0;
		let j = ((height - offset) * SIDE) | 0;
		if (i < 0) i = 0;
		else if (i > LAST_INDEX) i = LAST_INDEX;
		if (j < 0) j = 0;
		else if (j > LAST_INDEX) j = LAST_INDEX;
		const pathLow = spreadBits(i) | (spreadBits(j) << 1);
		const pathHigh = spreadBits(i >>> 16) | (spreadBits(j >>> 16) << 1);
		positions[slot] = pathLow << 2;
		positions[slot + 1] = (base << 28) | (pathHigh << 2) | (pathLow >>> 30);
	}
}
