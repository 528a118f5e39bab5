import type { Ring } from "../grid.ts";
import type { Projection } from "../projection/projection.ts";

/** A rectangle in CRS units. */
export interface Rectangle {
	readonly xmin: number;
	readonly ymin: number;
	readonly xmax: number;
	readonly ymax: number;
}

/**
 * The outline of a rectangle as a closed WGS84 ring, counter-clockwise in the CRS. Sides become curves on the way, so
 * each is cut into equal segments of at most `longestSegment` CRS units first.
 */
export function rectangleFootprint(rectangle: Rectangle, longestSegment: number, projection: Projection): Ring {
	const { xmin, ymin, xmax, ymax } = rectangle;
	const corners = [
		[xmax, ymin],
		[xmax, ymax],
		[xmin, ymax],
		[xmin, ymin],
		[xmax, ymin],
	] as const;
	const x: number[] = [];
	const y: number[] = [];
	for (let side = 0; side < 4; side++) {
		const [startX, startY] = corners[side]!;
		const [endX, endY] = corners[side + 1]!;
		const segments = Math.max(1, Math.ceil(Math.hypot(endX - startX, endY - startY) / longestSegment));
		for (let segment = 0; segment < segments; segment++) {
			x.push(startX + ((endX - startX) * segment) / segments);
			y.push(startY + ((endY - startY) * segment) / segments);
		}
	}
	x.push(xmax);
	y.push(ymin);
	const ring = { latitudes: new Float64Array(x.length), longitudes: new Float64Array(x.length) };
	projection.inverse(Float64Array.from(x), Float64Array.from(y), ring.longitudes, ring.latitudes);
	return ring;
}
