import { COSINE, EDGE_STRIDE, FROM_END, FROM_START, MIDDLE, NORMAL, SINE } from "./spherical-polygon.ts";

/** Of cosines near 1. */
const ROUNDING = 1e-15;

/**
 * Lists those of the edges `list[from]` to `list[to − 1]` that may come within a radius, given as its sine and
 * cosine, of a place. The new list begins at `list[at]`; returns its end.
 */
export function listEdgesNear(
	edges: Float64Array,
	list: Int32Array,
	from: number,
	to: number,
	at: number,
	place: Float64Array,
	sine: number,
	cosine: number,
): number {
	const x = place[0]!;
	const y = place[1]!;
	const z = place[2]!;
	let end = at;
	for (let index = from; index < to; index++) {
		const edge = list[index]!;
		const vectors = edge * EDGE_STRIDE;
		// Farther from the middle than half the length and the radius together: true for most, so asked first.
		const reach = edges[vectors + COSINE]! * cosine - edges[vectors + SINE]! * sine - ROUNDING;
		if (dotAt(edges, vectors + MIDDLE, x, y, z) < reach) continue;
		if (Math.abs(dotAt(edges, vectors + NORMAL, x, y, z)) > sine) continue;
		if (dotAt(edges, vectors + FROM_START, x, y, z) < -sine) continue;
		if (dotAt(edges, vectors + FROM_END, x, y, z) < -sine) continue;
		list[end++] = edge;
	}
	return end;
}

/** Whether one of the edges has its nearest point within a small angle (given as its sine) of a place. */
export function anyEdgePasses(
	edges: Float64Array,
	list: Int32Array,
	from: number,
	to: number,
	place: Float64Array,
	sine: number,
): boolean {
	const x = place[0]!;
	const y = place[1]!;
	const z = place[2]!;
	for (let index = from; index < to; index++) {
		const vectors = list[index]! * EDGE_STRIDE;
		if (Math.abs(dotAt(edges, vectors + NORMAL, x, y, z)) > sine) continue;
		if (dotAt(edges, vectors + FROM_START, x, y, z) >= 0 && dotAt(edges, vectors + FROM_END, x, y, z) >= 0) return true;
	}
	return false;
}

function dotAt(vectors: Float64Array, at: number, x: number, y: number, z: number): number {
	return vectors[at]! * x + vectors[at + 1]! * y + vectors[at + 2]! * z;
}
