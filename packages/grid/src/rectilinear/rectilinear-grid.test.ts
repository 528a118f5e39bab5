import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { validateCompatible } from "../compatibility.ts";
import { floatLiteral, OUTSIDE_SHARD } from "../grid.ts";
import { healpixGrid } from "../healpix/healpix-grid.ts";
import { rectilinearGrid } from "./rectilinear-grid.ts";

const SQUARE = [-3_200_000, -3_200_000, 3_200_000, 3_200_000];
const antarctica = rectilinearGrid({ crs: "EPSG:3031", resolution: 5000, bounds: SQUARE });
const latitudes = Float64Array.of(-90, -78.5, -78.51, -82, -80, 60, Number.NaN);
const longitudes = Float64Array.of(0, -132, -132.01, 45, 10, 0, 0);

describe("padding", () => {
	test("bounds of whole chunks stay", () => {
		expect(antarctica.arrayShape).toEqual([1280, 1280]);
		expect(antarctica.chunkShape).toEqual([256, 256]);
		expect(antarctica.bounds).toEqual(SQUARE);
	});

	test("other bounds grow east and south to whole chunks", () => {
		const grid = rectilinearGrid({ crs: "EPSG:3031", resolution: 5000, bounds: SQUARE, chunkShape: [300, 300] });
		expect(grid.arrayShape).toEqual([1500, 1500]);
		expect(grid.bounds).toEqual([-3_200_000, -4_300_000, 4_300_000, 3_200_000]);
	});

	test("a part of a cell takes a whole one", () => {
		const bounds = [0, 0, 650_100, 650_100];
		expect(rectilinearGrid({ crs: "EPSG:3031", resolution: 5000, bounds, chunkShape: [1, 1] }).arrayShape).toEqual([
			131, 131,
		]);
	});

	test("the global grid of a ten-thousandth of a degree has exact ids", () => {
		const grid = rectilinearGrid({ crs: "EPSG:4326", resolution: 0.0001, bounds: [-180, -90, 180, 90] });
		expect(grid.arrayShape).toEqual([1_800_192, 3_600_128]);
		expect(grid.bounds).toEqual([-180, -90.01920000000001, 180.01280000000003, 90]);
		expect(grid.blockIndex(BigInt(7032 * 14063 - 1))).toEqual([7031, 14062]);
		expect(() => grid.blockIndex(BigInt(7032 * 14063))).toThrow("is no shard of 7032 × 14063 chunks");
	});
});

describe("points", () => {
	test("get the ids, shards and ranks of the published table", () => {
		const cells = antarctica.assign(latitudes, longitudes);
		expect([...cells]).toEqual([819840, 1033413, 1033413, 661243, 544677, -1, -1]);
		expect([...antarctica.shardsOf(cells)]).toEqual([12, 16, 16, 12, 7, -1, -1]);
		expect(antarctica.shardKeysOf(latitudes, longitudes)).toEqual([7n, 12n, 16n]);
		// Shard 12 begins at row and column 512.
		expect([...antarctica.ranksInShard(latitudes, longitudes, 12n)]).toEqual([
			128 * 256 + 128,
			OUTSIDE_SHARD,
			OUTSIDE_SHARD,
			4 * 256 + 251,
			OUTSIDE_SHARD,
			OUTSIDE_SHARD,
			OUTSIDE_SHARD,
		]);
	});

	test("rank as the children of their shard are listed", () => {
		const count = 3000;
		const many = {
			latitudes: Float64Array.from({ length: count }, (_, index) => -90 + (index * 22) / count),
			longitudes: Float64Array.from({ length: count }, (_, index) => (index * 137.5) % 360),
		};
		const cells = antarctica.assign(many.latitudes, many.longitudes);
		for (const key of antarctica.shardKeysOf(many.latitudes, many.longitudes)) {
			const children = antarctica.children(key);
			const ranks = antarctica.ranksInShard(many.latitudes, many.longitudes, key);
			for (const [point, rank] of ranks.entries()) {
				const isHere = antarctica.shardsOf(cells.subarray(point, point + 1))[0] === Number(key);
				expect(rank === OUTSIDE_SHARD ? undefined : children[rank]).toBe(isHere ? BigInt(cells[point]!) : undefined);
			}
		}
	});

	test("of one shard name it, those off the grid aside", () => {
		expect(antarctica.shardOf(Float64Array.of(819840, -1, 661243))).toBe(12n);
		expect(() => antarctica.shardOf(Float64Array.of(-1))).toThrow("all leaves are out of bounds");
		expect(() => antarctica.shardOf(Float64Array.of(819840, 1033413))).toThrow("leaves span multiple shards");
	});
});

