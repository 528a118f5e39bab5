import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Grid, OUTSIDE_SHARD } from "@zagg/grid";
import { type Hdf5File, type NumericArray, openFileSource, openHdf5 } from "@zagg/hdf5";
import { createHdf5File } from "@zagg/hdf5/writer";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configFromRecord, defaultConfig, type Pipeline, resolvePipeline } from "../config/index.ts";
import { hasBeam } from "./beam.ts";
import { readWhole } from "./full-read.ts";
import { readPlanned } from "./planned-read.ts";
import { readBeam } from "./read-beam.ts";

let folder: string;
const open: Hdf5File[] = [];
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "zagg-read-"));
});
afterAll(async () => {
	await Promise.all(open.map((file) => file.close()));
	await rm(folder, { recursive: true, force: true });
});

interface Values {
	readonly data: NumericArray;
	readonly shape?: readonly number[];
}

async function granule(datasets: Record<string, NumericArray | Values>): Promise<Hdf5File> {
	const path = join(folder, `granule-${open.length}.h5`);
	const writer = await createHdf5File(path);
	for (const [name, values] of Object.entries(datasets)) {
		const { data, shape } = "data" in values ? values : { data: values };
		await writer.writeDataset(name, data, shape && { shape });
	}
	await writer.close();
	const file = await openHdf5(await openFileSource(path));
	open.push(file);
	return file;
}

interface Box {
	readonly south: number;
	readonly north: number;
	readonly west?: number;
	readonly east?: number;
}

/** A grid of one shard whose cells are all rank 0: every point is in it, or only those in a band of latitudes. */
function oneShard(footprint: Box, strict = false): Grid {
	const { south, north, west = -0.5, east = 0.5 } = footprint;
	return {
		ranksInShard: (latitudes: Float64Array) =>
			Uint32Array.from(latitudes, (latitude) => (strict && (latitude < south || latitude > north) ? OUTSIDE_SHARD : 0)),
		shardFootprint: () => ({
			latitudes: Float64Array.of(south, south, north, north, south),
			longitudes: Float64Array.of(west, east, east, west, west),
		}),
	} as unknown as Grid;
}

const everywhere = oneShard({ south: -90, north: 90, west: -180, east: 180 });

function pipelineOf(dataSource: object): Pipeline {
	const { aggregation, output } = defaultConfig("atl06");
	return resolvePipeline(
		configFromRecord({
			data_source: {
				groups: ["gt1l"],
				coordinates: { latitude: "/{group}/lat", longitude: "/{group}/lon" },
				variables: { h: "/{group}/h" },
				...dataSource,
			},
			aggregation: {
				...aggregation,
				variables: { count: { function: "len", source: "h", dtype: "int32", fill_value: 0 } },
			},
			output,
		}),
	);
}

async function heights(file: Hdf5File, pipeline: Pipeline, grid = everywhere): Promise<number[] | null> {
	const rows = await readBeam({ file, group: "gt1l", pipeline, grid, shardKey: 0n, signal: undefined });
	return rows && [...(rows.columns.get("h") as Float32Array)];
}

/** A flat beam of `h` with flags beside it. */
function flatBeam(h: readonly number[], flags: Record<string, NumericArray | Values> = {}) {
	const latitudes = Float64Array.from(h, (_, row) => row / 10);
	return granule({ "/gt1l/lat": latitudes, "/gt1l/lon": latitudes, "/gt1l/h": Float32Array.from(h), ...flags });
}

const flag = "/{group}/flag";

