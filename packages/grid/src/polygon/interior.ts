import { crossesOddly, planeClearance } from "./crossings.ts";
import { EDGE_STRIDE, END, NORMAL, type SphericalPolygon, START } from "./spherical-polygon.ts";

/** A place clear of all edges, and whether it is in the polygon. */
export interface ReferencePoint {
	readonly x: number;
	readonly y: number;
	readonly z: number;
	readonly inside: boolean;
}

type Vector = readonly [x: number, y: number, z: number];

const CLEARANCE = 1e-6;
const CANDIDATES = 64;

/**
 * Decides the polygon's inside at one place; crossings of edges decide it for every other.
 *
 * A ring's inside is its smaller side, whichever way it is wound. A ring within a hemisphere may cross itself: what lies
 * beyond the hemisphere is outside, and every crossing of an edge changes sides. A place is in the polygon if it is in an
 * odd number of rings.
 */
export function referencePoint(polygon: SphericalPolygon): ReferencePoint {
	const all = Int32Array.from({ length: polygon.edgeCount }, (_, edge) => edge);
	const point = clearPoint(polygon, all);
	let inside = false;
	for (let ring = 0; ring + 1 < polygon.ringStarts.length; ring++) {
		const from = polygon.ringStarts[ring]!;
		const to = polygon.ringStarts[ring + 1]!;
		const outside = placeBeyondHemisphere(polygon, from, to);
		const isInRing =
			outside === undefined
				? isOnSmallerSide(polygon, all, from, to, point)
				: crossesOddly(polygon.edges, all, from, to, ...point, ...outside);
		if (isInRing) inside = !inside;
	}
	const [x, y, z] = point;
	return { x, y, z, inside };
}

/** A place that is not near the plane of any edge. */
function clearPoint(polygon: SphericalPolygon, all: Int32Array): Vector {
	let best: Vector = [0, 0, 1];
	let bestClearance = -1;
	for (let candidate = 0; candidate < CANDIDATES && bestClearance < CLEARANCE; candidate++) {
		// A spiral over the sphere in steps of the golden ratio; it has no symmetry that a polygon could share.
		const z = 1 - (2 * candidate + 1) / CANDIDATES;
		const angle = 1 + candidate * Math.PI * (3 - Math.sqrt(5));
		const radius = Math.sqrt(1 - z * z);
		const point: Vector = [radius * Math.cos(angle), radius * Math.sin(angle), z];
		const clearance = planeClearance(polygon.edges, all, 0, polygon.edgeCount, ...point);
		if (clearance > bestClearance) {
			best = point;
			bestClearance = clearance;
		}
	}
	return best;
}

/** The antipode of the ring's mean vertex, if all vertices are within 90° of the latter. */
function placeBeyondHemisphere({ edges }: SphericalPolygon, from: number, to: number): Vector | undefined {
	let x = 0;
	let y = 0;
	let z = 0;
	for (let edge = from; edge < to; edge++) {
		const start = edge * EDGE_STRIDE + START;
		x += edges[start]!;
		y += edges[start + 1]!;
		z += edges[start + 2]!;
	}
	const length = Math.hypot(x, y, z);
	for (let edge = from; edge < to; edge++) {
		const start = edge * EDGE_STRIDE + START;
		// Written so that a mean of length 0 fails too.
		if (!((edges[start]! * x + edges[start + 1]! * y + edges[start + 2]! * z) / length > 1e-9)) return undefined;
	}
	return [-x / length, -y / length, -z / length];
}

/** Whether the place is on the smaller side of a ring wider than a hemisphere; of two halves, the left one. */
function isOnSmallerSide(
	{ edges }: SphericalPolygon,
	all: Int32Array,
	from: number,
	to: number,
	point: Vector,
): boolean {
	// The area to the left, modulo the sphere's: the sum of the signed triangles between the place and each edge.
	let area = 0;
	let longest = from;
	let longestCosine = 2;
	for (let edge = from; edge < to; edge++) {
		const a = vectorAt(edges, edge * EDGE_STRIDE + START);
		const b = vectorAt(edges, edge * EDGE_STRIDE + END);
		const cosine = dot(a, b);
		const determinant = dot(point, cross(a, b));
		area += 2 * Math.atan2(determinant, 1 + dot(point, a) + cosine + dot(b, point));
		if (cosine < longestCosine) {
			longest = edge;
			longestCosine = cosine;
		}
	}
	const sphere = 4 * Math.PI;
	const leftArea = ((area % sphere) + sphere) % sphere;
	const leftIsInside = leftArea <= (sphere / 2) * (1 + 1e-9);

	// The way to the middle of an edge ends on the side of that edge which the place is on.
	const a = vectorAt(edges, longest * EDGE_STRIDE + START);
	const b = vectorAt(edges, longest * EDGE_STRIDE + END);
	const middle: Vector = [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
	const length = Math.hypot(...middle);
	const target: Vector = [middle[0] / length, middle[1] / length, middle[2] / length];
	let isLeft = dot(vectorAt(edges, longest * EDGE_STRIDE + NORMAL), point) > 0;
	if (crossesOddly(edges, all, from, longest, ...point, ...target)) isLeft = !isLeft;
	if (crossesOddly(edges, all, longest + 1, to, ...point, ...target)) isLeft = !isLeft;
	return isLeft === leftIsInside;
}

function vectorAt(values: Float64Array, at: number): Vector {
	return [values[at]!, values[at + 1]!, values[at + 2]!];
}

function dot(a: Vector, b: Vector): number {
	return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
	return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
