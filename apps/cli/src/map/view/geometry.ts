import { OUTLINE_UNITS_PER_DEGREE } from "./scene.ts";

/** Outlines as places on the unit sphere, which every projection starts from. */
export interface Geometry {
	readonly cellCount: number;
	readonly verticesPerCell: number;
	/** x, y, z of every vertex: x towards 0° E, y towards 90° E, z towards the North Pole. */
	readonly vertices: Float64Array;
}

const RADIANS = Math.PI / 180;

/** Turns outlines in degrees into places on the sphere. Latitudes are taken as they are, as latitudes on a sphere. */
export function createGeometry(outlines: Int32Array, verticesPerCell: number): Geometry {
	const count = outlines.length / 2;
	const vertices = new Float64Array(3 * count);
	for (let vertex = 0; vertex < count; vertex++) {
		const longitude = outlines[2 * vertex]! / OUTLINE_UNITS_PER_DEGREE;
		const latitude = outlines[2 * vertex + 1]! / OUTLINE_UNITS_PER_DEGREE;
		writeUnitVector(longitude, latitude, vertices, 3 * vertex);
	}
	return { cellCount: count / verticesPerCell, verticesPerCell, vertices };
}

/** Writes the place as x, y, z at `offset`. Degrees in. */
export function writeUnitVector(longitude: number, latitude: number, out: Float64Array, offset: number): void {
	const cosine = Math.cos(latitude * RADIANS);
	out[offset] = cosine * Math.cos(longitude * RADIANS);
	out[offset + 1] = cosine * Math.sin(longitude * RADIANS);
	out[offset + 2] = Math.sin(latitude * RADIANS);
}
