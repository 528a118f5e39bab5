import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OUTSIDE_SHARD } from "../grid.ts";
import { cellCentres } from "./cell-geometry.ts";
import { hashPoints } from "./hash.ts";
import { type HealpixGridOptions, healpixGrid } from "./healpix-grid.ts";
import { packWord, unpackWord } from "./morton-word.ts";

const grid = healpixGrid({ parentOrder: 6, childOrder: 12 });
const shard = 12711972898206646278n; // holds (−78.5, −132)
const otherShard = 10526601179025113094n; // holds (−72.1, 25.4)

describe("construction", () => {
	test.each([
		[{ parentOrder: 8, childOrder: 6 }, "child_order (6) must be >= parent_order (8)"],
		[{ parentOrder: 0, childOrder: 16 }, "child_order (16) must be at most parent_order + 15 (15)"],
		[{ parentOrder: 6, childOrder: 30 }, "child_order must be a whole number from 0 to 29, got 30"],
		[{ parentOrder: -1, childOrder: 6 }, "parent_order must be a whole number from 0 to 29, got -1"],
		[{ parentOrder: 6, childOrder: 8, layout: "weird" }, "Unknown layout: 'weird' (expected 'dense' or 'fullsphere')"],
		[{ parentOrder: 6, childOrder: 8, latitude: "spherical" }, "Unknown latitude convention: 'spherical'"],
	])("%o is refused", (options, message) => {
		expect(() => healpixGrid(options as HealpixGridOptions)).toThrow(message);
	});

	test("orders 6 and 12 make 49,152 shards of 4,096 cells", () => {
		expect(grid.arrayShape).toEqual([201_326_592]);
		expect(grid.chunkShape).toEqual([4096]);
		expect(grid.cellsPerShard).toBe(4096);
		expect(grid.groupPath).toBe("12");
		expect(grid.dimensionNames).toEqual(["cells"]);
		expect(grid.axes).toEqual([]);
	});

	test("equal orders make shards of one cell", () => {
		const single = healpixGrid({ parentOrder: 6, childOrder: 6 });
		expect(single.chunkShape).toEqual([1]);
		expect(single.children(shard)).toEqual(BigUint64Array.of(shard));
		expect([...single.ranksInShard(Float64Array.of(-78.5, 0), Float64Array.of(-132, 0), shard)]).toEqual([
			0,
			OUTSIDE_SHARD,
		]);
	});
});

describe("documents", () => {
	test("group attributes have the published keys in their order, floats marked", () => {
		expect(JSON.stringify(grid.groupAttributes)).toBe(
			JSON.stringify({
				zarr_conventions: [
					{
						schema_url: "https://raw.githubusercontent.com/zarr-conventions/dggs/refs/tags/v1/schema.json",
						spec_url: "https://github.com/zarr-conventions/dggs/blob/v1/README.md",
						uuid: "7b255807-140c-42ca-97f6-7a1cfecdbc38",
						name: "dggs",
						description: "Discrete Global Grid Systems convention for zarr",
					},
				],
				dggs: {
					name: "healpix",
					refinement_level: 12,
					indexing_scheme: "nested",
					spatial_dimension: "cells",
					ellipsoid: {
						name: "WGS84",
						semimajor_axis: { float: 6378137 },
						inverse_flattening: { float: 298.257223563 },
					},
					coordinate: "cell_ids",
					compression: "none",
				},
			}),
		);
	});

	test("the signature has the published keys in their order", () => {
		expect(JSON.stringify(grid.signature())).toBe(
			'{"type":"healpix","indexing_scheme":"nested","parent_order":6,"child_order":12,"layout":"fullsphere"}',
		);
	});

	test("the authalic convention is recorded in both; geodetic is the default and goes unnamed", () => {
		const authalic = healpixGrid({ parentOrder: 6, childOrder: 12, latitude: "authalic" });
		expect(authalic.groupAttributes).toHaveProperty("dggs.latitude", "authalic-wgs84");
		expect(authalic.signature()).toHaveProperty("latitude", "authalic-wgs84");
		expect(authalic.nestsWith(grid)).toBe(false);
		expect(grid.nestsWith(authalic)).toBe(false);
	});
});

