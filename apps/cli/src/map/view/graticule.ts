import { writeUnitVector } from "./geometry.ts";
import { type Polyline, projectedLine } from "./polylines.ts";
import { placeAt, type View, wrapLongitude } from "./projection.ts";

/** A degree label, centred at (x, y) in pixels. */
export interface Label {
	readonly x: number;
	readonly y: number;
	readonly text: string;
}

/** A part of the picture, in pixels. */
export interface Rectangle {
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
}

/** Meridians and parallels of a view, with their labels. */
export interface Graticule {
	readonly lines: readonly Polyline[];
	readonly labels: readonly Label[];
}

/** Round steps in degrees; finer ones follow as 5, 2, 1 times powers of ten. */
const STEPS = [30, 15, 10, 5, 2, 1] as const;
/** Pixels between lines that a picture has room for. */
const SPACING = 130;
/** Every line is drawn through this many points. */
const POINTS_PER_LINE = 97;
/** Places of the picture that are asked for their coordinates, along each side. */
const PROBES = 12;
/** A label's distance from the picture's edge and its half size, in pixels. */
const LABEL_INSET = 14;
const LABEL_HALF_WIDTH = 34;
const LABEL_HALF_HEIGHT = 9;
/** Radius of the ring that meridians without an edge are labelled on, as a share of the picture. */
const RING_SHARE = 0.28;
/** Meridians end here, where they would run into each other. */
const MERIDIAN_END = 89.5;
const RADIANS = Math.PI / 180;

interface Bounds {
	readonly west: number;
	readonly east: number;
	readonly south: number;
	readonly north: number;
}

/**
 * The meridians and parallels that a view shows, at round steps, and a label for each that finds room.
 *
 * @param covered parts of the picture that something else lies over
 */
export function graticule(view: View, covered: readonly Rectangle[]): Graticule {
	const bounds = visibleBounds(view);
	const middle = placeAt(view, view.width / 2, view.height / 2);
	const latitude = middle?.latitude ?? view.latitude;
	const degreesPerPixel = 1 / view.scale / RADIANS;
	const parallelStep = stepFor(degreesPerPixel * SPACING);
	const widest = Math.min(Math.abs(latitude), 80);
	const meridianStep = Math.max(parallelStep, stepFor((degreesPerPixel * SPACING) / Math.cos(widest * RADIANS)));
	const parallels = multiples(bounds.south, bounds.north, parallelStep).filter((value) => Math.abs(value) < 90);
	const meridians = multiples(bounds.west, bounds.east, meridianStep);
	if (bounds.east - bounds.west >= 360) meridians.pop();
	const south = Math.max(bounds.south, -MERIDIAN_END);
	const north = Math.min(bounds.north, MERIDIAN_END);
	const lines: Polyline[] = [];
	const labels: Label[] = [];
	const fromMiddle = (x: number, y: number): number => Math.hypot(x - view.width / 2, y - view.height / 2);
	// Where meridians run into each other, their labels stand around the middle, rather below it.
	const ring = Math.min(view.width, view.height) * RING_SHARE;
	const fromRing = (x: number, y: number): number => Math.abs(fromMiddle(x, y) - ring) - y / 10;
	for (const value of parallels) {
		const parts = projectedLine(
			view,
			sampled(bounds.west, bounds.east, (longitude) => [longitude, value]),
		);
		lines.push(...parts);
		const text = latitudeText(value, parallelStep);
		addLabel(view, covered, labels, text, edgeCrossing(parts, LABEL_HALF_WIDTH, 0) ?? bestPoint(parts, fromMiddle));
	}
	for (const value of meridians) {
		const parts = projectedLine(
			view,
			sampled(south, north, (latitude) => [value, latitude]),
		);
		lines.push(...parts);
		const text = longitudeText(wrapLongitude(value), meridianStep);
		addLabel(
			view,
			covered,
			labels,
			text,
			edgeCrossing(parts, view.height - LABEL_INSET, 1) ?? bestPoint(parts, fromRing),
		);
	}
	return { lines, labels };
}

/** `70° N`, with as many decimals as the step needs. */
export function latitudeText(degrees: number, step: number): string {
	return degreesText(degrees, step, "N", "S");
}

/** `50.5° W`, with as many decimals as the step needs. */
export function longitudeText(degrees: number, step: number): string {
	return Math.abs(Math.abs(degrees) - 180) < step / 2 ? "180°" : degreesText(degrees, step, "E", "W");
}

function degreesText(degrees: number, step: number, positive: string, negative: string): string {
	const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
	const text = `${Math.abs(degrees).toFixed(decimals)}°`;
	if (Number(Math.abs(degrees).toFixed(decimals)) === 0) return text;
	return `${text} ${degrees > 0 ? positive : negative}`;
}

