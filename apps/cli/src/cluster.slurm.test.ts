import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startZagg, zagg } from "./testing.ts";

const slurmHome = process.env.ZAGG_TEST_SLURM;
const granules = join(import.meta.dirname, "../../../../shared/data/atl06");

describe.skipIf(!slurmHome || !existsSync(granules))(
	"zagg run --backend cluster (needs ZAGG_TEST_SLURM and ../shared)",
	() => {
		let folder: string;
		let local: Map<string, string>;
		const run = (store: string, ...more: string[]): string[] => [
			...["run", "--config", "atl06", "--catalog", "map.json", "--driver", "file", "--store", store, ...more],
		];
		const onCluster = (store: string, ...more: string[]): string[] =>
			run(store, "--backend", "cluster", "--partition", "steady", "--memory", "900M", "--time", "00:10:00", ...more);
		async function filesOf(store: string): Promise<Map<string, string>> {
			const root = join(folder, store);
			const entries = await readdir(root, { recursive: true, withFileTypes: true });
			const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
			const contents = paths
				.sort()
				.map(async (path) => [path.slice(root.length), await readFile(path, "hex")] as const);
			return new Map(await Promise.all(contents));
		}
		const jobsIn = (spool: string): string[] =>
			execFileSync("squeue", ["-h", "-t", "PENDING,RUNNING", "-o", "%Z"], { encoding: "utf8" })
				.split("\n")
				.filter((directory) => directory.startsWith(join(folder, spool)));

		beforeAll(async () => {
			process.env.SLURM_CONF = join(slurmHome!, "slurm.conf");
			folder = await mkdtemp(join(tmpdir(), "zagg-cluster-cli-"));
			const mapArgs = ["--granules", join(granules, "*.h5"), "--output", "map.json"];
			const mapped = await zagg(["catalog", "--config", "atl06", ...mapArgs], folder);
			expect(mapped, mapped.stderr).toMatchObject({ exitCode: 0 });
			expect(await zagg(run("local.zarr"), folder)).toMatchObject({ exitCode: 0 });
			local = await filesOf("local.zarr");
		}, 60_000);
		afterAll(() => rm(folder, { recursive: true, force: true }));

		it("makes the store of the local backend and tells what it cost", async () => {
			const done = await zagg(onCluster("a.zarr", "--json", "--price-per-core-hour", "0.05"), folder);
			expect(done, done.stderr).toMatchObject({ exitCode: 0 });
			const summary = JSON.parse(done.stdout);
			expect(summary).toMatchObject({
				backend: "cluster",
				total_cells: 6,
				cells_with_data: 5,
				price_per_core_hour: 0.05,
			});
			expect(summary.estimated_cost_usd).toBeCloseTo((summary.core_time_s / 3600) * 0.05, 12);
			expect(done.stderr).toContain("Processing 6 of 6 cells (cluster)");
			if (existsSync(join(slurmHome!, "slurmdbd.conf")))
				expect(done.stderr).toMatch(/Slurm's accounting: \d+ core-seconds/);
			expect(await filesOf("a.zarr")).toEqual(local);
			expect(await readdir(join(folder, "zagg-spool"))).toEqual([]);
		}, 60_000);

		it("is interrupted with 130, and leaves no job", async () => {
			const { child, finished } = startZagg(onCluster("b.zarr", "--spool", "spool-b", "--max-workers", "1"), folder);
			while (!existsSync(join(folder, "spool-b")) || jobsIn("spool-b").length === 0) await sleep(100);
			child.kill("SIGINT");
			const { exitCode, stderr } = await finished;
			expect(exitCode, stderr).toBe(130);
			expect(jobsIn("spool-b")).toEqual([]);
		}, 60_000);

		it("is attached to by name after its death", async () => {
			const args = onCluster("c.zarr", "--spool", "spool-c", "--max-workers", "1", "--resume", "mine");
			const { child, finished } = startZagg(args, folder);
			while (!existsSync(join(folder, "spool-c")) || jobsIn("spool-c").length === 0) await sleep(100);
			child.kill("SIGKILL");
			await finished;
			const done = await zagg([...args, "--json"], folder);
			expect(done, done.stderr).toMatchObject({ exitCode: 0 });
			expect(JSON.parse(done.stdout)).toMatchObject({ cells_with_data: 5, cells_error: 0 });
			expect(await filesOf("c.zarr")).toEqual(local);
		}, 60_000);

		it("says what Slurm would not take, and exits with 2", async () => {
			const refused = await zagg(run("d.zarr", "--backend", "cluster", "--partition", "nowhere"), folder);
			expect(refused.exitCode).toBe(2);
			expect(refused.stderr).toMatch(/Slurm would not take the job: .*partition/i);
			expect(existsSync(join(folder, "d.zarr"))).toBe(false);
		}, 30_000);
	},
);