describe("reading a beam", () => {
	it("keeps the rows that a quality filter lets through", async () => {
		const file = await flatBeam([10, 20, 30], { "/gt1l/flag": Int8Array.of(0, 1, 0) });
		expect(await heights(file, pipelineOf({ quality_filter: { dataset: flag, value: 0 } }))).toEqual([10, 30]);
	});

	it("looks at one column of a 2-D flag", async () => {
		const confidence = { data: Int8Array.of(0, -2, 4, -2, 3), shape: [5, 1] };
		const file = await flatBeam([0, 1, 2, 3, 4], { "/gt1l/flag": confidence });
		const filters = [{ dataset: flag, column: 0, op: "ne", value: -2 }];
		expect(await heights(file, pipelineOf({ filters }))).toEqual([0, 2, 4]);
	});

	it("applies every filter", async () => {
		const file = await flatBeam([0, 1, 2, 3, 4], {
			"/gt1l/flag": Int8Array.of(0, 0, 1, 0, 0),
			"/gt1l/confidence": Int8Array.of(4, 4, 4, 1, 2),
		});
		const filters = [
			{ dataset: flag, op: "eq", value: 0 },
			{ dataset: "/{group}/confidence", op: "in", values: [2, 3, 4] },
		];
		expect(await heights(file, pipelineOf({ filters }))).toEqual([0, 1, 4]);
	});

	it("filters by expressions over the rows that are left", async () => {
		const file = await flatBeam([-1, 2, -3, 4, 5], { "/gt1l/flag": Int8Array.of(0, 1, 0, 0, 0) });
		const structured = { dataset: flag, op: "eq", value: 0 };
		expect(await heights(file, pipelineOf({ filters: [{ expression: "h > 0" }] }))).toEqual([2, 4, 5]);
		expect(await heights(file, pipelineOf({ filters: [structured, { expression: "h > 0" }] }))).toEqual([4, 5]);
		const two = [{ expression: "h > -2" }, { expression: "(h > 0) & (h < 5)" }];
		expect(await heights(file, pipelineOf({ filters: two }))).toEqual([2, 4]);
	});

	it("refuses an expression that is no mask over the rows", async () => {
		const file = await flatBeam([1, 2]);
		await expect(heights(file, pipelineOf({ filters: [{ expression: "np.max(h) > 0" }] }))).rejects.toThrow(
			"expression filter 'np.max(h) > 0' must yield a per-row boolean mask (got shape ())",
		);
	});

	it("keeps everything without filters, and gives null when nothing is left", async () => {
		const file = await flatBeam([1, 2]);
		expect(await heights(file, pipelineOf({}))).toEqual([1, 2]);
		expect(await heights(file, pipelineOf({ filters: [{ expression: "h > 9" }] }))).toBeNull();
		expect(await heights(file, pipelineOf({}), oneShard({ south: 50, north: 60 }, true))).toBeNull();
		expect(await heights(await flatBeam([]), pipelineOf({}))).toBeNull();
	});

	it("uses a dataset that is both variable and flag", async () => {
		const file = await flatBeam([1, 2, 3, 4]);
		expect(await heights(file, pipelineOf({ filters: [{ dataset: "/{group}/h", op: "ge", value: 2 }] }))).toEqual([
			2, 3, 4,
		]);
	});

	it("reads only between the first and the last point in the shard, and drops those outside it", async () => {
		const latitudes = Float64Array.of(0, 10, 0, 10, 0);
		const file = await granule({
			"/gt1l/lat": latitudes,
			"/gt1l/lon": latitudes,
			"/gt1l/h": Float32Array.of(1, 2, 3, 4, 5),
		});
		expect(await heights(file, pipelineOf({}), oneShard({ south: 9, north: 11 }, true))).toEqual([2, 4]);
	});

	it("says which datasets do not fit together", async () => {
		const file = await granule({
			"/gt1l/lat": new Float64Array(3),
			"/gt1l/lon": new Float64Array(3),
			"/gt1l/h": new Float32Array(2),
		});
		await expect(heights(file, pipelineOf({}))).rejects.toThrow("h");
		const uneven = await granule({ "/gt1l/lat": new Float64Array(3), "/gt1l/lon": new Float64Array(2) });
		await expect(heights(uneven, pipelineOf({}))).rejects.toThrow("/gt1l/lat has 3 values and /gt1l/lon has 2");
	});

	it("knows an absent beam from one that lacks a dataset", async () => {
		const file = await granule({ "/gt1l/lat": new Float64Array(1) });
		const pipeline = pipelineOf({});
		expect(await hasBeam({ file, group: "gt1l", pipeline, signal: undefined })).toBe(true);
		expect(await hasBeam({ file, group: "gt2r", pipeline, signal: undefined })).toBe(false);
		await expect(heights(file, pipeline)).rejects.toMatchObject({ code: "hdf5/not-found" });
	});
});

/** Photons of segments: `h` is 10 times the row; `lat` of a photon is its segment's. */
async function photonBeam(options: {
	latitudes: readonly number[];
	begin: readonly number[];
	count: readonly number[];
	photonLatitudes?: readonly number[];
	flags?: Record<string, NumericArray | Values>;
}): Promise<Hdf5File> {
	const { latitudes, begin, count } = options;
	const owned =
		options.photonLatitudes ?? latitudes.flatMap((latitude, segment) => Array(count[segment]!).fill(latitude));
	return granule({
		"/gt1l/lat": Float64Array.from(owned),
		"/gt1l/lon": new Float64Array(owned.length),
		"/gt1l/h": Float32Array.from(owned, (_, row) => row * 10),
		"/gt1l/seg/lat": Float64Array.from(latitudes),
		"/gt1l/seg/lon": new Float64Array(latitudes.length),
		"/gt1l/seg/beg": BigInt64Array.from(begin, BigInt),
		"/gt1l/seg/cnt": Int32Array.from(count),
		...options.flags,
	});
}

function photonPipeline(options: { plan?: object; filters?: readonly object[]; indexBase?: number }): Pipeline {
	return pipelineOf({
		base_level: "photons",
		levels: {
			photons: { path: "/{group}", coordinates: { latitude: "lat", longitude: "lon" }, link: null },
			segments: {
				path: "/{group}/seg",
				coordinates: { latitude: "lat", longitude: "lon" },
				link: {
					to: "photons",
					index_beg: "/{group}/seg/beg",
					count: "/{group}/seg/cnt",
					index_base: options.indexBase ?? 0,
				},
			},
		},
		filters: options.filters ?? [],
		...(options.plan && { read_plan: { spatial_index: "segments", ...options.plan } }),
	});
}