describe("shards", () => {
	test("list their cells by rows", () => {
		const grid = rectilinearGrid({ crs: "EPSG:3031", resolution: 200_000, bounds: SQUARE, chunkShape: [8, 8] });
		const children = grid.children(6n);
		expect(grid.blockIndex(6n)).toEqual([1, 2]);
		expect([...children.subarray(0, 9)]).toEqual([272n, 273n, 274n, 275n, 276n, 277n, 278n, 279n, 304n]);
		expect(children.length).toBe(grid.cellsPerShard);
		expect(children.at(-1)).toBe(BigInt(15 * 32 + 23));
		expect(grid.chunkCoordinates(6n)).toEqual([]);
	});

	test("have a footprint of 32 segments a side, closed; plain corners in degrees", () => {
		const footprint = antarctica.shardFootprint(16n);
		expect(footprint.latitudes.length).toBe(4 * 32 + 1);
		expect(footprint.latitudes.at(-1)).toBe(footprint.latitudes[0]);
		// The chunk's south-eastern corner: column 512, row 1024.
		const { latitudes: south, longitudes: east } = footprint;
		const [x, y] = [-3_200_000 + 512 * 5000, 3_200_000 - 1024 * 5000];
		const back = rectilinearGrid({ crs: "EPSG:3031", resolution: 1000, bounds: [x - 500, y - 500, x + 500, y + 500] });
		expect(back.assign(south.subarray(0, 1), east.subarray(0, 1))[0]).toBe(0);
		const degrees = rectilinearGrid({ crs: "EPSG:4326", resolution: 1, bounds: [0, 0, 20, 10], chunkShape: [10, 10] });
		expect(degrees.shardFootprint(1n)).toEqual({
			latitudes: Float64Array.of(0, 10, 10, 0, 0),
			longitudes: Float64Array.of(20, 20, 10, 10, 20),
		});
	});

	test("are covered where a polygon meets or touches them", () => {
		const grid = rectilinearGrid({ crs: "EPSG:4326", resolution: 1, bounds: [0, 0, 40, 30], chunkShape: [10, 10] });
		const triangle = { latitudes: Float64Array.of(21, 21, 29), longitudes: Float64Array.of(1, 9, 5) };
		expect(grid.coverage([triangle])).toEqual([0n]);
		const touching = { latitudes: Float64Array.of(21, 21, 29), longitudes: Float64Array.of(1, 10, 5) };
		expect(grid.coverage([touching])).toEqual([0n, 1n]);
		const outside = { latitudes: Float64Array.of(50, 50, 55), longitudes: Float64Array.of(1, 10, 5) };
		expect(grid.coverage([outside])).toEqual([]);
		expect(() => grid.coverage([{ latitudes: Float64Array.of(0, 1), longitudes: Float64Array.of(0, 1) }])).toThrow(
			"a ring needs at least three vertices, got 2",
		);
	});

	test("that hold a point of a polygon are in its cover", () => {
		const ring = { latitudes: Float64Array.of(-79, -79, -78), longitudes: Float64Array.of(-133, -131, -132) };
		expect(antarctica.coverage([ring])).toContain(16n);
	});
});

