import { createProjector, type View } from "./projection.ts";

/** A line in a picture: x and y of point after point, in pixels. */
export type Polyline = Float64Array;

/**
 * The parts of a line on the sphere that face the viewer and come near the picture.
 *
 * @param places x, y, z of point after point on the unit sphere
 */
export function projectedLine(view: View, places: Float64Array): Polyline[] {
	const projector = createProjector(view);
	const count = places.length / 3;
	const points = new Float64Array(2 * count);
	const parts: Polyline[] = [];
	let first = 0;
	const endPart = (end: number): void => {
		if (end - first > 1) parts.push(points.slice(2 * first, 2 * end));
	};
	for (let index = 0; index < count; index++) {
		const at = 3 * index;
		const isVisible = projector.project(places[at]!, places[at + 1]!, places[at + 2]!, points, 2 * index);
		if (isVisible && (index === first || comesNear(view, points, 2 * index))) continue;
		endPart(index);
		// A line that left the picture goes on from its last point outside; one on the far side does not.
		first = isVisible ? index : index + 1;
	}
	endPart(count);
	return parts;
}

/** Whether the step to the point at `offset` could be seen. */
function comesNear({ width, height }: View, points: Float64Array, offset: number): boolean {
	const [fromX, fromY, toX, toY] = points.subarray(offset - 2, offset + 2) as unknown as [
		number,
		number,
		number,
		number,
	];
	const [x, y] = [Math.min(fromX, toX), Math.min(fromY, toY)];
	return x <= width && y <= height && Math.max(fromX, toX) >= 0 && Math.max(fromY, toY) >= 0;
}
