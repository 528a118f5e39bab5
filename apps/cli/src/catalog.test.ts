import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseJson } from "@zagg/aggregate";
import { readCatalog } from "@zagg/catalog";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startZagg, zagg } from "./testing.ts";

const ring = (west: number, south: number): number[][] => [
	[west, south],
	[west + 1, south],
	[west + 1, south + 1],
	[west, south + 1],
	[west, south],
];
const item = (id: string, west: number): unknown => ({
	id,
	collection: "ATL06_007",
	geometry: { type: "Polygon", coordinates: [ring(west, 70)] },
	properties: { datetime: "2024-01-06T00:00:00Z" },
	assets: {
		a: { href: `https://host/${id}.h5`, roles: ["data"] },
		b: { href: `s3://bucket/${id}.h5`, roles: ["data"] },
	},
});
/** Two pages, the second linked with POST. */
const server = createServer((request, response) => {
	const { port } = server.address() as AddressInfo;
	const next = { rel: "next", method: "POST", href: `http://127.0.0.1:${port}/next`, body: {} };
	const page =
		request.method === "POST" ? { features: [item("G2", -49.5)] } : { features: [item("G1", -50)], links: [next] };
	response.end(JSON.stringify(page));
});
let folder: string;
let environment: Record<string, string>;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "zagg-catalog-"));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	environment = { ZAGG_STAC_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});
afterAll(async () => {
	server.closeAllConnections();
	server.close();
	await rm(folder, { recursive: true, force: true });
});
const search = (...flags: string[]) =>
	startZagg(["catalog", "--config", "atl06", "--short-name", "ATL06", ...flags], folder, environment).finished;

describe("zagg catalog", () => {
	it("searches, writes the catalog and the map under the published name, and says so", async () => {
		const { exitCode, stdout, stderr } = await search(
			"--cycle",
			"22",
			"--bbox=-51,69,-47,72",
			"--catalog-out",
			"found.parquet",
		);
		expect(exitCode, stderr).toBe(0);
		expect(stdout).toMatch(
			/^Catalog -> found\.parquet\nShardMap: \d+ shards, \d+ pairs \(backend=mortie\) -> shardmap_ATL06_2024-01-06_2024-04-06\.json\n$/,
		);
		expect(stderr).toContain("Fetched 2 granules (ATL06_007)");
		expect((await readCatalog(join(folder, "found.parquet"))).items.map(({ id }) => id)).toEqual(["G1", "G2"]);
		const map = parseJson(await readFile(join(folder, "shardmap_ATL06_2024-01-06_2024-04-06.json"), "utf8")) as {
			shard_keys: bigint[];
			granules: unknown[][];
		};
		expect(map.shard_keys.every((key) => typeof key === "bigint")).toBe(true);
		expect(map.granules.flat()).toContainEqual({ id: "G1", s3: "s3://bucket/G1.h5", https: "https://host/G1.h5" });
		const dry = await zagg(
			[
				"run",
				"--config",
				"atl06",
				"--catalog",
				"shardmap_ATL06_2024-01-06_2024-04-06.json",
				"--store",
				"x.zarr",
				"--dry-run",
			],
			folder,
		);
		expect(dry.stdout).toContain(`[DRY RUN] Would process ${map.shard_keys.length} cells`);
	});

	it("shows what is in a map, and draws it", async () => {
		await search("--cycle", "22", "--bbox=-51,69,-47,72", "--output", "map.json");
		const { exitCode, stdout } = await zagg(["catalog", "show", "map.json", "--geojson", "map.geojson"], folder);
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(
			/^map\.json: \d+ shards of a healpix grid, orders 6 and 12\n {2}2 granules, \d+ pairs\n {2}Granules per shard: min=1, median=[\d.]+, max=2\n {2}Extent: .*° N to .*° N, .*° W to .*° W\nGeoJSON -> map\.geojson\n$/,
		);
		expect(JSON.parse(await readFile(join(folder, "map.geojson"), "utf8")).type).toBe("FeatureCollection");
	});

	it.each([
		[["--bbox=-51,69,-47,72"], "provide --cycle or both --start-date and --end-date"],
		[["--start-date", "2024-01-01", "--bbox=-51,69,-47,72"], "provide --cycle or both --start-date and --end-date"],
		[["--cycle", "22"], "provide --polygon or --bbox"],
		[["--cycle", "22", "--bbox=1,2,3"], "region bbox must be (lon_min, lat_min, lon_max, lat_max)"],
		[["--cycle", "22", "--bbox=-51,69,-47,72", "--backend", "shapely"], "invalid choice: 'shapely'"],
		[["--cycle", "22", "--polygon", "none.geojson"], "cannot read the region none.geojson"],
	])("exits with 2 for %j", async (flags, message) => {
		expect(await search(...flags)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
	});

	it("asks for a config, and for what to map", async () => {
		expect(await zagg(["catalog"], folder)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--config") });
		expect(await zagg(["catalog", "--config", "atl06"], folder)).toMatchObject({
			exitCode: 2,
			stderr: expect.stringContaining("provide --granules for local files, or --short-name to search"),
		});
	});

	it("fails with 1 when nothing is found where it was looked for", async () => {
		expect(await search("--cycle", "22", "--bbox=100,-10,110,10")).toMatchObject({
			exitCode: 1,
			stderr: expect.stringContaining("none meets a shard of the region"),
		});
	});
});
