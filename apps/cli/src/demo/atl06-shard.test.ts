import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { openFileSource, openHdf5 } from "@zagg/hdf5";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ATL06_SHARD_KEY, writeAtl06Shard } from "./atl06-shard.ts";

let directory: string;
beforeAll(async () => {
	directory = await mkdtemp(join(tmpdir(), "zagg-atl06-shard-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** Latitudes and longitudes of all beams of a granule. */
async function positions(path: string): Promise<{ latitude: Float64Array; longitude: Float64Array }[]> {
	const file = await openHdf5(await openFileSource(path));
	const beams = [];
	for (const beam of await file.list("/")) {
		const latitude = (await (await file.dataset(`/${beam}/land_ice_segments/latitude`)).read()) as Float64Array;
		const longitude = (await (await file.dataset(`/${beam}/land_ice_segments/longitude`)).read()) as Float64Array;
		beams.push({ latitude, longitude });
	}
	await file.close();
	return beams;
}

/** Column and row, within their base cell, of a HEALPix cell of order 6 given as a packed morton word. */
function columnAndRow(key: bigint): [column: number, row: number] {
	const path = Number((key >> 48n) & 0xfffn);
	let column = 0;
	let row = 0;
	for (let bit = 0; bit < 6; bit++) {
		column |= ((path >> (2 * bit)) & 1) << bit;
		row |= ((path >> (2 * bit + 1)) & 1) << bit;
	}
	return [column, row];
}

/** Column and row of the order 6 cell, within base cell 3, of a point between 41.9° and 90° N, 90° W and 0°. */
function columnAndRowAt(latitude: number, longitude: number): [column: number, row: number] {
	const fromPole = Math.sqrt(3 * (1 - Math.sin((latitude * Math.PI) / 180)));
	const east = ((longitude + 45) / 45) * fromPole;
	const north = 2 - fromPole;
	return [Math.floor((north + east) * 32), Math.floor((north - east) * 32)];
}

describe("a shard of ATL06 points", () => {
	test.each([
		[100_001, 3],
		[3, 2],
	])("of %i points in %i granules has exactly that many, all in its cell", async (pointCount, granuleCount) => {
		const paths = await writeAtl06Shard({
			directory: join(directory, String(pointCount)),
			pointCount,
			granuleCount,
			seed: 1,
		});
		expect(paths).toHaveLength(granuleCount);
		expect(ATL06_SHARD_KEY >> 60n).toBe(4n); // base cell 3
		const shard = columnAndRow(ATL06_SHARD_KEY);
		let points = 0;
		for (const path of paths) {
			const beams = await positions(path);
			expect(beams).toHaveLength(6);
			for (const { latitude, longitude } of beams) {
				points += latitude.length;
				for (let row = 0; row < latitude.length; row++) {
					const cell = columnAndRowAt(latitude[row]!, longitude[row]!);
					if (cell[0] !== shard[0] || cell[1] !== shard[1]) expect.unreachable(`row ${row} is in cell ${cell}`);
				}
			}
		}
		expect(points).toBe(pointCount);
	});

	test("has the same bytes for the same seed", async () => {
		const options = { pointCount: 20_000, granuleCount: 2 };
		const first = await writeAtl06Shard({ directory: join(directory, "first"), ...options, seed: 5 });
		const again = await writeAtl06Shard({ directory: join(directory, "again"), ...options, seed: 5 });
		expect(first.map((path) => basename(path))).toEqual(["ATL06_shard_001.h5", "ATL06_shard_002.h5"]);
		for (const [index, path] of first.entries()) {
			expect((await readFile(path)).equals(await readFile(again[index]!))).toBe(true);
		}
	});
});
