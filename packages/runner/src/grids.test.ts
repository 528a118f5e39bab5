import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	defaultConfig,
	openArray,
	openLocalStore,
	type PipelineConfig,
	quantileFromTdigest,
	raggedCells,
	readChunk,
	readRagged,
	type ShardMetadata,
} from "@zagg/aggregate";
import { createHdf5File } from "@zagg/hdf5/writer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runPipeline } from "./fixtures/run-pipeline.ts";

/** Land-ice segments around the South Pole: along circles, so that every longitude occurs. */
const points = Array.from({ length: 6000 }, (_, index) => ({
	latitude: -78.5 - (index % 7) * 0.11 - index * 1e-5,
	longitude: ((index * 0.06) % 360) - 180,
	height: 1000 + 50 * Math.sin(index / 30) + (index % 13),
	sigma: 0.05 + (index % 5) * 0.01,
}));

let folder: string;
let granule: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "zagg-grids-"));
	granule = join(folder, "circles.h5");
	await using file = await createHdf5File(granule);
	const group = "/gt2l/land_ice_segments";
	await file.writeDataset(
		`${group}/latitude`,
		Float64Array.from(points, ({ latitude }) => latitude),
	);
	await file.writeDataset(
		`${group}/longitude`,
		Float64Array.from(points, ({ longitude }) => longitude),
	);
	await file.writeDataset(
		`${group}/h_li`,
		Float32Array.from(points, ({ height }) => height),
	);
	await file.writeDataset(
		`${group}/h_li_sigma`,
		Float32Array.from(points, ({ sigma }) => sigma),
	);
	await file.writeDataset(`${group}/atl06_quality_summary`, new Int8Array(points.length));
	await file.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const atl06 = defaultConfig("atl06");
const withGrid = (grid: Record<string, unknown>, variables?: Record<string, unknown>): PipelineConfig => ({
	...atl06,
	...(variables && { aggregation: { ...atl06.aggregation, variables } }),
	output: { ...atl06.output, grid },
});

/** Every cell with data of a two-dimensional store, as "row,column". */
async function cellsOf(path: string, names: readonly string[], blocks: readonly [number, number], chunk: number) {
	const store = await openLocalStore(path);
	const arrays = await Promise.all(names.map((name) => openArray(store, `rectilinear/${name}`)));
	const cells = new Map<string, number[]>();
	for (let block = 0; block < blocks[0] * blocks[1]; block++) {
		const index = [Math.floor(block / blocks[1]), block % blocks[1]];
		const chunks = await Promise.all(arrays.map((array) => readChunk(array, index)));
		for (let rank = 0; rank < chunk * chunk; rank++) {
			const values = chunks.map((data) => Number(data[rank]));
			if (values[0] === 0) continue;
			cells.set(`${index[0]! * chunk + Math.floor(rank / chunk)},${index[1]! * chunk + (rank % chunk)}`, values);
		}
	}
	return cells;
}

/** Antarctic polar stereographic metres (EPSG:3031): Snyder, Map Projections - A Working Manual, 1987, p. 161. */
function polarStereographic(latitude: number, longitude: number): { x: number; y: number } {
	const semimajor = 6378137;
	const eccentricity = Math.sqrt(0.0066943799901413165);
	const t = (degrees: number): number => {
		const phi = (-degrees * Math.PI) / 180;
		const part = ((1 - eccentricity * Math.sin(phi)) / (1 + eccentricity * Math.sin(phi))) ** (eccentricity / 2);
		return Math.tan(Math.PI / 4 - phi / 2) / part;
	};
	const trueScale = (71 * Math.PI) / 180;
	const m = Math.cos(trueScale) / Math.sqrt(1 - (eccentricity * Math.sin(trueScale)) ** 2);
	const rho = (semimajor * m * t(latitude)) / t(-71);
	const lambda = (longitude * Math.PI) / 180;
	return { x: rho * Math.sin(lambda), y: rho * Math.cos(lambda) };
}

describe("a projected grid, end to end", () => {
	it("stores in every cell what a plain loop over the points finds there", async () => {
		const extent = 1_600_000;
		const resolution = 50_000;
		const grid = {
			type: "rectilinear",
			crs: "EPSG:3031",
			resolution,
			bounds: [-extent, -extent, extent, extent],
			chunk_shape: [16, 16],
		};
		const { summary, store } = await runPipeline(withGrid(grid), [granule], folder, "polar");
		const expected = new Map<string, number[]>();
		for (const { latitude, longitude, height } of points) {
			const { x, y } = polarStereographic(latitude, longitude);
			const cell = `${Math.floor((extent - y) / resolution)},${Math.floor((x + extent) / resolution)}`;
			expected.set(cell, [...(expected.get(cell) ?? []), Math.fround(height)]);
		}
		expect(summary).toMatchObject({ cells_error: 0, total_obs: points.length });
		const cells = await cellsOf(store, ["count", "h_min", "h_max"], [4, 4], 16);
		expect([...cells.keys()].sort()).toEqual([...expected.keys()].sort());
		for (const [cell, heights] of expected) {
			expect(cells.get(cell), cell).toEqual([heights.length, Math.min(...heights), Math.max(...heights)]);
		}
	});

	it("gives geographic coordinates their rows and columns", async () => {
		const grid = {
			type: "rectilinear",
			crs: "EPSG:4326",
			resolution: 10,
			bounds: [-180, -90, 180, 90],
			chunk_shape: [6, 6],
		};
		const { summary, store } = await runPipeline(withGrid(grid), [granule], folder, "geographic");
		expect(summary.total_obs).toBe(points.length);
		const cells = await cellsOf(store, ["count"], [3, 6], 6);
		const expected = new Map<string, number[]>();
		for (const { latitude, longitude } of points) {
			const cell = `${Math.floor((90 - latitude) / 10)},${Math.floor((longitude + 180) / 10)}`;
			expected.set(cell, [(expected.get(cell)?.[0] ?? 0) + 1]);
		}
		expect(cells).toEqual(expected);
	});
});

