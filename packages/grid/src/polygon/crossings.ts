import { EDGE_STRIDE, END, NORMAL, START } from "./spherical-polygon.ts";

/**
 * Whether the arc from `p` to `q` (shorter than 180°) crosses an odd number of the edges `list[from]` to
 * `list[to − 1]`.
 *
 * `p` must lie clear of the planes of the edges, and neither end on an edge; then the answer is exact, whatever the arc
 * passes through: a vertex counts to one side of the arc for both of its edges.
 */
export function crossesOddly(
	edges: Float64Array,
	list: Int32Array,
	from: number,
	to: number,
	px: number,
	py: number,
	pz: number,
	qx: number,
	qy: number,
	qz: number,
): boolean {
	// p × q = p × (q − p), and m · v = m · (v − p): differences keep their precision between close points.
	const dx = qx - px;
	const dy = qy - py;
	const dz = qz - pz;
	const mx = py * dz - pz * dy;
	const my = pz * dx - px * dz;
	const mz = px * dy - py * dx;
	let odd = false;
	for (let index = from; index < to; index++) {
		const edge = list[index]! * EDGE_STRIDE;
		const nx = edges[edge + NORMAL]!;
		const ny = edges[edge + NORMAL + 1]!;
		const nz = edges[edge + NORMAL + 2]!;
		const pLeft = nx * px + ny * py + nz * pz >= 0;
		if (pLeft === nx * qx + ny * qy + nz * qz >= 0) continue;
		const startLeft =
			mx * (edges[edge + START]! - px) + my * (edges[edge + START + 1]! - py) + mz * (edges[edge + START + 2]! - pz) >=
			0;
		const endLeft =
			mx * (edges[edge + END]! - px) + my * (edges[edge + END + 1]! - py) + mz * (edges[edge + END + 2]! - pz) >= 0;
		// The great circles cross at two opposite places; the arcs meet if both turn the same way.
		if (startLeft !== endLeft && endLeft === pLeft) odd = !odd;
	}
	return odd;
}

/** The least distance (as a sine) of a place from the planes of the edges `list[from]` to `list[to − 1]`. */
export function planeClearance(
	edges: Float64Array,
	list: Int32Array,
	from: number,
	to: number,
	x: number,
	y: number,
	z: number,
): number {
	let least = 1;
	for (let index = from; index < to; index++) {
		const normal = list[index]! * EDGE_STRIDE + NORMAL;
		const sine = Math.abs(edges[normal]! * x + edges[normal + 1]! * y + edges[normal + 2]! * z);
		if (sine < least) least = sine;
	}
	return least;
}
