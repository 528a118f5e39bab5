import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type Hdf5File, type NumericArray, openFileSource, openHdf5 } from "@zagg/hdf5";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HEIGHT_FILL_VALUE } from "./atl06-granule.ts";
import { writeAtl06Sample } from "./atl06-sample.ts";

const SEGMENTS_PER_BEAM = 2000;
const allBeams = ["gt1l", "gt1r", "gt2l", "gt2r", "gt3l", "gt3r"];

let directory: string;
let paths: string[];
let files: Hdf5File[];

beforeAll(async () => {
	directory = await mkdtemp(join(tmpdir(), "zagg-atl06-sample-"));
	const options = { granuleCount: 4, segmentsPerBeam: SEGMENTS_PER_BEAM, seed: 7 };
	paths = await writeAtl06Sample({ directory: join(directory, "granules"), ...options });
	files = await Promise.all(paths.map(async (path) => openHdf5(await openFileSource(path))));
});
afterAll(async () => {
	await Promise.all(files.map((file) => file.close()));
	await rm(directory, { recursive: true });
});

async function column<Column extends NumericArray>(file: Hdf5File, beam: string, name: string): Promise<Column> {
	const dataset = await file.dataset(`/${beam}/land_ice_segments/${name}`);
	return (await dataset.read()) as Column;
}

describe("the ATL06 sample", () => {
	test("is one file per granule, named after date, track, cycle and region, and nothing else", async () => {
		const names = [
			"ATL06_20190416093911_02770303_006_01.h5",
			"ATL06_20190416222403_02850305_006_01.h5",
			"ATL06_20190420093053_03380303_006_01.h5",
			"ATL06_20190420221544_03460305_006_01.h5",
		];
		expect(paths.map((path) => basename(path))).toEqual(names);
		expect((await readdir(join(directory, "granules"))).toSorted()).toEqual(names);
	});

	test("has all six beams, but for one in the last granule", async () => {
		const beams = await Promise.all(files.map((file) => file.list("/")));
		const lacking = allBeams.filter((beam) => beam !== "gt2r");
		expect(beams).toEqual([allBeams, allBeams, allBeams, lacking]);
	});

	test("has the columns of ATL06 in its types and chunks", async () => {
		const group = "/gt3l/land_ice_segments";
		const columns = (await files[0]!.list(group)).map(async (name) => {
			const { type, shape, chunkShape } = await files[0]!.dataset(`${group}/${name}`);
			return [name, type, shape, chunkShape];
		});
		expect(await Promise.all(columns)).toEqual([
			["atl06_quality_summary", "int8", [SEGMENTS_PER_BEAM], [10_000]],
			["h_li", "float32", [SEGMENTS_PER_BEAM], [10_000]],
			["h_li_sigma", "float32", [SEGMENTS_PER_BEAM], [10_000]],
			["latitude", "float64", [SEGMENTS_PER_BEAM], [10_000]],
			["longitude", "float64", [SEGMENTS_PER_BEAM], [10_000]],
			["segment_id", "int32", [SEGMENTS_PER_BEAM], [10_000]],
		]);
	});

	test("ascends and descends by turns through West Greenland", async () => {
		for (const [index, file] of files.entries()) {
			const sign = index % 2 === 0 ? 1 : -1;
			for (const beam of await file.list("/")) {
				const latitude = await column<Float64Array>(file, beam, "latitude");
				const longitude = await column<Float64Array>(file, beam, "longitude");
				const segmentId = await column<Int32Array>(file, beam, "segment_id");
				for (let row = 1; row < SEGMENTS_PER_BEAM; row++) {
					if ((latitude[row]! - latitude[row - 1]!) * sign <= 0 || segmentId[row] !== segmentId[row - 1]! + 1) {
						expect.unreachable(`${basename(paths[index]!)} ${beam} turns round at row ${row}`);
					}
				}
				expect(latitude[SEGMENTS_PER_BEAM / 2]).toBeCloseTo(71, 1);
				expect(longitude[SEGMENTS_PER_BEAM / 2]).toBeGreaterThan(-51.15);
				expect(longitude[SEGMENTS_PER_BEAM / 2]).toBeLessThan(-48.85);
			}
		}
	});

	test("marks about 7 % of the segments as bad and gives exactly those no height", async () => {
		let bad = 0;
		let all = 0;
		for (const file of files) {
			for (const beam of await file.list("/")) {
				const quality = await column<Int8Array>(file, beam, "atl06_quality_summary");
				const height = await column<Float32Array>(file, beam, "h_li");
				const sigma = await column<Float32Array>(file, beam, "h_li_sigma");
				const isBad = Array.from(quality, (value) => value === 1);
				expect(Array.from(height, (value) => value === HEIGHT_FILL_VALUE)).toEqual(isBad);
				expect(Array.from(sigma, (value) => value === HEIGHT_FILL_VALUE)).toEqual(isBad);
				bad += isBad.filter(Boolean).length;
				all += isBad.length;
			}
		}
		expect(all).toBe(23 * SEGMENTS_PER_BEAM);
		expect(bad / all).toBeGreaterThan(0.065);
		expect(bad / all).toBeLessThan(0.075);
	});

	test("has heights of an ice sheet that rises inland, and small errors", async () => {
		const heights: number[] = [];
		for (const file of files) {
			const height = (await column<Float32Array>(file, "gt2l", "h_li")).filter((value) => value !== HEIGHT_FILL_VALUE);
			const sigma = (await column<Float32Array>(file, "gt2l", "h_li_sigma")).filter(
				(value) => value !== HEIGHT_FILL_VALUE,
			);
			heights.push(height.reduce((sum, value) => sum + value, 0) / height.length);
			expect(Math.min(...height)).toBeGreaterThan(500);
			expect(Math.max(...height)).toBeLessThan(2000);
			expect(Math.min(...sigma)).toBeGreaterThanOrEqual(Math.fround(0.01));
			expect(Math.max(...sigma)).toBeLessThanOrEqual(Math.fround(0.2));
		}
		// The first pass is at 49.5° W, the third at 50.3° W, nearer to the margin.
		expect(heights[0]! - heights[2]!).toBeGreaterThan(400);
	});
});

describe("writing the sample", () => {
	test("gives the same bytes for the same seed, and other values for another", async () => {
		const options = { granuleCount: 2, segmentsPerBeam: 100 };
		const bytesOf = async (name: string, seed: number) => {
			const written = await writeAtl06Sample({ directory: join(directory, name), ...options, seed });
			return Promise.all(written.map(async (path) => (await readFile(path)).toString("base64")));
		};
		const first = await bytesOf("first", 1);
		expect(await bytesOf("again", 1)).toEqual(first);
		const other = await bytesOf("other", 2);
		expect(other[0]).not.toBe(first[0]);
		expect(other[1]).not.toBe(first[1]);
	});

	test("gives a single granule all its beams, and more granules than tracks another cycle", async () => {
		const folder = join(directory, "many");
		const [single] = await writeAtl06Sample({ directory: folder, granuleCount: 1, segmentsPerBeam: 10, seed: 1 });
		const file = await openHdf5(await openFileSource(single!));
		expect(await file.list("/")).toEqual(allBeams);
		await file.close();

		const many = await writeAtl06Sample({ directory: folder, granuleCount: 40, segmentsPerBeam: 10, seed: 1 });
		expect(new Set(many).size).toBe(40);
		const cycles = new Set(many.map((path) => basename(path).slice(25, 27)));
		expect([...cycles]).toEqual(["03", "04", "05"]);
	});
});
