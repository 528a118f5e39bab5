import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultConfig, gridFromConfig, gridSignature, resolvePipeline } from "@zagg/aggregate";
import { mapLocalGranules, writeShardMap } from "@zagg/catalog";
import { type S3TestServer, startS3Server } from "@zagg/test-servers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agg } from "./agg.ts";
import type { ClusterSummary } from "./summary.ts";

/** Files below a folder that hold one of the texts, with their permissions. */
function grepSync(folder: string, texts: readonly string[]): string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
		if (!entry.isFile()) return [];
		const path = join(entry.parentPath, entry.name);
		const content = readFileSync(path, "utf8");
		return texts.some((text) => content.includes(text))
			? [`${entry.name} ${(statSync(path).mode & 0o777).toString(8)}`]
			: [];
	});
}

const slurmHome = process.env.ZAGG_TEST_SLURM;
const granules = join(import.meta.dirname, "../../../../shared/data/atl06");

describe.skipIf(!slurmHome || !existsSync(granules))(
	"five real granules on a real Slurm (needs ZAGG_TEST_SLURM and ../shared)",
	() => {
		let folder: string;
		let s3: S3TestServer;
		beforeAll(async () => {
			process.env.SLURM_CONF = join(slurmHome!, "slurm.conf");
			folder = await mkdtemp(join(tmpdir(), "zagg-cluster-run-"));
			s3 = await startS3Server({ buckets: ["granules", "out"], requireAuthorization: true });
		});
		afterAll(async () => {
			await s3.close();
			await rm(folder, { recursive: true, force: true });
		});

		const config = defaultConfig("atl06");
		async function writeMap(name: string, remote: boolean): Promise<string> {
			const grid = gridFromConfig(config);
			const paths = (await readdir(granules)).map((file) => join(granules, file));
			const { map } = await mapLocalGranules({
				paths,
				pipeline: resolvePipeline(config),
				grid,
				gridSignature: gridSignature(grid, config),
			});
			const path = join(folder, name);
			const shards = map.granules.map((records) =>
				records.map((record) => (remote ? { ...record, s3: `s3://granules/${record.id}`, file: null } : record)),
			);
			await writeShardMap(path, { ...map, granules: shards });
			return path;
		}
		async function filesOf(store: string): Promise<Map<string, Buffer>> {
			const entries = (await readdir(store, { recursive: true, withFileTypes: true })).filter((entry) =>
				entry.isFile(),
			);
			const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
			return new Map(
				await Promise.all(paths.map(async (path) => [path.slice(store.length), await readFile(path)] as const)),
			);
		}

		it("make the store of the local backend, byte for byte, and the summary has its form", async () => {
			const catalog = await writeMap("map.json", false);
			const local = join(folder, "local.zarr");
			await agg(config, { catalog, store: local, driver: "file" });
			const store = join(folder, "cluster.zarr");
			const lines: string[] = [];
			const log = (message: string): void => void lines.push(message);
			const summary = (await agg(config, {
				catalog,
				store,
				driver: "file",
				backend: "cluster",
				cluster: {
					spoolDirectory: join(folder, "spool"),
					memory: "900M",
					pricePerCoreHour: 0.05,
					pollIntervalSeconds: 0.25,
				},
				log: { info: log, warn: log },
			})) as ClusterSummary;
			expect(Object.keys(summary)).toEqual([
				...["total_cells", "cells_with_data", "cells_error", "total_obs", "wall_time_s", "core_time_s"],
				...["memory_gb_seconds", "price_per_core_hour", "estimated_cost_usd", "store_path", "backend", "results"],
			]);
			expect(summary).toMatchObject({
				total_cells: 6,
				cells_with_data: 5,
				cells_error: 0,
				total_obs: 18656,
				backend: "cluster",
			});
			expect(summary.core_time_s).toBeGreaterThan(0);
			expect(summary.estimated_cost_usd).toBeCloseTo((summary.core_time_s / 3600) * 0.05, 12);
			expect(lines).toContain("Processing 6 of 6 cells (cluster)");
			expect(lines).toContain("  Statistics: 148/4096 cells with data");
			const [ours, theirs] = [await filesOf(store), await filesOf(local)];
			expect([...ours.keys()]).toEqual([...theirs.keys()]);
			for (const [name, bytes] of theirs) expect(ours.get(name)!.equals(bytes), name).toBe(true);
		}, 60_000);

		it("may be on S3, with secrets in no file but the one that goes with the run", async () => {
			for (const file of await readdir(granules)) s3.put("granules", file, await readFile(join(granules, file)));
			const secrets = ["read-secret-9", "write-secret-9"];
			const spool = join(folder, "spool-s3");
			const found: string[][] = [];
			const summary = (await agg(config, {
				catalog: await writeMap("remote.json", true),
				store: "s3://out/x.zarr",
				driver: "s3",
				backend: "cluster",
				outputCredentials: { accessKeyId: "A", secretAccessKey: secrets[1], endpointUrl: s3.url },
				granuleAccess: async () => ({
					s3: { credentials: { accessKeyId: "A", secretAccessKey: secrets[0]! }, endpointUrl: s3.url },
				}),
				cluster: { spoolDirectory: spool, memory: "900M", pollIntervalSeconds: 0.25 },
				// Looked at while the run's files are there.
				onProgress: (done) => done === 1 && found.push(grepSync(spool, secrets)),
			})) as ClusterSummary;
			expect(summary).toMatchObject({
				cells_with_data: 5,
				cells_error: 0,
				price_per_core_hour: null,
				estimated_cost_usd: null,
			});
			expect(summary.results[0]!.bytes_read).toBeGreaterThan(0);
			const local = await filesOf(join(folder, "local.zarr"));
			expect(s3.keys("out")).toEqual([...local.keys()].map((name) => `x.zarr${name}`));
			for (const [name, bytes] of local) expect(bytes.equals(s3.get("out", `x.zarr${name}`)!), name).toBe(true);
			expect(found).toEqual([[expect.stringMatching(/^\.access-[\w-]+\.json 600$/)]]);
			expect(await readdir(spool)).toEqual([]);
		}, 60_000);
	},
);
