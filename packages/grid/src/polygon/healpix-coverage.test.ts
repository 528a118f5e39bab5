import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Ring } from "../grid.ts";
import { cellCentres } from "../healpix/cell-geometry.ts";
import { hashPoints } from "../healpix/hash.ts";
import { childWords } from "../healpix/hierarchy.ts";
import { mocToOrder } from "../healpix/moc.ts";
import { packWord, unpackWord, wordOrder } from "../healpix/morton-word.ts";
import { healpixCoverage, healpixCoverageMoc } from "./healpix-coverage.ts";

function ring(...vertices: [latitude: number, longitude: number][]): Ring {
	return {
		latitudes: Float64Array.from(vertices, ([latitude]) => latitude),
		longitudes: Float64Array.from(vertices, ([, longitude]) => longitude),
	};
}

function nestedCover(rings: Ring[], order: number): number[] {
	return Array.from(healpixCoverage(rings, order), (word) => Number(unpackWord(word).nested));
}

const RADIANS = Math.PI / 180;

/** The place at a distance (radians) and azimuth from another, in degrees. */
function placeAt(latitude: number, longitude: number, distance: number, azimuth: number): [number, number] {
	const phi = latitude * RADIANS;
	const north = Math.cos(distance) * Math.sin(phi) + Math.sin(distance) * Math.cos(phi) * Math.cos(azimuth);
	const east = Math.sin(distance) * Math.sin(azimuth);
	const ahead = Math.cos(distance) * Math.cos(phi) - Math.sin(distance) * Math.sin(phi) * Math.cos(azimuth);
	return [Math.atan2(north, Math.hypot(east, ahead)) / RADIANS, longitude + Math.atan2(east, ahead) / RADIANS];
}

/** Places on the chord between two vertices, drawn towards `centre` by `share`. */
function between(a: [number, number], b: [number, number], along: number, centre: [number, number], share: number) {
	const vectorOf = ([latitude, longitude]: [number, number]) => [
		Math.cos(latitude * RADIANS) * Math.cos(longitude * RADIANS),
		Math.cos(latitude * RADIANS) * Math.sin(longitude * RADIANS),
		Math.sin(latitude * RADIANS),
	];
	const [start, end, middle] = [a, b, centre].map(vectorOf) as [number[], number[], number[]];
	const [x, y, z] = start.map(
		(value, axis) => (value * (1 - along) + end[axis]! * along) * (1 - share) + middle[axis]! * share,
	) as [number, number, number];
	return [Math.atan2(z, Math.hypot(x, y)) / RADIANS, Math.atan2(y, x) / RADIANS] as [number, number];
}

