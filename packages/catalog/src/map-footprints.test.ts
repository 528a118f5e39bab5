import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Grid, healpixGrid, rectilinearGrid } from "@zagg/grid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCatalog, writeCatalog } from "./catalog-file.ts";
import { describeShardMap, shardFootprints } from "./describe-shard-map.ts";
import { mapFootprints } from "./map-footprints.ts";
import { type BoundingBox, boundingBox, boxRings, loadRegion } from "./region.ts";
import { readShardMap } from "./shard-map.ts";
import type { StacItem } from "./stac-item.ts";
import type { GranuleCatalog } from "./stac-search.ts";

const shared = join(import.meta.dirname, "../../../../shared/data");
let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "zagg-footprints-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const square = (west: number, south: number, size: number): unknown => ({
	type: "Polygon",
	coordinates: [
		[
			[west, south],
			[west + size, south],
			[west + size, south + size],
			[west, south + size],
			[west, south],
		],
	],
});
const granule = (id: string, geometry: unknown): StacItem => ({
	id,
	collection: "ATL06_007",
	geometry,
	bbox: [-77, 38, -76, 39],
	properties: { datetime: "2024-01-06T01:02:03.456Z" },
	assets: {
		data: { href: `https://host/${id}`, roles: ["data"] },
		...(id !== "no-s3" && { data_s3: { href: `s3://bucket/${id}`, roles: ["data"] } }),
	},
});
const catalogOf = (items: StacItem[], bbox: BoundingBox = [-77, 38, -76, 39]): GranuleCatalog => ({
	items,
	metadata: { source: "CMR-STAC", bbox: [...bbox], total_granules: items.length },
});
const map = (grid: Grid, catalog: GranuleCatalog, options = {}) =>
	mapFootprints({ catalog, grid, gridSignature: grid.signature(), ...options });

