import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { cellBoundary, healpixGrid, packWord, projection } from "@zagg/grid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeStore } from "./fixtures/write-store.ts";
import { packScene } from "./pack-scene.ts";
import { readScene } from "./read-scene.ts";
import { unpackScene } from "./view/unpack-scene.ts";

const options = { projection: "auto", maxCells: 100 } as const;
const NaNs = Number.NaN;
let folder: string;
const at = (name: string): string => join(folder, name);

/** Order 3 cells in shards of order 2, which are chunks of 4. */
const cells = { shape: [768], chunkShape: [4], dimensionNames: ["cells"] } as const;
const healpix = { dggs: { name: "healpix", refinement_level: 3, indexing_scheme: "nested" } };

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "zagg-scene-"));
	await writeStore(at("healpix.zarr"), "3", healpix, {
		count: {
			...cells,
			dtype: "int32",
			fillValue: 0,
			chunks: { "0": Int32Array.of(5, 0, 0, 7), "190": Int32Array.of(0, 1, 0, 0) },
		},
		h_mean: {
			...{ ...cells, dtype: "float32", fillValue: "NaN" },
			attributes: { units: "m", long_name: "mean height" },
			chunks: { "0": Float32Array.of(1.1, NaNs, NaNs, NaNs) },
		},
		h_class: {
			...{
				dtype: "float64",
				shape: [768, 3],
				chunkShape: [4, 3],
				dimensionNames: ["cells", "vector_0"],
				fillValue: -1,
			},
			chunks: { "0/0": Float64Array.from({ length: 12 }, (_, index) => index / 8) },
		},
		cell_ids: { ...cells, dtype: "uint64", fillValue: 0, chunks: { "0": BigUint64Array.of(0n, 1n, 2n, 3n) } },
	});
	const dense = { ...cells, shape: [8] };
	const words = (shard: bigint) => healpixGrid({ parentOrder: 2, childOrder: 3 }).children(packWord(shard, 2));
	await writeStore(at("dense.zarr"), "3", healpix, {
		count: { ...dense, dtype: "int32", fillValue: 0, chunks: { "1": Int32Array.of(0, 0, 4, 0) } },
		morton: { ...dense, dtype: "uint64", fillValue: 0, chunks: { "0": words(9n), "1": words(100n) } },
	});
	const plane = { shape: [4, 6], chunkShape: [2, 3], dimensionNames: ["y", "x"] };
	const polar = { crs: "EPSG:3031", resolution: [1000, 1000], bounds: [0, 0, 6000, 4000] };
	await writeStore(at("plane.zarr"), "rectilinear", polar, {
		count: { ...plane, dtype: "int32", fillValue: 0, chunks: { "1/1": Int32Array.of(0, 0, 0, 0, 0, 9) } },
		x: { dtype: "float64", shape: [6], chunkShape: [6], dimensionNames: ["x"], fillValue: 0, chunks: {} },
	});
	await writeStore(at("empty.zarr"), "3", healpix, { count: { ...cells, dtype: "int32", fillValue: 0, chunks: {} } });
	await writeStore(at("foreign.zarr"), "3", {}, {});
});
afterAll(() => rm(folder, { recursive: true }));

describe("a scene of a HEALPix store", () => {
	it("has the cells with data, their ids and outlines, and all scalar variables", async () => {
		const scene = await readScene(at("healpix.zarr"), options);
		expect([...scene.ids]).toEqual([0n, 3n, 761n]);
		expect(scene.variables.map(({ name }) => name)).toEqual(["count", "h_mean"]);
		expect(scene.values.map((values) => [...values])).toEqual([
			[5, 7, 1],
			[Math.fround(1.1), NaNs, NaNs],
		]);
		expect(scene.variables[scene.selected]).toEqual({
			...{ name: "h_mean", type: "float32", longName: "mean height", units: "m", noData: null },
			full: { min: Math.fround(1.1), max: Math.fround(1.1) },
			shown: { min: Math.fround(1.1), max: Math.fround(1.1) },
		});
		// Sides of such large cells are curved: eight points each.
		expect(scene.verticesPerCell).toBe(32);
		const { latitudes, longitudes } = cellBoundary(packWord(761n, 3), 8);
		const outline = scene.outlines.subarray(2 * 64, 2 * 96);
		expect(outline.length).toBe(64);
		expect(outline[0]! / 1e7).toBeCloseTo(longitudes[0]!, 6);
		expect(outline[1]! / 1e7).toBeCloseTo(latitudes[0]!, 6);
		expect(scene.title).toBe("healpix.zarr");
		expect(scene.note).toBe("");
	});

	it("takes one element of a vector by its name", async () => {
		const scene = await readScene(at("healpix.zarr"), {
			...options,
			variable: "h_class[2]",
			range: { min: 0, max: 2 },
		});
		expect(scene.variables[scene.selected]).toMatchObject({
			name: "h_class[2]",
			noData: -1,
			shown: { min: 0, max: 2 },
		});
		expect([...scene.values[scene.selected]!]).toEqual([2 / 8, 11 / 8, -1]);
	});

	it("finds the places of a dense store's blocks", async () => {
		const scene = await readScene(at("dense.zarr"), options);
		expect([...scene.ids]).toEqual([402n]);
		const { latitudes } = cellBoundary(packWord(402n, 3), 8);
		expect(scene.outlines[1]! / 1e7).toBeCloseTo(latitudes[0]!, 6);
	});

	it("leaves out evenly spread cells beyond the limit, and says so", async () => {
		const scene = await readScene(at("healpix.zarr"), { ...options, maxCells: 2 });
		expect([...scene.ids]).toEqual([3n, 761n]);
		expect([...scene.values[0]!]).toEqual([7, 1]);
		expect(scene.note).toBe("2 of 3 cells shown, evenly chosen");
	});
});

