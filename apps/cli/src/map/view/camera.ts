import type { Geometry } from "./geometry.ts";
import {
	createProjector,
	hemisphereRadius,
	type Place,
	type ProjectionName,
	type View,
	wrapLongitude,
} from "./projection.ts";

/** Pixels left free around what a view is fitted to. */
export interface Margins {
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
	readonly left: number;
}

/** A view may not show less than this part of an earth radius: 6 m. */
const SMALLEST_WIDTH = 1e-6;
/** The hemisphere is at least this part of the picture. */
const SMALLEST_SHARE = 0.75;
/** A pan is not quicker than this near the poles, where a degree of longitude is short. */
const SMALLEST_COSINE = 0.15;
/** Cells that all lie beyond this latitude go on a polar map. */
const POLAR_LATITUDE = 60;
const DEGREES = 180 / Math.PI;

/** The middle of all cells, and how far from the equator they reach towards it. */
interface Surroundings {
	readonly centre: Place;
	readonly south: number;
	readonly north: number;
}

/** The projection that suits the cells: a polar map when all of them lie beyond 60° of one pole, else the globe. */
export function suitableProjection(geometry: Geometry): ProjectionName {
	const { south, north } = surroundings(geometry);
	if (south >= POLAR_LATITUDE) return "north";
	return north <= -POLAR_LATITUDE ? "south" : "globe";
}

/** The view that shows all cells as large as they go, north up in their middle. */
export function fittedView(
	geometry: Geometry,
	projection: ProjectionName,
	width: number,
	height: number,
	margins: Margins,
): View {
	const { centre, south, north } = surroundings(geometry);
	const latitude = { globe: centre.latitude, north: 90, south: -90 }[projection];
	const unit: View = {
		...{ projection, longitude: centre.longitude, latitude, centreX: 0, centreY: 0 },
		...{ scale: 1, width: 0, height: 0 },
	};
	const box = projectedBox(geometry, unit);
	const freeWidth = Math.max(1, width - margins.left - margins.right);
	const freeHeight = Math.max(1, height - margins.top - margins.bottom);
	const shiftX = (margins.left - margins.right) / 2;
	const shiftY = (margins.top - margins.bottom) / 2;
	const isWorldwide = projection === "globe" && (box === null || box.isCut || north - south > 120);
	if (box === null || isWorldwide) {
		const scale = Math.min(freeWidth, freeHeight) / 2 / hemisphereRadius(projection);
		return { ...unit, scale, width, height };
	}
	const boxWidth = Math.max(box.right - box.left, SMALLEST_WIDTH);
	const boxHeight = Math.max(box.bottom - box.top, SMALLEST_WIDTH);
	const scale = Math.min(freeWidth / boxWidth, freeHeight / boxHeight);
	const view = { ...unit, scale, width, height };
	const middleX = ((box.left + box.right) / 2) * scale;
	const middleY = ((box.top + box.bottom) / 2) * scale;
	return pannedView(view, shiftX - middleX, shiftY - middleY);
}

/** The view after its contents were dragged right and down by so many pixels. A globe turns, a polar map slides. */
export function pannedView(view: View, right: number, down: number): View {
	const { projection, scale } = view;
	if (projection !== "globe") {
		return keptInSight({ ...view, centreX: view.centreX - right / scale, centreY: view.centreY + down / scale });
	}
	const cosine = Math.max(SMALLEST_COSINE, Math.cos(view.latitude / DEGREES));
	return {
		...view,
		longitude: wrapLongitude(view.longitude - (turn(right / scale) / cosine) * DEGREES),
		latitude: Math.min(90, Math.max(-90, view.latitude + turn(down / scale) * DEGREES)),
	};
}

/**
 * The view scaled by `factor`; the place at the pixel stays where it is. A globe shrinks around its middle, though: it
 * would turn away from what is far off the middle.
 */
export function zoomedView(view: View, factor: number, pixelX: number, pixelY: number): View {
	const largest = Math.min(view.width, view.height) / SMALLEST_WIDTH;
	const smallest = wholeScale(view) * SMALLEST_SHARE;
	const scale = Math.min(largest, Math.max(smallest, view.scale * factor));
	const growth = scale / view.scale - 1;
	if (view.projection === "globe" && growth < 0) return { ...view, scale };
	return pannedView({ ...view, scale }, (view.width / 2 - pixelX) * growth, (view.height / 2 - pixelY) * growth);
}

/** The same view in a picture of another size. */
export function resizedView(view: View, width: number, height: number): View {
	const ratio = Math.min(width, height) / Math.min(view.width, view.height);
	return { ...view, scale: view.scale * ratio, width, height };
}

/** How far the sphere turns for a shift in earth radii; at a small scale the shift may exceed the sphere. */
function turn(shift: number): number {
	return Math.abs(shift) < 0.5 ? Math.asin(shift) : shift;
}

/** The scale at which the whole hemisphere fits. */
function wholeScale({ projection, width, height }: View): number {
	return Math.min(width, height) / 2 / hemisphereRadius(projection);
}

/** A polar map's middle may go as far as its edge in a close view, and nowhere when all of it is in sight. */
function keptInSight(view: View): View {
	const closeness = Math.min(1, Math.max(0, view.scale / wholeScale(view) - 1));
	const limit = hemisphereRadius(view.projection) * closeness;
	const distance = Math.hypot(view.centreX, view.centreY);
	if (distance <= limit) return view;
	return { ...view, centreX: (view.centreX * limit) / distance, centreY: (view.centreY * limit) / distance };
}

function surroundings({ vertices }: Geometry): Surroundings {
	let [x, y, z] = [0, 0, 0];
	let south = 1;
	let north = -1;
	for (let index = 0; index < vertices.length; index += 3) {
		x += vertices[index]!;
		y += vertices[index + 1]!;
		z += vertices[index + 2]!;
		south = Math.min(south, vertices[index + 2]!);
		north = Math.max(north, vertices[index + 2]!);
	}
	// Cells all around the Earth have no middle; the sum is then next to nothing.
	const isAround = Math.hypot(x, y, z) < 1e-3 * (vertices.length / 3);
	const centre = isAround
		? { longitude: 0, latitude: 0 }
		: { longitude: Math.atan2(y, x) * DEGREES, latitude: Math.atan2(z, Math.hypot(x, y)) * DEGREES };
	return { centre, south: Math.asin(south) * DEGREES, north: Math.asin(north) * DEGREES };
}

/** Where the visible vertices fall in the plane; `isCut` when some are on the far side. */
function projectedBox({ vertices }: Geometry, view: View) {
	const projector = createProjector(view);
	const pixel = new Float64Array(2);
	let isCut = false;
	let [left, right] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	let [top, bottom] = [left, right];
	for (let index = 0; index < vertices.length; index += 3) {
		if (!projector.project(vertices[index]!, vertices[index + 1]!, vertices[index + 2]!, pixel, 0)) {
			isCut = true;
			continue;
		}
		left = Math.min(left, pixel[0]!);
		right = Math.max(right, pixel[0]!);
		top = Math.min(top, pixel[1]!);
		bottom = Math.max(bottom, pixel[1]!);
	}
	return left <= right ? { left, right, top, bottom, isCut } : null;
}
