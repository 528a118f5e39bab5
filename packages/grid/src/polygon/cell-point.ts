import { QUARTER_PI, SQRT_6, TRANSITION_SINE } from "../healpix/projection.ts";

/*
 * Places inside a base cell are (u, v) in [0, 1]²: u runs along its south-eastern side, v along its south-western one. A
 * cell of order k is a square of side 2^-k there, with curved sides on the sphere.
 */

/**
 * Writes the unit vector of the place (u, v) of a base cell to `out`, beginning at index `at`. Same projection as the hash, but by vectors:
 * exact to a few 1e-16 everywhere, also at the poles, and equal on both sides of a seam.
 */
export function cellPoint(base: number, u: number, v: number, out: Float64Array, at = 0): void {
	const offset = u - v;
	const width = poleDistance(base, u, v);
	let z: number;
	let radius: number;
	let lune: number;
	if (width >= 1) {
		z = (2 - width) * TRANSITION_SINE;
		radius = Math.sqrt((1 - z) * (1 + z));
		lune = offset;
	} else {
		const halfChord = width / SQRT_6;
		z = 1 - 2 * halfChord * halfChord;
		radius = 2 * halfChord * Math.sqrt(1 - halfChord * halfChord);
		lune = width > 0 ? offset / width : 0;
	}
	const angle = (base >> 2 === 1 ? lune : lune + 1) * QUARTER_PI;
	const x = radius * Math.cos(angle);
	const y = radius * Math.sin(angle);
	// Quarter turns are exact, adding 90° to the angle would not be.
	switch (base & 3) {
		case 0:
			out[at] = x;
			out[at + 1] = y;
			break;
		case 1:
			out[at] = -y;
			out[at + 1] = x;
			break;
		case 2:
			out[at] = -x;
			out[at + 1] = -y;
			break;
		default:
			out[at] = y;
			out[at + 1] = -x;
	}
	out[at + 2] = isSouthern(base, u, v) ? -z : z;
}

/**
 * How far a cell side of length `length`, from (u0, v0) to (u1, v1), strays from the chord between its ends at most.
 * The side must not cross the parallel between cap and band in its interior; no side of a cell does.
 *
 * A curve q(w) stays within |q''|/8 of its chord for w in [0, 1]. In the band |q''| ≤ 1.8; in a cap, with t = 1 the
 * distance of that parallel from the pole, |q''| ≤ 2.01/t + 1.65 ≤ 4/t. Next to the pole |q'| ≤ 2 is the better bound.
 */
export function chordDeviation(base: number, u0: number, v0: number, u1: number, v1: number, length: number): number {
	const nearest = Math.min(poleDistance(base, u0, v0), poleDistance(base, u1, v1));
	const curvature = nearest >= 1 ? 2 : 4 / nearest;
	return Math.min((curvature * length * length) / 8, 2 * length);
}

/** Distance from the nearer pole in the projection plane: 0 at the pole, 1 where the cap ends, 2 at the equator. */
export function poleDistance(base: number, u: number, v: number): number {
	const height = u + v;
	switch (base >> 2) {
		case 0:
			return 2 - height;
		case 1:
			return 2 - Math.abs(height - 1);
		default:
			return height;
	}
}

function isSouthern(base: number, u: number, v: number): boolean {
	return base >= 8 || (base >= 4 && u + v < 1);
}
