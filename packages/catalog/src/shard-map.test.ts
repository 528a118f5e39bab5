import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readShardMap, type ShardMap, shardMapJson, writeShardMap } from "./shard-map.ts";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "zagg-map-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const map: ShardMap = {
	metadata: { source: "local", total_granules: 1, build_wall_s: 0.25 },
	gridSignature: { type: "healpix", parent_order: 6 },
	shardKeys: [-4211324n, 12711972898206646278n],
	granules: [[], [{ id: "a.h5", s3: "s3://bucket/a.h5", https: null }]],
};

describe("shardMapJson", () => {
	it("is the published text: two spaces, bare 64-bit integers", () => {
		expect(shardMapJson(map)).toBe(`{
  "metadata": {
    "source": "local",
    "total_granules": 1,
    "build_wall_s": 0.25
  },
  "grid_signature": {
    "type": "healpix",
    "parent_order": 6
  },
  "shard_keys": [
    -4211324,
    12711972898206646278
  ],
  "granules": [
    [],
    [
      {
        "id": "a.h5",
        "s3": "s3://bucket/a.h5",
        "https": null
      }
    ]
  ]
}`);
	});
});

describe("writeShardMap and readShardMap", () => {
	it("lose nothing, whatever the keys", async () => {
		const path = join(folder, "keys.json");
		const key = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n });
		await fc.assert(
			fc.asyncProperty(fc.array(key), async (shardKeys) => {
				const written = { ...map, shardKeys, granules: shardKeys.map(() => []) };
				await writeShardMap(path, written);
				expect(await readShardMap(path)).toEqual(written);
			}),
			{ numRuns: 50 },
		);
	});

	it("keep keys that they do not know", async () => {
		const path = join(folder, "extra.json");
		const granules = [[{ id: "a.h5", s3: null, https: "https://host/a.h5", time_start: "2019-02-03" }]];
		await writeShardMap(path, { ...map, shardKeys: [1n], granules, extra: { note: "kept" } });
		const read = await readShardMap(path);
		expect(read.granules).toEqual(granules);
		expect(read.extra).toEqual({ note: "kept" });
	});

	it("take relative local paths from the map's own folder", async () => {
		const path = join(folder, "relative.json");
		const record = { id: "a.h5", s3: null, https: null, file: "granules/a.h5" };
		await writeShardMap(path, { ...map, shardKeys: [1n], granules: [[record]] });
		expect((await readShardMap(path)).granules[0]![0]!.file).toBe(join(folder, "granules/a.h5"));
	});

	it("leave no half-written file where the folder is missing", async () => {
		await expect(writeShardMap(join(folder, "missing/map.json"), map)).rejects.toMatchObject({
			code: "catalog/not-writable",
		});
		expect((await readdir(folder)).filter((name) => name.endsWith(".partial"))).toEqual([]);
	});

	it.each([
		["{}", "is not a Phase-5 ShardMap"],
		["[1, 2", "is not a Phase-5 ShardMap"],
		['{"shard_keys": [1.5], "granules": [[]], "grid_signature": null}', "is not a Phase-5 ShardMap"],
		['{"shard_keys": [1], "granules": [["a.h5"]], "grid_signature": null}', "is not a Phase-5 ShardMap"],
	])("refuse %s", async (text, message) => {
		const path = join(folder, "bad.json");
		await writeFile(path, text);
		await expect(readShardMap(path)).rejects.toThrow(message);
	});

	it("say which file is missing", async () => {
		await expect(readShardMap(join(folder, "none.json"))).rejects.toMatchObject({ code: "catalog/not-found" });
	});
});

const realMaps = join(import.meta.dirname, "../../../../shared/data/shardmaps");

describe.skipIf(!existsSync(realMaps))("real shard maps (needs ../shared)", () => {
	it.each(["sm_healpix_o10.json", "sm_rect_6km.json"])("%s survives a round trip to the byte", async (name) => {
		const path = join(realMaps, name);
		const text = await readFile(path, "utf8");
		expect(shardMapJson(await readShardMap(path))).toBe(text.trimEnd());
	});
});
