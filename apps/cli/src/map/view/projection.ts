/** `globe`: orthographic, as seen from far away. `north`, `south`: stereographic around a pole. */
export type ProjectionName = "globe" | "north" | "south";

/** What part of the Earth a picture shows, and how. */
export interface View {
	readonly projection: ProjectionName;
	/** The globe's centre; of a polar map, the meridian that runs upwards in the picture's middle to or from the pole. Degrees. */
	readonly longitude: number;
	/** The globe's centre, degrees; ±90 on a polar map. */
	readonly latitude: number;
	/** Where the picture's middle is in the plane, in earth radii; 0, 0 on a globe. */
	readonly centreX: number;
	readonly centreY: number;
	/** Pixels per earth radius. */
	readonly scale: number;
	/** Size of the picture in pixels. */
	readonly width: number;
	readonly height: number;
}

/** Turns a place on the unit sphere into pixels. */
export interface Projector {
	/**
	 * Writes the pixel of the place (x, y, z) to `out[offset]` and `out[offset + 1]`, right and down from the upper
	 * left corner; false when it is on the far side.
	 */
	project(x: number, y: number, z: number, out: Float64Array, offset: number): boolean;
}

/** A place in degrees, longitude in [−180, 180). */
export interface Place {
	readonly longitude: number;
	readonly latitude: number;
}

const RADIANS = Math.PI / 180;
const DEGREES = 180 / Math.PI;

/**
 * The projector of a view. Both projections turn the sphere until the centre faces the viewer; then the orthographic
 * one drops the depth d, and the stereographic one scales by 2 / (1 + d) (Snyder, Map Projections, USGS Professional
 * Paper 1395, chapters 20 and 21). A hemisphere is shown.
 */
export function createProjector(view: View): Projector {
	const { centreX, centreY, scale, width, height } = view;
	const sinLongitude = Math.sin(view.longitude * RADIANS);
	const cosLongitude = Math.cos(view.longitude * RADIANS);
	const [sinLatitude, cosLatitude] = sineAndCosine(view.latitude);
	const isStereographic = view.projection !== "globe";
	return {
		project(x, y, z, out, offset) {
			const forward = cosLongitude * x + sinLongitude * y;
			const depth = sinLatitude * z + cosLatitude * forward;
			const factor = isStereographic ? 2 / (1 + depth) : 1;
			const planeX = factor * (cosLongitude * y - sinLongitude * x);
			const planeY = factor * (cosLatitude * z - sinLatitude * forward);
			out[offset] = width / 2 + (planeX - centreX) * scale;
			out[offset + 1] = height / 2 - (planeY - centreY) * scale;
			return depth > 0;
		},
	};
}

/** The place at a pixel; null off the hemisphere that is shown. */
export function placeAt(view: View, pixelX: number, pixelY: number): Place | null {
	const planeX = (pixelX - view.width / 2) / view.scale + view.centreX;
	const planeY = (view.height / 2 - pixelY) / view.scale + view.centreY;
	const radius = Math.hypot(planeX, planeY);
	if (radius > hemisphereRadius(view.projection)) return null;
	const distance = view.projection === "globe" ? Math.asin(radius) : 2 * Math.atan(radius / 2);
	const sine = Math.sin(distance);
	const cosine = Math.cos(distance);
	const [sinLatitude, cosLatitude] = sineAndCosine(view.latitude);
	const [x, y] = radius === 0 ? [0, 0] : [planeX / radius, planeY / radius];
	const height = cosine * sinLatitude + y * sine * cosLatitude;
	const longitude = Math.atan2(x * sine, cosine * cosLatitude - y * sine * sinLatitude) * DEGREES + view.longitude;
	return {
		longitude: wrapLongitude(longitude),
		// Towards a pole the arc sine alone would lose half of the digits.
		latitude: Math.atan2(height, Math.hypot(x * sine, cosine * cosLatitude - y * sine * sinLatitude)) * DEGREES,
	};
}

/** Radius of the hemisphere's outline, in earth radii. */
export function hemisphereRadius(projection: ProjectionName): number {
	return projection === "globe" ? 1 : 2;
}

/** The longitude in [−180, 180). */
export function wrapLongitude(degrees: number): number {
	return ((((degrees + 180) % 360) + 360) % 360) - 180;
}

// Exact at the poles, where a cosine of 6e-17 would be in the way.
function sineAndCosine(latitude: number): [number, number] {
	if (Math.abs(latitude) === 90) return [Math.sign(latitude), 0];
	return [Math.sin(latitude * RADIANS), Math.cos(latitude * RADIANS)];
}