describe("mapFootprints", () => {
	const utm = rectilinearGrid({
		crs: "EPSG:32618",
		resolution: 10,
		bounds: [355000, 4300000, 365000, 4310000],
		chunkShape: [250, 250],
	});

	it("lists a granule for every shard of the region that its footprint meets, in the catalog's order", async () => {
		const west = granule("west", square(-76.66, 38.84, 0.03));
		const east = granule("no-s3", square(-76.59, 38.84, 0.03));
		const { map: built, skipped } = await map(utm, catalogOf([east, west]));
		expect(skipped).toEqual([]);
		for (const [index, key] of built.shardKeys.entries()) {
			const expected = [east, west].filter(({ geometry }) => {
				const [ring] = (geometry as { coordinates: number[][][] }).coordinates;
				const rings = [
					{ latitudes: Float64Array.from(ring!, ([, y]) => y!), longitudes: Float64Array.from(ring!, ([x]) => x!) },
				];
				return utm.coverage(rings).includes(key);
			});
			expect(built.granules[index]!.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
		}
		expect(built.granules.flat().find(({ id }) => id === "no-s3")).toEqual({
			id: "no-s3",
			s3: null,
			https: "https://host/no-s3",
		});
		expect(built.metadata).toMatchObject({ source: "CMR-STAC", backend: "spherely", total_granules: 2 });
		expect(Object.keys(built.metadata)).toEqual([
			...["source", "bbox", "total_granules", "backend", "total_shards", "total_pairs", "build_wall_s"],
		]);
	});

	it("leaves out granules without a footprint, and the second of one id", async () => {
		const grid = healpixGrid({ parentOrder: 6, childOrder: 8 });
		const items = [
			granule("a", square(-76.6, 38.8, 0.1)),
			granule("none", null),
			granule("point", { type: "Point", coordinates: [-76.6, 38.8] }),
			granule("broken", { type: "Polygon", coordinates: [[[0, 0]]] }),
			granule("a", square(-76.6, 38.8, 0.1)),
		];
		const { map: built, skipped } = await map(grid, catalogOf(items));
		expect(built.metadata).toMatchObject({ total_granules: 1, backend: "mortie" });
		expect(skipped.map(({ id }) => id)).toEqual(["none", "point", "broken", "a"]);
		expect(skipped.at(-1)!.reason).toBe("it is listed twice");
	});

	it("takes the published names of backends, and no other", async () => {
		const catalog = catalogOf([granule("a", square(-76.6, 38.8, 0.1))]);
		const grid = healpixGrid({ parentOrder: 6, childOrder: 8 });
		const maps = await Promise.all(["auto", "mortie", "spherely"].map((backend) => map(grid, catalog, { backend })));
		expect(maps.map(({ map: { metadata } }) => metadata.backend)).toEqual(["mortie", "mortie", "spherely"]);
		expect(maps[2]!.map.shardKeys).toEqual(maps[0]!.map.shardKeys);
		await expect(map(grid, catalog, { backend: "shapely" })).rejects.toThrow("unknown backend: 'shapely'");
	});

	it("needs a region, and granules in it", async () => {
		const grid = healpixGrid({ parentOrder: 6, childOrder: 8 });
		const items = [granule("a", square(-76.6, 38.8, 0.1))];
		await expect(map(grid, { items, metadata: {} })).rejects.toThrow(
			"no region given and catalog metadata has no bbox",
		);
		await expect(map(grid, catalogOf(items, [10, 10, 11, 11]))).rejects.toMatchObject({ code: "catalog/no-shards" });
	});
});

describe("boxRings", () => {
	const grid = healpixGrid({ parentOrder: 5, childOrder: 5 });
	/** Shards whose centre, by brute force, is in the box, and all shards of the cover. */
	it.each([
		[[-180, -90, 180, -60]],
		[[-180, -60, 180, 60]],
		[[170, -20, -170, 20]],
		[[-76.6, 38.8, -76.5, 38.9]],
		[[0, 60, 90, 90]],
		[[-180, -90, 180, 90]],
	] as const)("of %j cover every point in the box, and none far from it", ([west, south, east, north]) => {
		const rings = boxRings([west, south, east, north]);
		const cover = new Set(grid.coverage(rings));
		const inBox = (latitude: number, longitude: number, margin: number): boolean => {
			const width = east > west ? east - west : east - west + 360;
			const along = (((longitude - west + margin) % 360) + 360) % 360;
			return latitude >= south - margin && latitude <= north + margin && (width >= 360 || along <= width + 2 * margin);
		};
		for (let latitude = -89.5; latitude < 90; latitude += 3) {
			for (let longitude = -179.5; longitude < 180; longitude += 3) {
				const [key] = grid.shardKeysOf(Float64Array.of(latitude), Float64Array.of(longitude));
				if (inBox(latitude, longitude, 0)) expect(cover.has(key!), `${latitude}, ${longitude}`).toBe(true);
				const isFar = Math.abs(latitude) < 80 && !inBox(latitude, longitude, Math.abs(latitude) > 70 ? 40 : 8);
				if (isFar) expect(cover.has(key!), `far: ${latitude}, ${longitude}`).toBe(false);
			}
		}
	});

	it.each([[[0, 10, 1, 5]], [[0, -91, 1, 5]], [[5, 0, 5, 1]], [[0, Number.NaN, 1, 2]]] as const)(
		"refuses %j",
		(box) => {
			expect(() => boxRings(box as unknown as BoundingBox)).toThrow("is empty or leaves the globe");
		},
	);
});

describe("loadRegion", () => {
	const write = async (document: unknown): Promise<string> => {
		const path = join(folder, "region.geojson");
		await writeFile(path, typeof document === "string" ? document : JSON.stringify(document));
		return path;
	};

	it("reads polygons, holes and several parts out of any GeoJSON document", async () => {
		const polygon = square(-75, -80, 10) as { coordinates: unknown[] };
		const holed = {
			type: "Polygon",
			coordinates: [...polygon.coordinates, (square(-72, -77, 2) as typeof polygon).coordinates[0]],
		};
		expect(await loadRegion(await write(polygon))).toHaveLength(1);
		expect(await loadRegion(await write({ type: "Feature", geometry: holed }))).toHaveLength(2);
		const multi = {
			type: "MultiPolygon",
			coordinates: [polygon.coordinates, (square(100, -75, 5) as typeof polygon).coordinates],
		};
		const collection = {
			type: "FeatureCollection",
			features: [
				{ type: "Feature", geometry: multi },
				{ type: "Feature", geometry: null },
			],
		};
		const rings = await loadRegion(await write(collection));
		expect(boundingBox(rings)).toEqual([-75, -80, 105, -70]);
	});

	it.each([
		["no JSON", "{", "cannot read the region"],
		["a point", { type: "Point", coordinates: [0, 0] }, "holds no polygon"],
		[
			"a ring of two",
			{
				type: "Polygon",
				coordinates: [
					[
						[0, 0],
						[1, 1],
					],
				],
			},
			"fewer than four positions",
		],
		[
			"a place off the globe",
			{
				type: "Polygon",
				coordinates: [
					[
						[0, 95],
						[1, 1],
						[2, 2],
						[0, 95],
					],
				],
			},
			"not on the globe",
		],
		[
			"a bow tie",
			{
				type: "Polygon",
				coordinates: [
					[
						[0, 0],
						[2, 2],
						[2, 0],
						[0, 2],
						[0, 0],
					],
				],
			},
			"crosses itself between its positions 1 and 3",
		],
	])("refuses %s", async (_, document, message) => {
		await expect(loadRegion(await write(document))).rejects.toThrow(message);
	});
});

describe("catalog files", () => {
	it("keep granules and what was asked for", async () => {
		const path = join(folder, "catalog.parquet");
		const catalog = catalogOf([granule("a", square(0, 0, 1)), granule("no-s3", null)]);
		await writeCatalog(path, catalog);
		const again = await readCatalog(path);
		expect(again.metadata).toEqual(catalog.metadata);
		expect(again.items.map(({ id, geometry, assets, bbox }) => ({ id, geometry, assets, bbox }))).toEqual(
			catalog.items.map(({ id, geometry, assets, bbox }) => ({ id, geometry: geometry ?? null, assets, bbox })),
		);
		expect(again.items[0]!.properties.datetime).toEqual(new Date("2024-01-06T01:02:03.456Z"));
		expect((await readdir(folder)).filter((name) => name.includes("partial"))).toEqual([]);
	});

	it("say what is wrong: missing, cut short, something else", async () => {
		await expect(readCatalog(join(folder, "none.parquet"))).rejects.toMatchObject({ code: "catalog/not-found" });
		const path = join(folder, "cut.parquet");
		await writeCatalog(path, catalogOf([granule("a", square(0, 0, 1))]));
		const { length } = await readFile(path);
		for (const size of [length - 1, length >> 1, 10, 0]) {
			await truncate(path, size);
			await expect(readCatalog(path)).rejects.toMatchObject({ code: "catalog/not-a-catalog" });
		}
		await expect(writeCatalog(join(folder, "no/such/folder.parquet"), catalogOf([]))).rejects.toMatchObject({
			code: "catalog/not-writable",
		});
	});
});

describe.skipIf(!existsSync(shared))("the real catalog and maps (needs ../shared)", () => {
	it("a catalog that others made opens, and survives a round trip", async () => {
		const catalog = await readCatalog(join(shared, "catalog/cat_neon.parquet"));
		expect(catalog.items).toHaveLength(2089);
		expect(catalog.metadata).toMatchObject({ collection: "ATL03_007", total_granules: 555867 });
		const path = join(folder, "round.parquet");
		await writeCatalog(path, catalog);
		expect(await readCatalog(path)).toEqual(catalog);
	});

	it("the map of the area of interest has the published shards, and misses no granule of theirs", async () => {
		const published = await readShardMap(join(shared, "shardmaps/sm_healpix_o10.json"));
		const region = await loadRegion(join(shared, "catalog/AOP_NEON.geojson"));
		const whole = await readCatalog(join(shared, "catalog/cat_neon.parquet"));
		// Some of them, as all take a while: those of the published map and others by turns.
		const wanted = new Set(published.granules.flat().map(({ id }) => id));
		const catalog = { ...whole, items: whole.items.filter(({ id }, index) => wanted.has(id) || index % 20 === 0) };
		// It was made with authalic latitudes.
		const grid = healpixGrid({ parentOrder: 10, childOrder: 19, latitude: "authalic" });
		const { map: built } = await map(grid, catalog, { region });
		expect(built.shardKeys).toEqual(published.shardKeys);
		for (const [index, records] of published.granules.entries()) {
			const ours = new Map(built.granules[index]!.map((record) => [record.id, record]));
			for (const { id, s3, https } of records) expect(ours.get(id)).toEqual({ id, s3, https });
		}
	}, 60_000);

	it("maps are described, and drawn as GeoJSON", async () => {
		const published = await readShardMap(join(shared, "shardmaps/sm_rect_6km.json"));
		const { extent, ...counts } = describeShardMap(published);
		expect(counts).toEqual({ shards: 4, granules: 59, pairs: 151, granulesPerShard: { min: 28, median: 38, max: 47 } });
		expect(extent!.south).toBeCloseTo(38.83, 1);
		expect(extent!.west).toBeCloseTo(-76.64, 1);
		const { features } = shardFootprints(published) as {
			features: { properties: unknown; geometry: { coordinates: number[][][] } }[];
		};
		expect(features).toHaveLength(4);
		expect(features[0]!.properties).toEqual({
			shard_key: String(published.shardKeys[0]),
			granules: published.granules[0]!.length,
		});
		expect(features[0]!.geometry.coordinates[0]!.at(-1)).toEqual(features[0]!.geometry.coordinates[0]![0]);
	});
});