describe("a scene of a rectilinear store", () => {
	it("has cells with their corners in degrees, and flat ids", async () => {
		const scene = await readScene(at("plane.zarr"), options);
		// Block 1/1, rank 5: row 3, column 5.
		expect([...scene.ids]).toEqual([23n]);
		const [x, y] = [Float64Array.of(5000, 6000), Float64Array.of(1000, 0)];
		const [longitudes, latitudes] = [new Float64Array(2), new Float64Array(2)];
		projection("EPSG:3031").inverse(x, y, longitudes, latitudes);
		const degrees = [...scene.outlines].map((value) => value / 1e7);
		expect(degrees[0]).toBeCloseTo(longitudes[0]!, 6);
		expect(degrees[1]).toBeCloseTo(latitudes[0]!, 6);
		expect(degrees[4]).toBeCloseTo(longitudes[1]!, 6);
		expect(degrees[5]).toBeCloseTo(latitudes[1]!, 6);
		expect(scene.variables.map(({ name }) => name)).toEqual(["count"]);
	});
});

describe("a scene of a shard map", () => {
	const writeMap = (map: unknown) => writeFile(at("map.json"), JSON.stringify(map));
	const granule = { id: "a", s3: null, https: null };

	it("has the shards' footprints and their numbers of granules", async () => {
		const signature = { type: "healpix", parent_order: 4, child_order: 8 };
		const keys = `[${packWord(7n, 4)}, ${packWord(3000n, 4)}]`;
		const granules = [[granule], [granule, granule]];
		const text = JSON.stringify({ metadata: {}, grid_signature: signature, shard_keys: "KEYS", granules });
		await writeFile(at("map.json"), text.replace('"KEYS"', keys));
		const scene = await readScene(at("map.json"), options);
		expect([...scene.ids]).toEqual([packWord(7n, 4), packWord(3000n, 4)]);
		expect([...scene.values[0]!]).toEqual([1, 2]);
		expect(scene.verticesPerCell).toBe(128);
		expect(scene.subtitle).toBe("Shard map, HEALPix order 4, 2 shards, 3 pairs of shard and granule");
	});

	it("reads rectilinear grids from their signature", async () => {
		await writeMap({
			grid_signature: {
				...{ type: "rectilinear", crs: "EPSG:32618", affine: [10, 0, 358_300, 0, -10, 4_311_600] },
				...{ shape: [1200, 1200], chunk_shape: [600, 600] },
			},
			...{ metadata: {}, shard_keys: [3], granules: [[granule]] },
		});
		const scene = await readScene(at("map.json"), options);
		const [x, y] = [Float64Array.of(358_300 + 12_000), Float64Array.of(4_311_600 - 12_000)];
		projection("EPSG:32618").inverse(x, y, x, y);
		expect(scene.outlines[0]! / 1e7).toBeCloseTo(x[0]!, 6);
		expect(scene.outlines[1]! / 1e7).toBeCloseTo(y[0]!, 6);
	});

	it.each([
		[{ shard_keys: [1], granules: [[]], grid_signature: null }, "does not tell its grid"],
		[{ shard_keys: [1], granules: [[]], grid_signature: { type: "hexagons" } }, "does not tell its grid"],
		[
			{ shard_keys: [], granules: [], grid_signature: { type: "healpix", parent_order: 4, child_order: 8 } },
			"has no shards",
		],
		[{ cells: [] }, "is not a Phase-5 ShardMap"],
	])("refuses %j", async (map, message) => {
		await writeMap(map);
		await expect(readScene(at("map.json"), options)).rejects.toThrow(message);
	});
});

describe("what cannot be drawn", () => {
	it.each([
		["nowhere.zarr", {}, "map/not-found", "there is no store or shard map at"],
		["empty.zarr", {}, "map/no-cells", "has data"],
		["foreign.zarr", {}, "map/no-group", "holds no group that zagg wrote"],
		["healpix.zarr", { group: "9" }, "map/no-group", "has no group '9' of zagg's; there are 3"],
		["healpix.zarr", { variable: "h_class[3]" }, "map/unknown-variable", "there are count, h_mean, h_class[0] to [2]"],
		["healpix.zarr", { variable: "h_man" }, "map/unknown-variable", "there is no variable 'h_man'"],
	])("%s %j: %s", async (name, more, code, message) => {
		const reading = readScene(at(name), { ...options, ...more });
		await expect(reading).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
	});
});

describe("packScene", () => {
	it("keeps all numbers, whatever their types", async () => {
		const { outlines, ids, values, ...header } = await readScene(at("healpix.zarr"), {
			...options,
			variable: "h_class[0]",
		});
		const bytes = gunzipSync(Buffer.from(packScene({ ...header, outlines, ids, values }), "base64"));
		const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
		const unpacked = unpackScene(header, buffer);
		expect(unpacked.ids).toEqual(ids);
		expect(unpacked.outlines).toEqual(outlines);
		expect(unpacked.values).toEqual(values);
		expect(unpacked.values.map((array) => array.constructor.name)).toEqual([
			"Int32Array",
			"Float32Array",
			"Float64Array",
		]);
	});
});
