import { COASTLINE_BASE64 } from "./coastline-data.ts";
import { writeUnitVector } from "./geometry.ts";
import { type Polyline, projectedLine } from "./polylines.ts";
import type { View } from "./projection.ts";

const UNITS_PER_DEGREE = 100;
/** Closer than this, the lines are too coarse to be of use: 150 m a pixel, in pixels per earth radius of 6371 km. */
const LARGEST_SCALE = 6_371_000 / 150;
let unpacked: readonly Float64Array[] | undefined;

/** The coastlines that a view shows; none in a close view. */
export function coastlines(view: View): Polyline[] {
	if (view.scale > LARGEST_SCALE) return [];
	unpacked ??= unpack();
	return unpacked.flatMap((line) => projectedLine(view, line));
}

/** Every line as x, y, z of its points on the unit sphere. */
function unpack(): Float64Array[] {
	const bytes = Uint8Array.from(atob(COASTLINE_BASE64), (character) => character.charCodeAt(0));
	const numbers = new Int16Array(bytes.buffer);
	const lines: Float64Array[] = [];
	for (let index = 0; index < numbers.length; ) {
		const count = numbers[index++]!;
		const line = new Float64Array(3 * count);
		for (let point = 0; point < count; point++, index += 2) {
			const longitude = numbers[index]! / UNITS_PER_DEGREE;
			writeUnitVector(longitude, numbers[index + 1]! / UNITS_PER_DEGREE, line, 3 * point);
		}
		lines.push(line);
	}
	return lines;
}