function stepFor(degrees: number): number {
	const step = [...STEPS].reverse().find((candidate) => candidate >= degrees);
	if (degrees > 1) return step ?? 30;
	const power = 10 ** Math.floor(Math.log10(degrees));
	return ([1, 2, 5].find((factor) => factor * power >= degrees) ?? 10) * power;
}

function multiples(from: number, to: number, step: number): number[] {
	const first = Math.ceil(from / step - 1e-9);
	const last = Math.floor(to / step + 1e-9);
	return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}

function sampled(from: number, to: number, place: (value: number) => readonly [number, number]): Float64Array {
	const places = new Float64Array(3 * POINTS_PER_LINE);
	for (let point = 0; point < POINTS_PER_LINE; point++) {
		const [longitude, latitude] = place(from + ((to - from) * point) / (POINTS_PER_LINE - 1));
		writeUnitVector(longitude, latitude, places, 3 * point);
	}
	return places;
}

/** The box of what is in sight; all longitudes where a pole or the hemisphere's edge is. */
function visibleBounds(view: View): Bounds {
	const origin = placeAt(view, view.width / 2, view.height / 2)?.longitude ?? view.longitude;
	let [west, east, south, north] = [180, -180, 90, -90];
	let isCut = false;
	for (let row = 0; row <= PROBES; row++) {
		for (let column = 0; column <= PROBES; column++) {
			const place = placeAt(view, (column / PROBES) * view.width, (row / PROBES) * view.height);
			if (place === null) {
				isCut = true;
				continue;
			}
			const longitude = wrapLongitude(place.longitude - origin);
			west = Math.min(west, longitude);
			east = Math.max(east, longitude);
			south = Math.min(south, place.latitude);
			north = Math.max(north, place.latitude);
		}
	}
	if (isCut) {
		const polar = { north: [0, 90], south: [-90, 0], globe: [view.latitude - 90, view.latitude + 90] } as const;
		const [low, high] = polar[view.projection];
		return { west: -180, east: 180, south: Math.max(-90, low), north: Math.min(90, high) };
	}
	// Between probes the box bulges a little; around a pole it spans everything.
	const rim = Math.max((north - south) / PROBES, 1e-12);
	if (east - west > 200) {
		const isNorth = north + south > 0;
		return { west: -180, east: 180, south: isNorth ? south - rim : -90, north: isNorth ? 90 : north + rim };
	}
	const margin = (east - west) / PROBES;
	return { west: origin + west - margin, east: origin + east + margin, south: south - rim, north: north + rim };
}

/** Where a line first crosses the picture's edge strip: x (axis 0) or y (axis 1) at `value`. */
function edgeCrossing(parts: readonly Polyline[], value: number, axis: 0 | 1): Label | null {
	for (const part of parts) {
		for (let point = 2; point < part.length; point += 2) {
			const before = part[point - 2 + axis]!;
			const after = part[point + axis]!;
			if (before <= value === after <= value) continue;
			const share = (value - before) / (after - before);
			const other = 1 - axis;
			const crossing = part[point - 2 + other]! + share * (part[point + other]! - part[point - 2 + other]!);
			return { x: axis === 0 ? value : crossing, y: axis === 0 ? crossing : value, text: "" };
		}
	}
	return null;
}

/** For a line that ends inside the picture: its point of the least cost. */
function bestPoint(parts: readonly Polyline[], cost: (x: number, y: number) => number): Label | null {
	let best: Label | null = null;
	let least = Number.POSITIVE_INFINITY;
	for (const part of parts) {
		for (let point = 0; point < part.length; point += 2) {
			const [x, y] = [part[point]!, part[point + 1]!];
			const pointCost = cost(x, y);
			if (pointCost >= least) continue;
			least = pointCost;
			best = { x, y, text: "" };
		}
	}
	return best;
}

function addLabel(
	{ width, height }: View,
	covered: readonly Rectangle[],
	labels: Label[],
	text: string,
	place: Label | null,
): void {
	if (place === null) return;
	const { x, y } = place;
	if (x < LABEL_HALF_WIDTH || x > width - LABEL_HALF_WIDTH || y < LABEL_INSET || y > height - LABEL_INSET) return;
	const isTaken = labels.some(
		(label) => Math.abs(label.x - x) < 2 * LABEL_HALF_WIDTH && Math.abs(label.y - y) < 2 * LABEL_HALF_HEIGHT,
	);
	const isCovered = covered.some(
		({ left, top, right, bottom }) =>
			x > left - LABEL_HALF_WIDTH &&
			x < right + LABEL_HALF_WIDTH &&
			y > top - LABEL_HALF_HEIGHT &&
			y < bottom + LABEL_HALF_HEIGHT,
	);
	if (!isTaken && !isCovered) labels.push({ x, y, text });
}
