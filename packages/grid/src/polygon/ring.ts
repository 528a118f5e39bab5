import { GridError } from "../errors.ts";
import type { Ring } from "../grid.ts";

/**
 * The ring without its closing vertex. Throws `grid/bad-polygon` if fewer than three vertices are left, or a
 * coordinate is not finite, or a latitude is beyond ±90°.
 */
export function openRing(ring: Ring): Ring {
	const { latitudes, longitudes } = ring;
	if (latitudes.length !== longitudes.length) {
		throw badPolygon(`a ring has ${latitudes.length} latitudes but ${longitudes.length} longitudes`);
	}
	for (let vertex = 0; vertex < latitudes.length; vertex++) {
		const latitude = latitudes[vertex]!;
		const longitude = longitudes[vertex]!;
		if (!(Math.abs(latitude) <= 90) || !Number.isFinite(longitude)) {
			throw badPolygon(`vertex ${vertex} is no place on Earth: latitude ${latitude}, longitude ${longitude}`);
		}
	}
	const last = latitudes.length - 1;
	const isClosed = last > 0 && latitudes[0] === latitudes[last] && longitudes[0] === longitudes[last];
	const count = isClosed ? last : last + 1;
	if (count < 3) throw badPolygon(`a ring needs at least three vertices, got ${count}`);
	return { latitudes: latitudes.subarray(0, count), longitudes: longitudes.subarray(0, count) };
}

export function badPolygon(message: string): GridError {
	return new GridError("grid/bad-polygon", message, { failureClass: "data" });
}
