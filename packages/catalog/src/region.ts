import { readFile } from "node:fs/promises";
import type { Ring } from "@zagg/grid";
import { CatalogError } from "./errors.ts";

/** West, south, east, north in degrees. */
export type BoundingBox = readonly [west: number, south: number, east: number, north: number];

/** Sides of a box follow parallels, which are not great circles: they get a vertex every so many degrees. */
const STEP_DEGREES = 1;

/**
 * The rings of a box of longitudes and latitudes: large boxes are several, side by side.
 *
 * @throws CatalogError `catalog/bad-region`
 */
export function boxRings([west, south, east, north]: BoundingBox): Ring[] {
	const inRange = [west, east].every((each) => Math.abs(each) <= 360) && south >= -90 && north <= 90;
	if (!inRange || !(south < north) || west === east) {
		throw badRegion(`the box ${west}, ${south}, ${east}, ${north} is empty or leaves the globe`);
	}
	// A box whose west is greater than its east crosses the antimeridian.
	const width = east > west ? east - west : east - west + 360;
	// A cap around a pole has no sides along meridians.
	if (width >= 360 && south <= -90 && north < 0) return [parallel(north, -180, 360)];
	if (width >= 360 && north >= 90 && south > 0) return [parallel(south, -180, 360)];
	// The inside of a ring is its smaller side, so that no piece may come near a hemisphere.
	const columns = Math.ceil(width / WIDEST_PIECE_DEGREES);
	const rows = south < 0 && north > 0 ? [south, 0, north] : [south, north];
	return rows
		.slice(1)
		.flatMap((top, row) =>
			Array.from({ length: columns }, (_, column) =>
				pieceRing(west + (width * column) / columns, width / columns, rows[row]!, top),
			),
		);
}

const WIDEST_PIECE_DEGREES = 90;

function pieceRing(west: number, width: number, south: number, north: number): Ring {
	const bottom = south <= -90 ? point(-90, west) : parallel(south, west, width);
	const top = north >= 90 ? point(90, west) : reversed(parallel(north, west, width));
	return join(bottom, top);
}

/**
 * The rings of the polygons in a GeoJSON file: exteriors and holes, which combine by the even-odd rule. Other geometries
 * are passed over.
 *
 * @throws CatalogError `catalog/bad-region` for a file without polygons, or a polygon that crosses itself.
 */
export async function loadRegion(path: string): Promise<Ring[]> {
	let document: unknown;
	try {
		document = JSON.parse(await readFile(path, "utf8"));
	} catch (error) {
		throw badRegion(`cannot read the region ${path}: ${(error as Error).message}`);
	}
	const rings = [...polygonsOf(document)].flat();
	if (rings.length === 0) throw badRegion(`${path} holds no polygon`);
	for (const ring of rings) refuseSelfCrossing(ring, path);
	return rings;
}

/** The box around rings, without regard to the antimeridian, as the search service takes it. */
export function boundingBox(rings: readonly Ring[]): BoundingBox {
	const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
	for (const { latitudes, longitudes } of rings) {
		for (let index = 0; index < latitudes.length; index++) {
			box[0] = Math.min(box[0], longitudes[index]!);
			box[1] = Math.min(box[1], latitudes[index]!);
			box[2] = Math.max(box[2], longitudes[index]!);
			box[3] = Math.max(box[3], latitudes[index]!);
		}
	}
	return box;
}

/** The rings of every polygon in a GeoJSON document, polygon by polygon. */
export function* polygonsOf(document: unknown): Generator<Ring[]> {
	const node = document as {
		type?: unknown;
		features?: unknown;
		geometry?: unknown;
		geometries?: unknown;
		coordinates?: unknown;
	} | null;
	switch (node?.type) {
		case "FeatureCollection":
			for (const feature of Array.isArray(node.features) ? node.features : []) yield* polygonsOf(feature);
			break;
		case "Feature":
			yield* polygonsOf(node.geometry);
			break;
		case "GeometryCollection":
			for (const geometry of Array.isArray(node.geometries) ? node.geometries : []) yield* polygonsOf(geometry);
			break;
		case "Polygon":
			yield ringsOf(node.coordinates);
			break;
		case "MultiPolygon":
			for (const polygon of Array.isArray(node.coordinates) ? node.coordinates : []) yield ringsOf(polygon);
			break;
	}
}

function ringsOf(coordinates: unknown): Ring[] {
	if (!Array.isArray(coordinates)) throw badRegion("a polygon has no coordinates");
	return coordinates.map((ring: unknown) => {
		const points = Array.isArray(ring) ? ring : [];
		const longitudes = Float64Array.from(points, (each: unknown) => Number((each as unknown[])?.[0]));
		const latitudes = Float64Array.from(points, (each: unknown) => Number((each as unknown[])?.[1]));
		const isWrong =
			latitudes.some((latitude) => !(Math.abs(latitude) <= 90)) || longitudes.some((each) => !Number.isFinite(each));
		if (points.length < 4 || isWrong) {
			throw badRegion("a polygon has a ring of fewer than four positions, or a position that is not on the globe");
		}
		return { latitudes, longitudes };
	});
}

// Quadratic; beyond this the check would take longer than what it saves.
const MOST_CHECKED_VERTICES = 5000;

function refuseSelfCrossing({ latitudes, longitudes }: Ring, path: string): void {
	const count = latitudes.length;
	if (count > MOST_CHECKED_VERTICES) return;
	// Unwrapped, so that a ring over the antimeridian is one piece.
	const x = Float64Array.from(longitudes);
	for (let index = 1; index < count; index++)
		x[index] = x[index - 1]! + wrap(longitudes[index]! - longitudes[index - 1]!);
	const side = (a: number, b: number, c: number): number =>
		Math.sign((x[b]! - x[a]!) * (latitudes[c]! - latitudes[a]!) - (latitudes[b]! - latitudes[a]!) * (x[c]! - x[a]!));
	for (let first = 0; first + 1 < count; first++) {
		for (let second = first + 2; second + 1 < count; second++) {
			if (first === 0 && second + 2 === count) continue;
			const [a, b, c, d] = [first, first + 1, second, second + 1];
			if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) {
				throw badRegion(`a polygon in ${path} crosses itself between its positions ${a + 1} and ${c + 1}`);
			}
		}
	}
}

function wrap(degrees: number): number {
	return degrees - 360 * Math.round(degrees / 360);
}

function parallel(latitude: number, west: number, width: number): Ring {
	const steps = Math.ceil(width / STEP_DEGREES);
	const longitudes = Float64Array.from({ length: steps + 1 }, (_, index) => west + (width * index) / steps);
	return { latitudes: new Float64Array(steps + 1).fill(latitude), longitudes };
}

function point(latitude: number, longitude: number): Ring {
	return { latitudes: Float64Array.of(latitude), longitudes: Float64Array.of(longitude) };
}

function reversed({ latitudes, longitudes }: Ring): Ring {
	return { latitudes: latitudes.toReversed(), longitudes: longitudes.toReversed() };
}

function join(first: Ring, second: Ring): Ring {
	return {
		latitudes: Float64Array.of(...first.latitudes, ...second.latitudes),
		longitudes: Float64Array.of(...first.longitudes, ...second.longitudes),
	};
}

function badRegion(reason: string): CatalogError {
	return new CatalogError("catalog/bad-region", reason, {
		remedy: "Give a GeoJSON file of polygons in degrees, or --bbox=WEST,SOUTH,EAST,NORTH.",
	});
}