describe("a cover", () => {
	test("of a small triangle within one cell is that cell, at every order", () => {
		const [latitude, longitude] = [38.9, -76.56];
		for (let order = 0; order <= 29; order++) {
			const cell = hashPoints(Float64Array.of(latitude), Float64Array.of(longitude), order);
			const centre = cellCentres(cell);
			const size = 0.1 * 2 ** -order;
			const vertices = [0, 2, 4].map((azimuth) =>
				placeAt(centre.latitudes[0]!, centre.longitudes[0]!, size, azimuth),
			) as [number, number][];
			expect(healpixCoverage([ring(...vertices)], order)).toEqual(cell);
		}
	});

	test("around a pole is the cells around it", () => {
		const cap = ring([89, 0], [89, 90], [89, 180], [89, -90]);
		expect(nestedCover([cap], 1)).toEqual([3, 7, 11, 15]);
		expect(nestedCover([ring([-89, 10], [-89, 130], [-89, 250])], 0)).toEqual([8, 9, 10, 11]);
	});

	test("does not depend on how the ring is wound or closed, or how longitudes are written", () => {
		const box = ring([-10, 170], [-10, -170], [10, -170], [10, 170]);
		const cover = healpixCoverage([box], 5);
		expect(cover.length).toBeGreaterThan(100);
		expect(healpixCoverage([ring([10, 170], [10, -170], [-10, -170], [-10, 170])], 5)).toEqual(cover);
		expect(healpixCoverage([ring([-10, 170], [-10, 190], [10, 190], [10, 170], [-10, 170])], 5)).toEqual(cover);
	});

	test("touching sides and corners counts: base cells around the ring of the equator", () => {
		expect(nestedCover([ring([0, 0], [0, 72], [0, 144], [0, -144], [0, -72])], 0)).toEqual([
			0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
		]);
		// A vertex in the northern corner of base cell 4, where three cells meet.
		const corner = Math.asin(2 / 3) / RADIANS;
		expect(nestedCover([ring([corner, 0], [corner + 5, 0.5], [corner + 5, -0.5])], 0)).toEqual([0, 3, 4]);
	});

	test("of a ring wider than a hemisphere is its smaller side", () => {
		const wave = (shift: number) =>
			ring(
				...Array.from({ length: 180 }, (_, index): [number, number] => [
					shift + 20 * Math.sin((4 * index * Math.PI) / 180),
					2 * index,
				]),
			);
		const north = healpixCoverage([wave(10)], 3);
		const [pole, antipole] = [Float64Array.of(90), Float64Array.of(-90)];
		expect(north).toContain(hashPoints(pole, Float64Array.of(10), 3)[0]);
		expect(north).not.toContain(hashPoints(antipole, Float64Array.of(10), 3)[0]);
		const south = healpixCoverage([wave(-10)], 3);
		expect(south).not.toContain(hashPoints(pole, Float64Array.of(10), 3)[0]);
		expect(south).toContain(hashPoints(antipole, Float64Array.of(10), 3)[0]);
	});

	test("leaves holes out and counts several parts together", () => {
		const outer = ring([-20, 0], [-20, 40], [20, 40], [20, 0]);
		const hole = ring([-10, 10], [-10, 30], [10, 30], [10, 10]);
		const whole = healpixCoverage([outer], 5);
		const holed = healpixCoverage([outer, hole], 5);
		const inHole = hashPoints(Float64Array.of(1), Float64Array.of(20), 5)[0];
		expect(whole).toContain(inHole);
		expect(holed).not.toContain(inHole);
		const island = healpixCoverage([ring([50, 100], [50, 110], [60, 105])], 5);
		expect(healpixCoverage([outer, ring([50, 100], [50, 110], [60, 105])], 5)).toEqual(
			BigUint64Array.from([...whole, ...island]).sort(),
		);
	});

	test("as a MOC merges complete quartets and densifies to the flat cover", () => {
		const box = [ring([40, -120], [41, -120], [41, -119], [40, -119])];
		const moc = healpixCoverageMoc(box, 9);
		expect(new Set(Array.from(moc, wordOrder)).size).toBeGreaterThan(1);
		expect(mocToOrder(moc, 9)).toEqual(healpixCoverage(box, 9));
		const cell = packWord(41066n, 6);
		const centre = cellCentres(BigUint64Array.of(cell));
		const [latitude, longitude] = [centre.latitudes[0]!, centre.longitudes[0]!];
		const wide = ring(...[1, 2, 3, 4].map((turn) => placeAt(latitude, longitude, 0.1, (turn * Math.PI) / 2)));
		const flat = new Set(healpixCoverage([wide], 8));
		expect([...childWords(cell, 8)].every((word) => flat.has(word))).toBe(true);
		expect(healpixCoverageMoc([wide], 8).some((word) => wordOrder(word) < 7)).toBe(true);
	});

	test("no rings cover nothing", () => {
		expect(healpixCoverage([], 6)).toEqual(new BigUint64Array(0));
	});

	test.each([
		["a ring needs at least three vertices, got 2", ring([0, 0], [1, 1], [0, 0])],
		["vertex 1 is no place on Earth: latitude NaN, longitude 1", ring([0, 0], [Number.NaN, 1], [1, 1])],
		["vertex 2 is no place on Earth: latitude 91, longitude 1", ring([0, 0], [1, 1], [91, 1])],
		[
			"vertex 0 is no place on Earth: latitude 0, longitude Infinity",
			ring([0, Number.POSITIVE_INFINITY], [1, 1], [2, 1]),
		],
		["an edge joins two opposite places", ring([10, 20], [-10, -160], [0, 0])],
		["all vertices of a ring are one place", ring([5, 5], [5, 365], [5, -355])],
	])("%s", (message, bad) => {
		expect(() => healpixCoverage([bad], 4)).toThrow(message);
	});

	test("orders beyond 29 and lists beyond memory are refused", () => {
		const box = [ring([40, -120], [41, -120], [41, -119], [40, -119])];
		expect(() => healpixCoverage(box, 30)).toThrow("order must be a whole number from 0 to 29, got 30");
		expect(() => healpixCoverage(box, 29)).toThrow(/cells are too many to list/);
	});
});