const podppd = { level: "segments", dataset: "/{group}/seg/podppd", op: "eq", value: 0 };
const sixSegments = { latitudes: [0, 10, 20, 30, 40, 50], begin: [0, 2, 4, 6, 8, 10], count: [2, 2, 2, 2, 2, 2] };

describe("filters on a coarse level", () => {
	const confidence = { level: "segments", dataset: "/{group}/seg/conf", op: "ne", value: -2 };
	const three = (conf: number[], flags = {}) =>
		photonBeam({
			latitudes: [0, 1, 2],
			begin: [0, 2, 4],
			count: [2, 2, 2],
			flags: { "/gt1l/seg/conf": Int8Array.from(conf), ...flags },
		});

	it("drop all base rows of a segment", async () => {
		expect(await heights(await three([4, -2, 4]), photonPipeline({ filters: [confidence] }))).toEqual([0, 10, 40, 50]);
		expect(await heights(await three([-2, -2, -2]), photonPipeline({ filters: [confidence] }))).toBeNull();
	});

	it("go together with filters on base rows", async () => {
		const file = await three([4, -2, 4], { "/gt1l/flag": Int8Array.of(0, 1, 0, 0, 0, 0) });
		const filters = [confidence, { dataset: flag, op: "eq", value: 0 }];
		expect(await heights(file, photonPipeline({ filters }))).toEqual([0, 40, 50]);
	});
});

describe("planned reads", () => {
	const near = oneShard({ south: 17.5, north: 22.5 });

	it("read the base rows of the segments near the shard", async () => {
		const file = await photonBeam(sixSegments);
		// The line between segments 1 and 2 enters the box, so segment 1 is read too.
		expect(await heights(file, photonPipeline({ plan: { pad: 0 } }), near)).toEqual([20, 30, 40, 50]);
		expect(await heights(file, photonPipeline({ plan: { pad: 0 } }), oneShard({ south: 80, north: 85 }))).toBeNull();
		expect(await heights(file, photonPipeline({ plan: {} }), oneShard({ south: 49, north: 51 }))).toEqual([
			60, 70, 80, 90, 100, 110,
		]);
	});

	it("read everything when the plan asks for nearly everything, or the footprint wraps the globe", async () => {
		const file = await photonBeam(sixSegments);
		const all = Array.from({ length: 12 }, (_, row) => row * 10);
		expect(await heights(file, photonPipeline({ plan: { full_read_threshold: 0.1 } }), near)).toEqual(all);
		const wrapped = oneShard({ south: 17.5, north: 22.5, west: -180, east: 180 });
		expect(await heights(file, photonPipeline({ plan: { pad: 0 } }), wrapped)).toEqual(all);
	});

	it("apply coarse filters over the rows they read", async () => {
		const file = await photonBeam({ ...sixSegments, flags: { "/gt1l/seg/podppd": Int8Array.of(0, 1, 0, 0, 0, 0) } });
		expect(await heights(file, photonPipeline({ plan: { pad: 0 }, filters: [podppd] }), near)).toEqual([40, 50]);
		const full = photonPipeline({ plan: { full_read_threshold: 0 }, filters: [podppd] });
		expect(await heights(file, full, near)).toEqual([0, 10, 40, 50, 60, 70, 80, 90, 100, 110]);
	});

	it("skip an empty segment, as full reads do", async () => {
		const file = await photonBeam({ latitudes: [0, 0.1, 30], begin: [1, 0, 3], count: [2, 0, 2] });
		const grid = oneShard({ south: -0.5, north: 0.5 }, true);
		expect(await heights(file, photonPipeline({ plan: { pad: 1 }, indexBase: 1 }), grid)).toEqual([0, 10]);
		expect(await heights(file, photonPipeline({ indexBase: 1 }), grid)).toEqual([0, 10]);
	});

	it("give the rows that full reads give, in the same order", async () => {
		const segment = fc.record({
			step: fc.double({ min: -1, max: 1, noNaN: true }),
			count: fc.integer({ min: 0, max: 4 }),
			keep: fc.integer({ min: 0, max: 1 }),
		});
		await fc.assert(
			fc.asyncProperty(fc.array(segment, { minLength: 1, maxLength: 30 }), async (segments) => {
				let latitude = 0;
				let next = 1;
				const begin = segments.map(({ count }) => {
					next += count;
					return count === 0 ? 0 : next - count;
				});
				const latitudes = segments.map(({ step }) => {
					latitude += step;
					return latitude;
				});
				const file = await photonBeam({
					latitudes,
					begin,
					count: segments.map(({ count }) => count),
					flags: { "/gt1l/seg/podppd": Int8Array.from(segments, ({ keep }) => keep) },
				});
				if (next === 1) return;
				const grid = oneShard({ south: -1, north: 1 }, true);
				const pipeline = photonPipeline({ plan: { pad: 0, full_read_threshold: 1 }, filters: [podppd], indexBase: 1 });
				const beam = { file, group: "gt1l", pipeline, grid, shardKey: 0n, signal: undefined };
				expect(await readPlanned(beam)).toEqual(await readWhole(beam));
			}),
			{ numRuns: 60 },
		);
	});
});