describe("HEALPix, end to end", () => {
	const healpix = { type: "healpix", parent_order: 3, child_order: 6 };
	const shardsOf = (summary: { results: readonly ShardMetadata[] }): bigint[] =>
		summary.results.map(({ shard_key: key }) => key).sort((left, right) => (left < right ? -1 : 1));

	it("stores the same cells in the dense layout as on the full sphere", async () => {
		const full = await runPipeline(withGrid(healpix), [granule], folder, "full");
		const dense = await runPipeline(withGrid({ ...healpix, layout: "dense" }), [granule], folder, "dense");
		expect(dense.lines[0]).toContain("layout is deprecated");
		expect(shardsOf(dense.summary)).toEqual(shardsOf(full.summary));
		expect(full.summary.results.length).toBeGreaterThan(3);
		const shape = JSON.parse(await readFile(join(dense.store, "6/count/zarr.json"), "utf8")).shape;
		expect(shape).toEqual([64 * full.summary.results.length]);
		// Blocks of the full sphere are NESTED indices; dense ones count through the shards in catalog order.
		const nested = (key: bigint): number => Number(BigInt.asUintN(64, key) >> 60n) * 64 - 64;
		const fullStore = await openLocalStore(full.store);
		const denseStore = await openLocalStore(dense.store);
		for (const name of ["count", "h_mean", "h_q25", "h_sigma", "cell_ids", "morton"]) {
			const [fullArray, denseArray] = await Promise.all([
				openArray(fullStore, `6/${name}`),
				openArray(denseStore, `6/${name}`),
			]);
			for (const [position, key] of shardsOf(full.summary).entries()) {
				const path = Number((key >> 54n) & 63n);
				const inFull = await readChunk(fullArray, [nested(key) + path]);
				expect(await readChunk(denseArray, [position]), `${name} of ${key}`).toEqual(inFull);
			}
		}
	});

	it("stores vectors and digests beside scalars, and gives them back", async () => {
		const config = withGrid(healpix, {
			count: { function: "len", source: "h_li", dtype: "int32", fill_value: 0 },
			h_median: { function: "median", source: "h_li", dtype: "float32" },
			bins: {
				kind: "vector",
				trailing_shape: 6,
				expression: "np.histogram(h_li, 6, (900.0, 1100.0))[0]",
				source: "h_li",
				dtype: "int32",
				fill_value: 0,
			},
			extremes: {
				kind: "vector",
				trailing_shape: [2, 2],
				expression: "np.array([[np.min(h_li), np.max(h_li)], [np.median(h_li), len(h_li)]])",
				source: "h_li",
				dtype: "float32",
			},
			h_digest: {
				kind: "ragged",
				inner_shape: [2],
				function: "zagg.stats.tdigest.build_tdigest",
				source: "h_li",
				params: { delta: 64 },
				dtype: "float32",
			},
		});
		const { summary, store: path } = await runPipeline(config, [granule], folder, "kinds");
		expect(summary).toMatchObject({ cells_error: 0, total_obs: points.length });
		const store = await openLocalStore(path);
		const [counts, medians, bins, extremes] = await Promise.all(
			["count", "h_median", "bins", "extremes"].map((name) => openArray(store, `6/${name}`)),
		);
		let observations = 0;
		let digests = 0;
		for (const key of shardsOf(summary)) {
			const block = Number(BigInt.asUintN(64, key) >> 60n) * 64 - 64 + Number((key >> 54n) & 63n);
			const count = await readChunk(counts!, [block]);
			const median = await readChunk(medians!, [block]);
			const binned = await readChunk(bins!, [block, 0]);
			const extreme = await readChunk(extremes!, [block, 0, 0]);
			for (const { rank, rows } of raggedCells(await readRagged(store, "6/h_digest_ragged", [block]))) {
				digests++;
				const digest = rows as Float32Array;
				let weight = 0;
				for (let index = 1; index < digest.length; index += 2) weight += digest[index]!;
				expect(weight).toBe(Number(count[rank]));
				// Interpolated between centroids, where the median takes the middle of two values.
				expect(Math.abs(quantileFromTdigest(digest, 0.5) - Number(median[rank]))).toBeLessThan(15);
				const sum = Array.from({ length: 6 }, (_, bin) => Number(binned[rank * 6 + bin])).reduce((a, b) => a + b);
				expect(sum).toBe(Number(count[rank]));
				const [lowest, highest, middle, many] = extreme.subarray(rank * 4, rank * 4 + 4);
				expect([middle, many]).toEqual([median[rank], count[rank]]);
				expect(lowest! <= middle! && middle! <= highest!).toBe(true);
				observations += sum;
			}
			expect([...count].filter((each) => Number(each) > 0)).toHaveLength(
				summary.results.find(({ shard_key }) => shard_key === key)!.cells_with_data,
			);
		}
		expect(observations).toBe(points.length);
		expect(digests).toBe(summary.results.reduce((sum, { cells_with_data: cells }) => sum + cells, 0));
	});
});
