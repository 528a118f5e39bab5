import { GridError } from "../errors.ts";

/**
 * How latitudes meet the sphere. `geodetic`: WGS84 latitudes are used as they are. `authalic`: they are first turned
 * into authalic latitudes, so that cells have equal area on the ellipsoid. Cells of the two do not correspond (up to
 * 14 km apart at 45°).
 */
export type LatitudeConvention = "geodetic" | "authalic";

/** Refuses anything but the two conventions. */
export function checkLatitudeConvention(convention: string): asserts convention is LatitudeConvention {
	if (convention !== "geodetic" && convention !== "authalic") {
		throw new GridError(
			"grid/bad-latitude-convention",
			`Unknown latitude convention: '${convention}' (expected 'geodetic' or 'authalic')`,
			{ context: { latitude: convention } },
		);
	}
}

const RADIANS = Math.PI / 180;
const DEGREES = 180 / Math.PI;

// Series in the squared eccentricity of WGS84 (Karney 2023, "On auxiliary latitudes", to the fifth order).
const flattening = 1 / 298.257223563;
const e2 = flattening * (2 - flattening);
const e4 = e2 * e2;
const e6 = e4 * e2;
const e8 = e6 * e2;
const e10 = e8 * e2;

const F1 = -e2 / 3 - (31 * e4) / 180 - (59 * e6) / 560 - (42811 * e8) / 604800 - (605399 * e10) / 11975040;
const F2 = (17 * e4) / 360 + (61 * e6) / 1260 + (76969 * e8) / 1814400 + (215431 * e10) / 5987520;
const F3 = (-383 * e6) / 45360 - (3347 * e8) / 259200 - (1751791 * e10) / 119750400;
const F4 = (6007 * e8) / 3628800 + (201293 * e10) / 59875200;
const F5 = (-5839 * e10) / 17107200;

const I1 = e2 / 3 + (31 * e4) / 180 + (517 * e6) / 5040 + (120389 * e8) / 1814400 + (1362253 * e10) / 29937600;
const I2 = (23 * e4) / 360 + (251 * e6) / 3780 + (102287 * e8) / 1814400 + (450739 * e10) / 9979200;
const I3 = (761 * e6) / 45360 + (47561 * e8) / 1814400 + (434501 * e10) / 14968800;
const I4 = (6059 * e8) / 1209600 + (625511 * e10) / 59875200;
const I5 = (48017 * e10) / 29937600;

/** WGS84 geodetic to authalic latitude, both in degrees. Non-finite values pass through. */
export function authalicLatitude(geodetic: number): number {
	return addSineSeries(geodetic, F1, F2, F3, F4, F5);
}

/** WGS84 authalic to geodetic latitude, both in degrees. Non-finite values pass through. */
export function geodeticLatitude(authalic: number): number {
	return addSineSeries(authalic, I1, I2, I3, I4, I5);
}

/** x + Σ c_k sin 2kx, the sines by the recurrence s_(k+1) = 2 cos 2x · s_k − s_(k−1). */
function addSineSeries(degrees: number, c1: number, c2: number, c3: number, c4: number, c5: number): number {
	if (!Number.isFinite(degrees)) return degrees;
	const x = degrees * RADIANS;
	const twoCosine = 2 * Math.cos(2 * x);
	const s1 = Math.sin(2 * x);
	const s2 = twoCosine * s1;
	const s3 = twoCosine * s2 - s1;
	const s4 = twoCosine * s3 - s2;
	const s5 = twoCosine * s4 - s3;
	const result = (x + (c1 * s1 + c2 * s2 + c3 * s3 + c4 * s4 + c5 * s5)) * DEGREES;
	// Rounding must not push a pole over the pole.
	return Math.abs(degrees) <= 90 ? Math.min(90, Math.max(-90, result)) : result;
}