describe("shards and cells", () => {
	test("a shard's block is its NESTED id", () => {
		expect(grid.blockIndex(shard)).toEqual([41066]);
		expect(grid.blockIndex(otherShard)).toEqual([33302]);
	});

	test("coordinates are morton words and NESTED ids in rank order", () => {
		const [morton, ids] = healpixGrid({ parentOrder: 6, childOrder: 8 }).chunkCoordinates(shard);
		expect(morton?.name).toBe("morton");
		expect(morton?.data).toEqual(healpixGrid({ parentOrder: 6, childOrder: 8 }).children(shard));
		expect(morton?.data[15]).toBe(12712236780997312520n);
		expect(ids?.name).toBe("cell_ids");
		expect(Array.from(ids!.data, Number)).toEqual(Array.from({ length: 16 }, (_, rank) => 657056 + rank));
	});

	test("the footprint is a closed ring of 129 vertices", () => {
		const { latitudes, longitudes } = grid.shardFootprint(shard);
		expect(latitudes).toHaveLength(129);
		expect(longitudes).toHaveLength(129);
		expect(latitudes[0]).toBeCloseTo(-77.5490978243, 9);
	});

	test("points are assigned to cells, and their shards found", () => {
		const words = grid.assign(Float64Array.of(-78.5, -72.1, Number.NaN), Float64Array.of(-132, 25.4, 0));
		expect([...words]).toEqual([12712032409273499660n, 10526834275490201612n, 0n]);
		const valid = words.subarray(0, 2);
		expect([...grid.shardsOf(valid)]).toEqual([shard, otherShard]);
		expect(grid.cellsOf(valid)).toEqual(valid);
		expect(grid.shardOf(valid.subarray(0, 1))).toBe(shard);
		expect(() => grid.shardOf(valid)).toThrow("cells span multiple shards at parent_order=6");
		expect(() => grid.shardOf(valid)).toThrow(expect.objectContaining({ code: "grid/inconsistent-shard" }));
	});

	test.each([
		["ranksInShard", (key: bigint) => grid.ranksInShard(new Float64Array(1), new Float64Array(1), key)],
		["blockIndex", (key: bigint) => grid.blockIndex(key)],
		["children", (key: bigint) => grid.children(key)],
		["shardFootprint", (key: bigint) => grid.shardFootprint(key)],
		["chunkCoordinates", (key: bigint) => grid.chunkCoordinates(key)],
	])("%s refuses a key of another order", (_, call) => {
		expect(() => call(packWord(3n, 5))).toThrow(expect.objectContaining({ code: "grid/bad-shard-key" }));
	});

	test("a block beyond exact integers is refused", () => {
		const finest = healpixGrid({ parentOrder: 29, childOrder: 29 });
		expect(finest.blockIndex(packWord(7n, 29))).toEqual([7]);
		expect(() => finest.blockIndex(packWord(12n * 4n ** 29n - 1n, 29))).toThrow("beyond what a chunk index can be");
	});
});

describe("dense layout", () => {
	const dense = healpixGrid({
		parentOrder: 6,
		childOrder: 8,
		layout: "dense",
		populatedShards: [shard, otherShard, 14051230837395947526n],
	});

	test("blocks follow the order of the list", () => {
		expect(dense.arrayShape).toEqual([48]);
		expect(dense.blockIndex(shard)).toEqual([0]);
		expect(dense.blockIndex(otherShard)).toEqual([1]);
		expect(dense.signature()).toHaveProperty("layout", "dense");
	});

	test("a shard that is not listed has no block", () => {
		expect(() => dense.blockIndex(11570310392668225542n)).toThrow(
			expect.objectContaining({ code: "grid/unknown-shard" }),
		);
	});

	test("without a list nothing that depends on its length works", () => {
		const unlisted = healpixGrid({ parentOrder: 6, childOrder: 8, layout: "dense" });
		expect(() => unlisted.arrayShape).toThrow("HealpixGrid(layout='dense') requires populated_shards before n_shards");
		expect(() => unlisted.blockIndex(shard)).toThrow("block_index requires set_populated_shards() for dense layout");
		expect(unlisted.children(shard)).toHaveLength(16);
	});

	test("a shard may be listed only once", () => {
		expect(() =>
			healpixGrid({ parentOrder: 6, childOrder: 8, layout: "dense", populatedShards: [shard, shard] }),
		).toThrow(expect.objectContaining({ code: "grid/duplicate-shard" }));
	});
});

