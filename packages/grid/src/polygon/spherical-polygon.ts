import type { Ring } from "../grid.ts";
import { authalicLatitude, type LatitudeConvention } from "../healpix/authalic-latitude.ts";
import { locatePoints } from "../healpix/locate.ts";
import { RADIANS } from "../healpix/projection.ts";
import { pairsOf } from "../healpix/z-order.ts";
import { badPolygon, openRing } from "./ring.ts";

/** Numbers per edge in `SphericalPolygon.edges`, and the places of its vectors and numbers among them. */
export const EDGE_STRIDE = 20;
export const MIDDLE = 0;
export const COSINE = 3;
export const SINE = 4;
export const NORMAL = 5;
export const FROM_START = 8;
export const FROM_END = 11;
export const START = 14;
export const END = 17;

/** Rings of great-circle arcs, each shorter than 180°. */
export interface SphericalPolygon {
	readonly edgeCount: number;
	/**
	 * Twenty numbers per edge. An arc is where the product with `NORMAL` (unit, to the left of the edge) is 0 and those with
	 * `FROM_START` and `FROM_END` (unit, along the edge at its start and against it at its end) are not negative.
	 * `START` and `END` are its vertices, `MIDDLE` is its middle, `COSINE` and `SINE` are those of half its length.
	 */
	readonly edges: Float64Array;
	/** Z-order positions of the edges' first vertices, as uint32 pairs. */
	readonly startPositions: Uint32Array;
	/** Number of the first edge of each ring, and the edge count. */
	readonly ringStarts: readonly number[];
}

/** Shorter than a nanometre on Earth: two spellings of one vertex. */
const SAME_PLACE = 1e-15;

/** Turns rings into edges. Throws `grid/bad-polygon`; see `openRing`, and consecutive vertices must not be antipodes. */
export function sphericalPolygon(rings: readonly Ring[], latitude: LatitudeConvention = "geodetic"): SphericalPolygon {
	const open = rings.map(openRing);
	const vertexCount = open.reduce((sum, ring) => sum + ring.latitudes.length, 0);
	const edges = new Float64Array(vertexCount * EDGE_STRIDE);
	const startPositions = pairsOf(new BigUint64Array(vertexCount));
	const ringStarts: number[] = [];
	let edgeCount = 0;
	for (const { latitudes, longitudes } of open) {
		ringStarts.push(edgeCount);
		const count = latitudes.length;
		const vertices = unitVectors(latitudes, longitudes, latitude);
		let start = 0;
		for (let next = 1; next <= count; next++) {
			const end = next % count;
			if (!writeEdge(edges, edgeCount * EDGE_STRIDE, vertices, 3 * start, 3 * end)) continue;
			locatePoints(latitudes, longitudes, latitude, start, start + 1, startPositions, edgeCount);
			edgeCount++;
			start = end;
		}
		if (edgeCount === ringStarts.at(-1)) throw badPolygon("all vertices of a ring are one place");
	}
	ringStarts.push(edgeCount);
	return { edgeCount, edges, startPositions, ringStarts };
}

function unitVectors(latitudes: Float64Array, longitudes: Float64Array, convention: LatitudeConvention): Float64Array {
	const vectors = new Float64Array(3 * latitudes.length);
	for (let index = 0; index < latitudes.length; index++) {
		const degrees = latitudes[index]!;
		const phi = (convention === "authalic" ? authalicLatitude(degrees) : degrees) * RADIANS;
		const lambda = longitudes[index]! * RADIANS;
		vectors[3 * index] = Math.cos(phi) * Math.cos(lambda);
		vectors[3 * index + 1] = Math.cos(phi) * Math.sin(lambda);
		vectors[3 * index + 2] = Math.sin(phi);
	}
	return vectors;
}

/** Writes the edge between the vertices at `a` and `b`; false if they are one place. */
function writeEdge(edges: Float64Array, at: number, vertices: Float64Array, a: number, b: number): boolean {
	const ax = vertices[a]!;
	const ay = vertices[a + 1]!;
	const az = vertices[a + 2]!;
	const bx = vertices[b]!;
	const by = vertices[b + 1]!;
	const bz = vertices[b + 2]!;
	// a × b = a × (b ∓ a); the sum or difference is exact for vertices close together or nearly opposite, where a × b
	// itself would lose its direction.
	const sign = ax * bx + ay * by + az * bz < 0 ? 1 : -1;
	const dx = bx + sign * ax;
	const dy = by + sign * ay;
	const dz = bz + sign * az;
	let nx = ay * dz - az * dy;
	let ny = az * dx - ax * dz;
	let nz = ax * dy - ay * dx;
	const length = Math.sqrt(nx * nx + ny * ny + nz * nz);
	if (length < SAME_PLACE) {
		if (sign < 0) return false;
		throw badPolygon("an edge joins two opposite places: its great circle is not defined");
	}
	nx /= length;
	ny /= length;
	nz /= length;
	const mx = ax + bx;
	const my = ay + by;
	const mz = az + bz;
	const twiceCosine = Math.sqrt(mx * mx + my * my + mz * mz);
	setVector(edges, at + MIDDLE, mx / twiceCosine, my / twiceCosine, mz / twiceCosine);
	edges[at + COSINE] = twiceCosine / 2;
	// |a × b| is the sine of the whole length.
	edges[at + SINE] = length / twiceCosine;
	setVector(edges, at + NORMAL, nx, ny, nz);
	setVector(edges, at + FROM_START, ny * az - nz * ay, nz * ax - nx * az, nx * ay - ny * ax);
	setVector(edges, at + FROM_END, by * nz - bz * ny, bz * nx - bx * nz, bx * ny - by * nx);
	setVector(edges, at + START, ax, ay, az);
	setVector(edges, at + END, bx, by, bz);
	return true;
}

function setVector(values: Float64Array, at: number, x: number, y: number, z: number): void {
	values[at] = x;
	values[at + 1] = y;
	values[at + 2] = z;
}