describe("documents", () => {
	test("the group states CRS, resolution and padded bounds as floats", () => {
		expect(antarctica.groupPath).toBe("rectilinear");
		expect(antarctica.dimensionNames).toEqual(["y", "x"]);
		expect(Object.keys(antarctica.groupAttributes)).toEqual(["crs", "resolution", "bounds"]);
		expect(antarctica.groupAttributes).toEqual({
			crs: "EPSG:3031",
			resolution: [floatLiteral(5000), floatLiteral(5000)],
			bounds: SQUARE.map(floatLiteral),
		});
	});

	test("axes hold cell centres, both in chunks of the grid's width", () => {
		const grid = rectilinearGrid({ crs: "EPSG:3031", resolution: [2, 1], bounds: [0, 0, 12, 4], chunkShape: [4, 3] });
		const [x, y] = grid.axes;
		expect(x).toEqual({
			name: "x",
			values: Float64Array.of(1, 3, 5, 7, 9, 11),
			chunkLength: 6,
			attributes: { standard_name: "projection_x_coordinate", units: "m" },
		});
		expect(y).toEqual({
			name: "y",
			values: Float64Array.of(3.5, 2.5, 1.5, 0.5),
			chunkLength: 6,
			attributes: { standard_name: "projection_y_coordinate", units: "m" },
		});
	});

	test("the signature has the published keys in their order", () => {
		expect(Object.keys(antarctica.signature())).toEqual(["type", "crs", "affine", "shape", "chunk_shape"]);
		expect(antarctica.signature()).toEqual({
			type: "rectilinear",
			crs: "EPSG:3031",
			affine: [5000, 0, -3_200_000, 0, -5000, 3_200_000].map(floatLiteral),
			shape: [1280, 1280],
			chunk_shape: [256, 256],
		});
	});
});

describe("nesting", () => {
	const at = (resolution: number, crs = "EPSG:3031", shift = 0) =>
		rectilinearGrid({ crs, resolution, bounds: SQUARE.map((bound) => bound + shift) });

	test("needs whole ratios of resolution, a common lattice and one CRS", () => {
		expect(antarctica.nestsWith(antarctica)).toBe(true);
		expect(antarctica.nestsWith(at(10_000))).toBe(true);
		expect(at(10_000).nestsWith(antarctica)).toBe(true);
		expect(antarctica.nestsWith(at(8000))).toBe(false);
		expect(antarctica.nestsWith(at(5000, "EPSG:3031", 2500))).toBe(false);
		expect(antarctica.nestsWith(at(5000, "EPSG:3031", 15_000))).toBe(true);
		expect(antarctica.nestsWith(at(5000, "EPSG:3976"))).toBe(false);
		expect(antarctica.nestsWith(healpixGrid({ parentOrder: 6, childOrder: 12 }))).toBe(false);
	});

	test("is required of grids that go together", () => {
		expect(() => validateCompatible([antarctica, at(8000)])).toThrow(
			/^incompatible grids \(do not nest\):\n {2}\{'type'/,
		);
	});
});

describe("construction refuses", () => {
	test.each([
		["bounds must be (xmin, ymin, xmax, ymax)", { bounds: [0, 0, 1] }],
		["chunk_shape must be (chunk_h, chunk_w)", { chunkShape: [256] }],
		["bounds must have xmax > xmin and ymax > ymin", { bounds: [10, 0, 0, 10] }],
		["resolution larger than bounds span", { bounds: [0, 0, 1e-6, 1e-6] }],
		["resolution must be a positive number or a pair of them", { resolution: 0 }],
		["chunk_shape must be two positive whole numbers of at most 4294967295 cells together", { chunkShape: [0, 1] }],
	])("%s", (message, options) => {
		const build = () => rectilinearGrid({ crs: "EPSG:3031", resolution: 5000, bounds: SQUARE, ...options });
		expect(build).toThrow(message);
	});
});

const shardMap = new URL("../../../../../shared/data/shardmaps/sm_rect_6km.json", import.meta.url);

describe.skipIf(!existsSync(shardMap))("a published shard map (needs ../shared/data/shardmaps)", () => {
	test("has this grid's signature, and its area of interest covers the same shards", () => {
		const { grid_signature, metadata, shard_keys } = JSON.parse(readFileSync(shardMap, "utf8"));
		const bounds = [358_300, 4_299_600, 370_300, 4_311_600];
		const grid = rectilinearGrid({ crs: "EPSG:32618", resolution: 10, bounds, chunkShape: [600, 600] });
		expect(grid.signature()).toEqual({ ...grid_signature, affine: grid_signature.affine.map(floatLiteral) });
		const [west, south, east, north] = metadata.bbox;
		const box = {
			latitudes: Float64Array.of(south, south, north, north, south),
			longitudes: Float64Array.of(west, east, east, west, west),
		};
		expect(grid.coverage([box])).toEqual(shard_keys.map(BigInt));
	});
});
