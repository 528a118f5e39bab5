import { orderMask } from "../healpix/z-order.ts";
import type { CellBlocks } from "./cell-blocks.ts";
import { outlineMeetsEdges } from "./cell-contact.ts";
import { cellPoint } from "./cell-point.ts";
import { crossesOddly, planeClearance } from "./crossings.ts";
import { referencePoint } from "./interior.ts";
import { anyEdgePasses, listEdgesNear } from "./near-edges.ts";
import type { SphericalPolygon } from "./spherical-polygon.ts";

const BASE_CELLS = 12;
/** Places in a cell where its reference point may lie, as fractions of its sides; the centre serves nearly always. */
const REFERENCE_PLACES = [
	[0.5, 0.5],
	[0.43, 0.61],
	[0.37, 0.29],
	[0.71, 0.53],
	[0.67, 0.23],
	[0.19, 0.47],
	[0.31, 0.83],
	[0.89, 0.79],
] as const;
/**
 * Every cell holds the circle of the one radius around its centre and lies in that of the other: radians at order 0,
 * halved with every order. The extremes that cells come to are 0.3448, along the seams of the caps, and 1.0690 =
 * √(4/5 + 5π²/144), beside the parallel between cap and band.
 */
const INNER_RADIUS = 0.34;
const OUTER_RADIUS = 1.08;
/** How far from the planes of edges a reference point should be, in radians at order 0, halved with every order. */
const REFERENCE_CLEARANCE = 1e-3;

/**
 * Adds the cells of the polygon's cover at `order` to `blocks`, in Z-order: cells that an edge meets at `order`, cells
 * inside at the coarsest order that no edge meets.
 *
 * Goes down the tree of cells with the edges near each cell. Every cell on the way has a reference point whose side is
 * known, so that its children find theirs by crossing those few edges.
 */
export function collectCells(polygon: SphericalPolygon, order: number, blocks: CellBlocks): void {
	const { edges, edgeCount, startPositions } = polygon;
	const leafMask = orderMask(order);
	const sizes = Float64Array.from({ length: order + 1 }, (_, level) => 2 ** -level);
	const sines = sizes.map((size) => Math.sin(OUTER_RADIUS * size));
	const cosines = sizes.map((size) => Math.cos(OUTER_RADIUS * size));
	const sineOfInnerRadius = Math.sin(INNER_RADIUS * sizes[order]!);
	const point = new Float64Array(3);

	// Edges near the cells from the current one up to the root, each cell's after its parent's.
	const list = new Int32Array((order + 2) * edgeCount);
	for (let edge = 0; edge < edgeCount; edge++) list[edge] = edge;
	let listed = edgeCount;

	// At level k the reference point of the cell of order k − 1 on the way down.
	const references = new Float64Array(3 * (order + 1));
	const isInside = new Uint8Array(order + 1);
	const root = referencePoint(polygon);
	references.set([root.x, root.y, root.z]);
	isInside[0] = Number(root.inside);

	/** Whether `point` is in the polygon, by the way from the parent's reference point across the parent's edges. */
	function pointIsInside(level: number, parentFrom: number, parentTo: number): boolean {
		const x = references[3 * level]!;
		const y = references[3 * level + 1]!;
		const z = references[3 * level + 2]!;
		const odd = crossesOddly(edges, list, parentFrom, parentTo, x, y, z, point[0]!, point[1]!, point[2]!);
		return (isInside[level] === 1) !== odd;
	}

	/** Moves `point` from the cell's centre to a place that is clear of the planes of the listed edges, if need be. */
	function moveToClearPlace(base: number, level: number, i: number, j: number, from: number): void {
		const wanted = REFERENCE_CLEARANCE * sizes[level]!;
		let bestClearance = clearanceOfPoint(from);
		if (bestClearance >= wanted) return;
		let best = 0;
		for (let place = 1; place < REFERENCE_PLACES.length; place++) {
			moveToPlace(base, level, i, j, place);
			const clearance = clearanceOfPoint(from);
			if (clearance >= wanted) return;
			if (clearance <= bestClearance) continue;
			best = place;
			bestClearance = clearance;
		}
		moveToPlace(base, level, i, j, best);
	}

	function moveToPlace(base: number, level: number, i: number, j: number, place: number): void {
		const [u, v] = REFERENCE_PLACES[place]!;
		const size = sizes[level]!;
		cellPoint(base, (i + u) * size, (j + v) * size, point);
	}

	function clearanceOfPoint(from: number): number {
		return planeClearance(edges, list, from, listed, point[0]!, point[1]!, point[2]!);
	}

	function anyEdgeStartsIn(high: number, low: number, from: number): boolean {
		for (let index = from; index < listed; index++) {
			const edge = 2 * list[index]!;
			const differs =
				((startPositions[edge]! ^ low) & leafMask.low) | ((startPositions[edge + 1]! ^ high) & leafMask.high);
			if (differs === 0) return true;
		}
		return false;
	}

	function visit(
		base: number,
		level: number,
		i: number,
		j: number,
		high: number,
		low: number,
		parentFrom: number,
		parentTo: number,
	): void {
		const from = listed;
		const size = sizes[level]!;
		cellPoint(base, (i + 0.5) * size, (j + 0.5) * size, point);
		listed = listEdgesNear(edges, list, parentFrom, parentTo, from, point, sines[level]!, cosines[level]!);
		if (listed === from) {
			if (pointIsInside(level, parentFrom, parentTo)) blocks.add(high, low, level);
		} else if (level === order) {
			// A cell that no edge meets is wholly inside or outside, as its centre is.
			const isMet =
				anyEdgePasses(edges, list, from, listed, point, sineOfInnerRadius) ||
				anyEdgeStartsIn(high, low, from) ||
				outlineMeetsEdges(edges, list, from, listed, base, size, i, j);
			if (isMet || pointIsInside(level, parentFrom, parentTo)) blocks.add(high, low, level);
		} else {
			moveToClearPlace(base, level, i, j, from);
			isInside[level + 1] = Number(pointIsInside(level, parentFrom, parentTo));
			references[3 * (level + 1)] = point[0]!;
			references[3 * (level + 1) + 1] = point[1]!;
			references[3 * (level + 1) + 2] = point[2]!;
			const to = listed;
			const shift = 58 - 2 * level;
			for (let digit = 0; digit < 4; digit++) {
				const childHigh = shift < 32 ? high : high | (digit << (shift - 32));
				const childLow = shift < 32 ? low | (digit << shift) : low;
				visit(base, level + 1, 2 * i + (digit & 1), 2 * j + (digit >> 1), childHigh, childLow, from, to);
			}
		}
		listed = from;
	}

	for (let base = 0; base < BASE_CELLS; base++) visit(base, 0, 0, 0, base << 28, 0, 0, edgeCount);
}