describe("ranks", () => {
	test("every cell's centre has the cell's rank in its shard and none in another", () => {
		const { latitudes, longitudes } = cellCentres(grid.children(shard));
		expect(grid.ranksInShard(latitudes, longitudes, shard)).toEqual(
			Uint32Array.from({ length: 4096 }, (_, rank) => rank),
		);
		expect(new Set(grid.ranksInShard(latitudes, longitudes, otherShard))).toEqual(new Set([OUTSIDE_SHARD]));
	});

	test("invalid coordinates are outside every shard", () => {
		const lastShard = packWord(12n * 4n ** 6n - 1n, 6);
		const latitudes = Float64Array.of(Number.NaN, -78.5, 91, -78.5);
		const longitudes = Float64Array.of(-132, Number.NaN, -132, Number.POSITIVE_INFINITY);
		for (const key of [shard, lastShard]) {
			expect(new Set(grid.ranksInShard(latitudes, longitudes, key))).toEqual(new Set([OUTSIDE_SHARD]));
		}
	});

	test("a rank is the cell's NESTED id within the shard, at all orders and in both conventions", () => {
		const options = fc.record({
			parentOrder: fc.integer({ min: 0, max: 29 }),
			levels: fc.integer({ min: 0, max: 15 }),
			latitude: fc.constantFrom("geodetic", "authalic"),
		});
		const degrees = fc.tuple(
			fc.double({ min: -90, max: 90, noNaN: true }),
			fc.double({ min: -360, max: 360, noNaN: true }),
		);
		fc.assert(
			fc.property(options, degrees, ({ parentOrder, levels, latitude }, [lat, lon]) => {
				const childOrder = Math.min(29, parentOrder + levels);
				const some = healpixGrid({ parentOrder, childOrder, latitude });
				const point = [Float64Array.of(lat), Float64Array.of(lon)] as const;
				const [key] = some.shardKeysOf(...point);
				const [rank] = some.ranksInShard(...point, key!);
				const [cell] = some.assign(...point);
				const first = unpackWord(key!).nested << BigInt(2 * (childOrder - parentOrder));
				expect(packWord(first + BigInt(rank!), childOrder)).toBe(cell);
			}),
		);
	});
});

describe("shard keys of points", () => {
	test("keys are unique and ascending, invalid points left out", () => {
		const latitudes = Float64Array.of(-78.5, Number.NaN, -72.1, -78.5, 100, -78.51, 78.3);
		const longitudes = Float64Array.of(-132, 0, 25.4, -132, 0, -132.01, 12);
		expect(grid.shardKeysOf(latitudes, longitudes)).toEqual([2280510261309734918n, otherShard, shard]);
		expect(grid.shardKeysOf(new Float64Array(0), new Float64Array(0))).toEqual([]);
	});

	test("a track over several blocks of points meets the shards of its points", () => {
		const count = 5000;
		const latitudes = Float64Array.from({ length: count }, (_, index) => -60 - (20 * index) / count);
		const longitudes = Float64Array.from({ length: count }, (_, index) => 30 + index / count);
		const expected = new Set(hashPoints(latitudes, longitudes, 6));
		expect(new Set(grid.shardKeysOf(latitudes, longitudes))).toEqual(expected);
		expect(expected.size).toBeGreaterThan(10);
	});
});