describe("every place of a polygon lies in a cell of its cover", () => {
	const polygon = fc.record({
		order: fc.integer({ min: 0, max: 29 }),
		// Poles, the seams of the caps and the parallel between cap and band are where cells are odd.
		latitude: fc.oneof(
			fc.double({ min: -90, max: 90, noNaN: true }),
			fc.constantFrom(-90, 90, 41.8103148957786, -41.8103148957786, 0, 66.44353569089877),
		),
		longitude: fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(-180, -90, 0, 45, 90, 180)),
		spread: fc.double({ min: 0.1, max: 8, noNaN: true }),
		distances: fc.array(fc.double({ min: 0.2, max: 1, noNaN: true }), { minLength: 3, maxLength: 12 }),
		samples: fc.array(
			fc.record({
				edge: fc.nat(11),
				along: fc.double({ min: 0, max: 1, noNaN: true }),
				share: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })),
			}),
			{ minLength: 40, maxLength: 40 },
		),
	});

	test("at every order, at poles, seams and elsewhere, on edges and inside", () => {
		fc.assert(
			fc.property(polygon, ({ order, latitude, longitude, spread, distances, samples }) => {
				const radius = Math.min(1, spread * 2 ** -order);
				const vertices = distances.map((distance, index) =>
					placeAt(latitude, longitude, distance * radius, (2 * Math.PI * index) / distances.length),
				);
				const places = samples.map(({ edge, along, share }) => {
					const start = vertices[edge % vertices.length]!;
					const end = vertices[(edge + 1) % vertices.length]!;
					// Of a star seen from its centre, everything between an edge and the centre is inside.
					return between(start, end, along, [latitude, longitude], share);
				});
				const cover = new Set(healpixCoverage([ring(...vertices)], order));
				const { latitudes, longitudes } = ring(...places);
				for (const word of hashPoints(latitudes, longitudes, order)) expect(cover).toContain(word);
			}),
			{ numRuns: 300 },
		);
	});
});

const file = new URL("../../../../../shared/vectors/morton.json", import.meta.url);

describe.skipIf(!existsSync(file))("published covers (needs ../shared/vectors/morton.json)", () => {
	// biome-ignore lint/suspicious/noExplicitAny: the file holds many record shapes
	let vectors: any;
	beforeAll(() => {
		vectors = JSON.parse(readFileSync(file, "utf8"));
	});

	test("164 covers are those of mortie 0.9.10, but for the cells that touch a vertex in the pole", () => {
		const different: [string, number, number, number][] = [];
		let count = 0;
		for (const { name, lats, lons, o, moc_0_9_10, authalic_moc_0_9_10 } of vectors.generated.coverage.records) {
			const rings = lats.map((latitudes: number[], part: number) => ({
				latitudes: Float64Array.from(latitudes),
				longitudes: Float64Array.from(lons[part]),
			}));
			for (const [latitude, words] of [
				["geodetic", moc_0_9_10],
				["authalic", authalic_moc_0_9_10],
			] as const) {
				count++;
				const published = BigUint64Array.from(words, BigInt);
				const cover = healpixCoverageMoc(rings, o, { latitude });
				if (cover.length === published.length && cover.every((word, index) => word === published[index])) continue;
				const own = new Set(healpixCoverage(rings, o, { latitude }));
				const common = mocToOrder(published, o).filter((word) => own.has(word)).length;
				different.push([name, o, own.size - common, mocToOrder(published, o).length - common]);
			}
		}
		expect(count).toBe(164);
		// At order 4 the other three cells at the pole; at order 6 also one whose corner lies on an edge.
		expect(different).toEqual([
			["pole_vertex", 4, 3, 0],
			["pole_vertex", 4, 3, 0],
			["pole_vertex", 6, 4, 0],
			["pole_vertex", 6, 4, 0],
		]);
	});
});
