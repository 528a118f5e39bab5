import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultConfig, gridFromConfig, gridSignature, resolvePipeline } from "@zagg/aggregate";
import { createHdf5File } from "@zagg/hdf5/writer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MapLocalGranulesOptions, mapLocalGranules } from "./map-local-granules.ts";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "zagg-local-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const config = defaultConfig("atl06");
const grid = gridFromConfig(config);
const map = (paths: readonly string[], options: Partial<MapLocalGranulesOptions> = {}) =>
	mapLocalGranules({
		paths,
		pipeline: resolvePipeline(config),
		grid,
		gridSignature: gridSignature(grid, config),
		...options,
	});

async function granule(name: string, beams: Record<string, readonly (readonly [number, number])[]>): Promise<string> {
	const path = join(folder, name);
	const writer = await createHdf5File(path);
	writer.createGroup("/orbit_info");
	for (const [beam, places] of Object.entries(beams)) {
		const group = `/${beam}/land_ice_segments`;
		await writer.writeDataset(
			`${group}/latitude`,
			Float64Array.from(places, ([latitude]) => latitude),
		);
		await writer.writeDataset(
			`${group}/longitude`,
			Float64Array.from(places, ([, longitude]) => longitude),
		);
	}
	await writer.close();
	return path;
}

// Shards of order 6 that hold these places, from the grid's conformance table.
const [southWest, southEast, north] = [12711972898206646278n, 10526601179025113094n, 2280510261309734918n];

describe("mapLocalGranules", () => {
	it("lists a granule for exactly the shards that its points fall in, ascending", async () => {
		const late = await granule("b.h5", {
			gt1l: [[-78.5, -132]],
			gt3r: [
				[78.3, 12],
				[-78.5, -132],
			],
		});
		const early = await granule("a.h5", {
			gt2l: [
				[-72.1, 25.4],
				[-78.5, -132],
			],
			gt1r: [],
		});
		const { map: built, withoutBeams } = await map([late, early]);
		expect(built.shardKeys).toEqual([north, southEast, southWest]);
		expect(built.granules.map((records) => records.map(({ id }) => id))).toEqual([
			["b.h5"],
			["a.h5"],
			["a.h5", "b.h5"],
		]);
		expect(built.granules[0]![0]).toEqual({ id: "b.h5", s3: null, https: null, file: late });
		expect(built.metadata).toMatchObject({
			source: "local",
			backend: "points",
			total_granules: 2,
			total_shards: 3,
			total_pairs: 4,
		});
		expect(withoutBeams).toEqual([]);
	});

	it("tells which granules have none of the config's beams", async () => {
		const empty = await granule("empty.h5", {});
		const full = await granule("full.h5", { gt1l: [[78.3, 12]] });
		const { map: built, withoutBeams } = await map([empty, full]);
		expect(withoutBeams).toEqual([empty]);
		expect(built.metadata.total_granules).toBe(2);
		await expect(map([empty])).rejects.toMatchObject({ code: "catalog/no-shards" });
	});

	it("fails for granules that cannot be read, or leaves them out when asked", async () => {
		const good = await granule("good.h5", { gt1l: [[78.3, 12]] });
		const bad = join(folder, "bad.h5");
		await writeFile(bad, "not HDF5");
		await expect(map([good, bad])).rejects.toMatchObject({
			code: "catalog/unreadable-granules",
			message: expect.stringContaining(bad),
		});
		const { map: built, skipped } = await map([good, bad], { skipUnreadable: true });
		expect(skipped).toEqual([{ path: bad, reason: expect.any(String) }]);
		expect(built.metadata.total_granules).toBe(1);
	});

	it("refuses two granules of one name, whose observations would count twice", async () => {
		const one = await granule("same.h5", { gt1l: [[78.3, 12]] });
		await expect(map([one, join(folder, "elsewhere/same.h5")])).rejects.toThrow("two granules have one name");
	});

	it("tells its progress and stops when asked", async () => {
		const paths = [await granule("p1.h5", { gt1l: [[78.3, 12]] }), await granule("p2.h5", { gt1l: [[78.3, 12]] })];
		const done: number[] = [];
		await map(paths, { onProgress: (count) => done.push(count) });
		expect(done).toEqual([1, 2]);
		await expect(map(paths, { signal: AbortSignal.abort(new Error("stop")) })).rejects.toThrow("stop");
	});
});
