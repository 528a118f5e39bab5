import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { authalicLatitude, geodeticLatitude } from "./authalic-latitude.ts";
import { cellBoundary, cellBounds, cellCentres, cellPolygon } from "./cell-geometry.ts";
import { formatDecimalId, parseDecimalId } from "./decimal-id.ts";
import { hashPoints, hashPointWords, nestedIds } from "./hash.ts";
import { childWords, clipWords, coarsenWord, commonAncestor } from "./hierarchy.ts";
import {
	intersectMocs,
	mocsIntersect,
	mocToOrder,
	normalizeMoc,
	subtractMocs,
	symmetricDifferenceOfMocs,
	unionMocs,
} from "./moc.ts";
import { packPointWord, packWord, unpackWord, validateWord } from "./morton-word.ts";

const file = new URL("../../../../../shared/vectors/morton.json", import.meta.url);
const available = existsSync(file);

/** The latitude of stored vectors may differ by the last digit of Math.asin and Math.acos. */
const ROUNDING_DEGREES = 5e-14;

describe.skipIf(!available)("published vectors (needs ../shared/vectors/morton.json)", () => {
	// biome-ignore lint/suspicious/noExplicitAny: the file holds many record shapes, each used once
	let vectors: any;
	beforeAll(() => {
		vectors = JSON.parse(readFileSync(file, "utf8"));
	});

	test("23,140 records of points hash to their words bit for bit, geodetic and authalic", () => {
		const mismatches: unknown[] = [];
		let count = 0;
		for (const { lat, lon, at, point_word_authalic } of vectors.generated.points.records) {
			const [latitudes, longitudes] = point(lat, lon);
			for (const { o, nested, word, word_authalic } of at) {
				count++;
				const hashed = hashPoints(latitudes, longitudes, o)[0];
				const authalic = hashPoints(latitudes, longitudes, o, { latitude: "authalic" })[0];
				const id = o <= 24 ? BigInt(nestedIds(latitudes, longitudes, o)[0]!) : unpackWord(hashed!).nested;
				if (hashed !== BigInt(word) || authalic !== BigInt(word_authalic) || id !== BigInt(nested)) {
					mismatches.push({ lat, lon, o, word, hashed, authalic, id });
				}
			}
			const pointWord = hashPointWords(latitudes, longitudes, { latitude: "authalic" })[0];
			if (pointWord !== BigInt(point_word_authalic)) mismatches.push({ lat, lon, pointWord });
		}
		expect(mismatches).toEqual([]);
		expect(count).toBe(23_140);
	});

	test("3,325 points on seams, poles and corners hash to their words", () => {
		const { records } = vectors.generated.edge_points;
		// biome-ignore lint/suspicious/noExplicitAny: see above
		const mismatches = records.filter((record: any) => {
			const latitude = record.lat_is_negative_zero ? -0 : record.lat;
			const longitude = record.lon_is_negative_zero ? -0 : record.lon;
			const [latitudes, longitudes] = point(latitude, longitude);
			return hashPoints(latitudes, longitudes, record.o)[0] !== BigInt(record.word);
		});
		expect(mismatches).toEqual([]);
		expect(records).toHaveLength(3325);
	});

	test("goldens of point words and area words hold in both conventions", () => {
		for (const [name, latitude] of [
			["legacy_geodetic_goldens", "geodetic"],
			["authalic_goldens", "authalic"],
		] as const) {
			const golden = vectors.from_mortie_tests[name];
			const latitudes = Float64Array.from(golden.inputs.lats);
			const longitudes = Float64Array.from(golden.inputs.lons);
			expect(texts(hashPointWords(latitudes, longitudes, { latitude }))).toEqual(golden.points_o29);
			for (const order of [6, 12, 18]) {
				expect(texts(hashPoints(latitudes, longitudes, order, { latitude }))).toEqual(golden[`area_o${order}`]);
			}
		}
	});

	test("an independent authalic implementation finds the same cells", () => {
		const { inputs, point_to_cell } = vectors.from_mortie_tests.healpix_geo_goldens;
		const latitudes = Float64Array.from(inputs.lats);
		const longitudes = Float64Array.from(inputs.lons);
		for (const order of [6, 12, 18]) {
			const ids = nestedIds(latitudes, longitudes, order, { latitude: "authalic" });
			expect([...ids]).toEqual(point_to_cell[`depth_${order}`].map(Number));
		}
	});

	test("720 cells pack, unpack, clip and print as recorded", () => {
		for (const record of vectors.generated.codec.records) {
			const word = BigInt(record.word);
			expect(packWord(BigInt(record.nested), record.o)).toBe(word);
			expect(unpackWord(word)).toEqual({ nested: BigInt(record.nested), order: record.o });
			expect(formatDecimalId(word)).toBe(record.decimal);
			expect(parseDecimalId(record.decimal)).toBe(word);
			for (const [order, clipped] of Object.entries(record.clip)) {
				expect(String(coarsenWord(word, Number(order)))).toBe(clipped);
				expect(texts(clipWords(BigUint64Array.of(word), Number(order)))).toEqual([clipped]);
			}
		}
	});

	test("1,080 golden words pack and print as recorded", () => {
		const { records } = vectors.from_mortie_tests.packed_u64_golden;
		for (const { nested, order, word, decimal_repr } of records) {
			expect(String(packWord(BigInt(nested), order))).toBe(word);
			expect(formatDecimalId(BigInt(word))).toBe(decimal_repr);
		}
		expect(records).toHaveLength(1080);
	});

	test("point words pack, print and clip as recorded", () => {
		for (const record of vectors.generated.point_words.records) {
			const word = BigInt(record.point);
			expect(packPointWord(BigInt(record.nested))).toBe(word);
			expect(packWord(BigInt(record.nested), 29)).toBe(BigInt(record.area));
			expect(formatDecimalId(word)).toBe(record.decimal_point);
			expect(parseDecimalId(record.decimal_point)).toBe(word);
			expect(parseDecimalId(record.decimal_area)).toBe(BigInt(record.area));
			for (const order of [18, 28, 29]) {
				expect(String(coarsenWord(word, order))).toBe(record[`clip${order}`]);
				expect(texts(clipWords(BigUint64Array.of(word), order))).toEqual([record[`clip${order}`]]);
			}
		}
	});

	test("invalid words and decimal ids are refused", () => {
		for (const { word } of vectors.generated.invalid_words) {
			expect(() => validateWord(BigInt(word))).toThrow("is not a morton word");
			expect(() => clipWords(BigUint64Array.of(BigInt(word)), 3)).toThrow("is not a morton word");
		}
		for (const { s, valid } of vectors.generated.decimal_parse_validity.records) {
			expect(valid).toBe(false);
			expect(() => parseDecimalId(s), s).toThrow("is not a decimal morton id");
		}
	});

	test("children and common ancestors are as recorded", () => {
		for (const { parent, target_order, children } of vectors.generated.children.records) {
			expect(texts(childWords(BigInt(parent), target_order))).toEqual(children);
		}
		for (const record of vectors.generated.common_ancestor.records) {
			expect(String(commonAncestor(words(record.words)))).toBe(record.ancestor);
		}
	});

	test("420 centres agree to the last digit of the arc functions", () => {
		for (const { word, lat, lon, lat_geodetic_if_authalic } of vectors.generated.centers.records) {
			const cell = words([word]);
			const centre = cellCentres(cell);
			expect(centre.longitudes[0]).toBe(lon);
			expect(Math.abs(centre.latitudes[0]! - lat)).toBeLessThan(ROUNDING_DEGREES);
			const geodetic = cellCentres(cell, "authalic").latitudes[0]!;
			expect(Math.abs(geodetic - lat_geodetic_if_authalic)).toBeLessThan(ROUNDING_DEGREES);
		}
	});

	test("62 outlines have the recorded vertices, in order and with the recorded signs at the antimeridian", () => {
		for (const { word, step, latlon } of vectors.generated.polygons.records) {
			const polygon = cellPolygon(BigInt(word), step);
			expect(polygon.latitudes).toHaveLength(latlon.length);
			for (const [index, [latitude, longitude]] of latlon.entries()) {
				expect(Math.abs(polygon.latitudes[index]! - latitude)).toBeLessThan(1e-11);
				expect(Math.abs(polygon.longitudes[index]! - longitude)).toBeLessThan(1e-11);
			}
		}
	});

	test("authalic corners agree with an independent implementation", () => {
		const { boundary, boundary_depth } = vectors.from_mortie_tests.healpix_geo_goldens;
		for (const { ipix, vertices_lon, vertices_lat } of boundary) {
			const corners = cellBoundary(packWord(BigInt(ipix), boundary_depth), 1, "authalic");
			const found = [...corners.latitudes].map((latitude, index) => [
				latitude,
				(corners.longitudes[index]! + 360) % 360,
			]);
			const expected = vertices_lat.map((latitude: number, index: number) => [latitude, vertices_lon[index] % 360]);
			expect(rounded(found)).toEqual(rounded(expected));
		}
	});

	test("boxes around corners are as recorded", () => {
		for (const { word, ...bounds } of vectors.generated.bboxes.records) {
			for (const [side, degrees] of Object.entries(cellBounds(BigInt(word)))) {
				expect(Math.abs(degrees - bounds[side])).toBeLessThan(1e-11);
			}
		}
	});

	test("latitudes convert bit for bit, and to the 60-digit references within rounding", () => {
		for (const { lat, authalic, back } of vectors.generated.authalic.records) {
			expect(authalicLatitude(lat)).toBe(authalic);
			expect(geodeticLatitude(lat)).toBe(back);
		}
		const { forward_deg, inverse_deg } = vectors.from_mortie_tests.authalic_reference;
		for (const [from, to] of forward_deg) {
			expect(Math.abs(authalicLatitude(Number(from)) - Number(to))).toBeLessThan(1e-12);
		}
		for (const [from, to] of inverse_deg) {
			expect(Math.abs(geodeticLatitude(Number(from)) - Number(to))).toBeLessThan(1e-12);
		}
	});

	test("120 pairs of MOCs combine as recorded", () => {
		const { records } = vectors.generated.moc;
		for (const record of records) {
			const a = words(record.a);
			const b = words(record.b);
			expect(texts(normalizeMoc(a))).toEqual(record.norm_a);
			expect(texts(unionMocs(a, b))).toEqual(record.or);
			expect(texts(intersectMocs(a, b))).toEqual(record.and);
			expect(texts(subtractMocs(a, b))).toEqual(record.minus);
			expect(texts(symmetricDifferenceOfMocs(a, b))).toEqual(record.xor);
			expect(mocsIntersect(a, b)).toBe(record.intersects);
			expect(texts(mocToOrder(a, record.to_order))).toEqual(record.a_to_order);
		}
		expect(records).toHaveLength(120);
	});

	test("the Python system's own sample points and members coarsen as recorded", () => {
		const { a2697ec_points, head_spec_cells } = vectors.from_zagg_tests;
		for (const { lat, lon, order18, clip } of a2697ec_points.records) {
			expect(texts(hashPoints(...point(lat, lon), 18))).toEqual([order18]);
			for (const [order, { word }] of Object.entries<{ word: string }>(clip)) {
				expect(String(coarsenWord(BigInt(order18), Number(order)))).toBe(word);
			}
		}
		for (const { cell, member_words } of head_spec_cells.records) {
			const coarse = clipWords(words(member_words), 6);
			expect(new Set(texts(coarse))).toEqual(new Set([cell]));
		}
	});
});

function point(latitude: number, longitude: number): [Float64Array, Float64Array] {
	return [Float64Array.of(latitude), Float64Array.of(longitude)];
}

function words(list: readonly string[]): BigUint64Array {
	return BigUint64Array.from(list.map(BigInt));
}

function texts(list: BigUint64Array): string[] {
	return Array.from(list, String);
}

function rounded(points: readonly (readonly number[])[]): string[] {
	return points.map((coordinates) => coordinates.map((degrees) => degrees.toFixed(7)).join()).sort();
}
