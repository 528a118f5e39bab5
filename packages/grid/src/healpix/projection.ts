/*
 * Constants of the HEALPix projection (Górski et al. 2005) in the form that the published stores were hashed with.
 * The plane has x in [0, 8) (one unit is 45° of longitude) and y in [-2, 2]; a base cell is a diamond of diagonal 2.
 */

export const RADIANS = Math.PI / 180;
export const DEGREES = 180 / Math.PI;
export const QUARTER_PI = Math.PI / 4;

/** Latitude, in radians, where the equatorial band ends and a polar cap begins: asin(2/3). */
export const TRANSITION = 0.7297276562269663;
/** Sine of that latitude. */
export const TRANSITION_SINE = 2 / 3;
/**
 * √6 as the Rust crate `healpix` 0.3.3 has it, 9e-11 off the true value. Existing stores were hashed with it: the true
 * value would move some points at order 20 and finer to the adjacent cell.
 */
export const SQRT_6 = 2.449489743;
