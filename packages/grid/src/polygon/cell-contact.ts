import { cellPoint, chordDeviation } from "./cell-point.ts";
import { EDGE_STRIDE, FROM_END, FROM_START, NORMAL } from "./spherical-polygon.ts";

/** Rounding of products of unit vectors, with a margin: 25 nm on Earth. Closer than that is touching. */
const TOUCHING = 4e-15;
/**
 * The published √6 makes cap and band overlap by 8e-11 where they meet; cells there reach that far beyond the sides that
 * the projection gives them.
 */
const TOUCHING_AT_TRANSITION = 1e-10;
/** Sides are not divided further than this. */
const SHORTEST = 2 ** -50;

/** The corners S, E, N, W of the cell in question. */
const corners = new Float64Array(4 * 3);
const point = new Float64Array(3);

/**
 * Whether the outline of a cell, with its true curved sides, meets one of the edges `list[from]` to `list[to − 1]`.
 * The cell is number (i, j) among those of side `size` in a base cell. An edge inside the cell that does not reach its outline is not found.
 */
export function outlineMeetsEdges(
	edges: Float64Array,
	list: Int32Array,
	from: number,
	to: number,
	base: number,
	size: number,
	i: number,
	j: number,
): boolean {
	const spansTransition = base >> 2 !== 1 && Math.abs((i + j + 1) * size - 1) <= size;
	const touching = spansTransition ? TOUCHING_AT_TRANSITION : TOUCHING;
	const u = i * size;
	const v = j * size;
	cellPoint(base, u, v, corners, 0);
	cellPoint(base, u + size, v, corners, 3);
	cellPoint(base, u + size, v + size, corners, 6);
	cellPoint(base, u, v + size, corners, 9);
	for (let index = from; index < to; index++) {
		const edge = list[index]! * EDGE_STRIDE;
		for (let corner = 0; corner < 4; corner++) {
			const next = (corner + 1) & 3;
			const meets = sideMeetsEdge(
				edges,
				edge,
				base,
				touching,
				u + cornerU(corner) * size,
				v + cornerV(corner) * size,
				productAt(edges, edge + NORMAL, corner),
				productAt(edges, edge + FROM_START, corner),
				productAt(edges, edge + FROM_END, corner),
				u + cornerU(next) * size,
				v + cornerV(next) * size,
				productAt(edges, edge + NORMAL, next),
				productAt(edges, edge + FROM_START, next),
				productAt(edges, edge + FROM_END, next),
			);
			if (meets) return true;
		}
	}
	return false;
}

function cornerU(corner: number): number {
	return corner === 1 || corner === 2 ? 1 : 0;
}

function cornerV(corner: number): number {
	return corner === 2 || corner === 3 ? 1 : 0;
}

function productAt(edges: Float64Array, vector: number, corner: number): number {
	return (
		edges[vector]! * corners[3 * corner]! +
		edges[vector + 1]! * corners[3 * corner + 1]! +
		edges[vector + 2]! * corners[3 * corner + 2]!
	);
}

function product(edges: Float64Array, vector: number): number {
	return edges[vector]! * point[0]! + edges[vector + 1]! * point[1]! + edges[vector + 2]! * point[2]!;
}

/**
 * Whether the piece of a side from (u0, v0) to (u1, v1) meets an edge. `normal`, `fromStart` and `fromEnd` are the edge's
 * products at both ends. Along the piece they stay within the chord's deviation of the straight line between those
 * values; where that does not decide, the piece is halved.
 */
function sideMeetsEdge(
	edges: Float64Array,
	edge: number,
	base: number,
	touching: number,
	u0: number,
	v0: number,
	normal0: number,
	fromStart0: number,
	fromEnd0: number,
	u1: number,
	v1: number,
	normal1: number,
	fromStart1: number,
	fromEnd1: number,
): boolean {
	const length = Math.abs(u1 - u0) + Math.abs(v1 - v0);
	const deviation = chordDeviation(base, u0, v0, u1, v1, length);
	const slack = deviation + touching;
	if (normal0 > slack && normal1 > slack) return false;
	if (normal0 < -slack && normal1 < -slack) return false;
	if (fromStart0 < -slack && fromStart1 < -slack) return false;
	if (fromEnd0 < -slack && fromEnd1 < -slack) return false;
	if (isOnArc(normal0, fromStart0, fromEnd0, touching) || isOnArc(normal1, fromStart1, fromEnd1, touching)) return true;
	const isWithinEnds = fromStart0 > deviation && fromStart1 > deviation && fromEnd0 > deviation && fromEnd1 > deviation;
	if (isWithinEnds && normal0 < 0 !== normal1 < 0) return true;
	if (length < SHORTEST) return true;
	const u = (u0 + u1) / 2;
	const v = (v0 + v1) / 2;
	cellPoint(base, u, v, point);
	const normal = product(edges, edge + NORMAL);
	const fromStart = product(edges, edge + FROM_START);
	const fromEnd = product(edges, edge + FROM_END);
	return (
		sideMeetsEdge(
			edges,
			edge,
			base,
			touching,
			u0,
			v0,
			normal0,
			fromStart0,
			fromEnd0,
			u,
			v,
			normal,
			fromStart,
			fromEnd,
		) ||
		sideMeetsEdge(edges, edge, base, touching, u, v, normal, fromStart, fromEnd, u1, v1, normal1, fromStart1, fromEnd1)
	);
}

function isOnArc(normal: number, fromStart: number, fromEnd: number, touching: number): boolean {
	return Math.abs(normal) <= touching && fromStart >= -touching && fromEnd >= -touching;
}
