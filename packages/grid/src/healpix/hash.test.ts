import fc from "fast-check";
import { expect, test } from "vitest";
import { hashPoints, hashPointWords, nestedIds } from "./hash.ts";
import { clipWords } from "./hierarchy.ts";
import { BLOCK_LENGTH } from "./locate.ts";
import { packPointWord, unpackWord } from "./morton-word.ts";

const latitude = fc.double({ min: -90, max: 90, noNaN: true });
const longitude = fc.double({ min: -720, max: 720, noNaN: true });

function at(...points: [number, number][]): [Float64Array, Float64Array] {
	return [Float64Array.from(points, ([lat]) => lat), Float64Array.from(points, ([, lon]) => lon)];
}

test.each([
	[-78.5, -132, 688976699446, 12712032410179469330n, 41066, 168207202],
	[-72.1, 25.4, 558728742442, 10526834301964648466n, 33302, 136408384],
	[-65, -45, 768815873795, 14051511483494301714n, 45824, 187699187],
	[78.3, 12, 67220454614, 2280693591284121618n, 4006, 16411243],
	[38.9, -76.56, 250010347403, 5347399105222017042n, 14901, 61037682],
	[-80, 120, 620929145846, 11570383905160691730n, 37010, 151594029],
])("%d, %d is NESTED %d at order 18", (lat, lon, nested18, word18, nested6, nested12) => {
	const point = at([lat, lon]);
	expect(nestedIds(...point, 18)[0]).toBe(nested18);
	expect(hashPoints(...point, 18)[0]).toBe(word18);
	expect(nestedIds(...point, 6)[0]).toBe(nested6);
	expect(nestedIds(...point, 12)[0]).toBe(nested12);
});

test("the poles are in the last and first cells of their lunes", () => {
	expect([...nestedIds(...at([90, 0], [90, 100], [-90, 0], [-90, 350]), 3)]).toEqual([63, 127, 512, 704]);
});

test("on a seam the point goes east, but west on seams of negative longitude", () => {
	expect([...nestedIds(...at([60, 180], [60, -180]), 3)]).toEqual([174, 93]);
	expect(nestedIds(...at([90, -0]), 3)[0]).toBe(255);
	expect([...nestedIds(...at([10, 180], [10, -180]), 3)].every((id, _, ids) => id === ids[0])).toBe(true);
});

test("longitudes need no wrapping", () => {
	const ids = nestedIds(...at([30, -76.5], [30, 283.5], [30, 643.5], [30, -436.5]), 10);
	expect(new Set(ids).size).toBe(1);
});

test("invalid coordinates give the empty word, and NaN as id", () => {
	const invalid: [number, number][] = [
		[Number.NaN, 0],
		[0, Number.NaN],
		[90.0001, 0],
		[-91, 0],
		[0, Number.POSITIVE_INFINITY],
		[0, 11520],
		[3.4028234663852886e38, 3.4028234663852886e38],
	];
	expect([...hashPoints(...at(...invalid), 12)]).toEqual(invalid.map(() => 0n));
	expect([...hashPoints(...at(...invalid), 29)]).toEqual(invalid.map(() => 0n));
	expect([...hashPointWords(...at(...invalid))]).toEqual(invalid.map(() => 0n));
	expect([...nestedIds(...at(...invalid), 12)]).toEqual(invalid.map(() => Number.NaN));
});

test("hashing at an order equals hashing at order 29 and clipping, in both conventions", () => {
	fc.assert(
		fc.property(latitude, longitude, fc.integer({ min: 0, max: 29 }), (lat, lon, order) => {
			const point = at([lat, lon]);
			for (const convention of ["geodetic", "authalic"] as const) {
				const options = { latitude: convention };
				const word = hashPoints(...point, order, options);
				expect(clipWords(hashPoints(...point, 29, options), order)).toEqual(word);
				const { nested } = unpackWord(hashPoints(...point, 29, options)[0]!);
				expect(hashPointWords(...point, options)[0]).toBe(packPointWord(nested));
				if (order <= 24) expect(BigInt(nestedIds(...point, order, options)[0]!)).toBe(unpackWord(word[0]!).nested);
			}
		}),
	);
});

test("points beyond one block are hashed like single points", () => {
	const count = 2 * BLOCK_LENGTH + 3;
	const latitudes = Float64Array.from({ length: count }, (_, index) => -90 + (180 * index) / count);
	const longitudes = Float64Array.from({ length: count }, (_, index) => (index * 137.5) % 360);
	const words = hashPoints(latitudes, longitudes, 12);
	const ids = nestedIds(latitudes, longitudes, 12);
	for (const index of [0, BLOCK_LENGTH - 1, BLOCK_LENGTH, 2 * BLOCK_LENGTH, count - 1]) {
		const [single] = hashPoints(...at([latitudes[index]!, longitudes[index]!]), 12);
		expect(words[index]).toBe(single);
		expect(ids[index]).toBe(Number(unpackWord(single!).nested));
	}
});

test("results go to the given array, also one in the middle of a buffer", () => {
	const buffer = new BigUint64Array(4);
	const out = buffer.subarray(1, 3);
	expect(hashPoints(...at([-78.5, -132], [-72.1, 25.4]), 18, { out })).toBe(out);
	expect([...buffer]).toEqual([0n, 12712032410179469330n, 10526834301964648466n, 0n]);
});

test("wrong lengths and orders are refused", () => {
	const two = new Float64Array(2);
	expect(() => hashPoints(two, new Float64Array(3), 6)).toThrow("2 latitudes, 3 longitudes");
	expect(() => hashPoints(two, two, 6, { out: new BigUint64Array(1) })).toThrow("room for 1");
	expect(() => hashPoints(two, two, 30)).toThrow("order must be a whole number from 0 to 29, got 30");
	expect(() => nestedIds(two, two, 25)).toThrow("order must be a whole number from 0 to 24, got 25");
});
