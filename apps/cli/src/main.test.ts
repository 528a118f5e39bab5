import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseJson } from "@zagg/aggregate";
import { createHdf5File } from "@zagg/hdf5/writer";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { writeAtl06Sample } from "./demo/atl06-sample.ts";
import { startZagg, zagg } from "./testing.ts";

/** Three granules over several shards and their map, made once; every test works in a copy. */
let sample: string;
let folder: string;
beforeAll(async () => {
	sample = await mkdtemp(join(tmpdir(), "zagg-cli-sample-"));
	await writeAtl06Sample({ directory: join(sample, "granules"), granuleCount: 3, segmentsPerBeam: 5000, seed: 7 });
	const mapped = await zagg(
		["catalog", "--config", "atl06", "--granules", "granules/*.h5", "--output", "map.json"],
		sample,
	);
	expect(mapped, mapped.stderr).toMatchObject({ exitCode: 0 });
	expect(mapped.stdout).toMatch(/^ShardMap: \d+ shards, \d+ pairs \(backend=points\) -> map\.json\n$/);
});
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "zagg-cli-"));
	await cp(sample, folder, { recursive: true });
	// The copy's map names the copy's granules.
	const map = await readFile(join(folder, "map.json"), "utf8");
	await writeFile(join(folder, "map.json"), map.replaceAll(sample, folder));
	return () => rm(folder, { recursive: true, force: true });
});
afterAll(() => rm(sample, { recursive: true, force: true }));

const runArgs = ["run", "--config", "atl06", "--catalog", "map.json", "--store", "out.zarr", "--driver", "file"];
const run = (...more: string[]) => zagg([...runArgs, ...more], folder);
const granules = async () => (await readdir(join(folder, "granules"))).map((name) => join(folder, "granules", name));
const exists = (name: string) =>
	stat(join(folder, name)).then(
		() => true,
		() => false,
	);

describe("zagg run", () => {
	it("aggregates, tells so on stdout and logs on stderr", async () => {
		const { exitCode, stdout, stderr } = await run();
		expect(exitCode, stderr).toBe(0);
		expect(stdout).toMatch(/^\nDone: \d+ cells with data, [\d,]+ obs, 0 errors, \d+\.\ds\nOutput: out\.zarr\n$/);
		expect(stderr).toMatch(/^Processing \d+ of \d+ cells \(local, \d workers, driver=file\)\n/);
		expect(stderr).toMatch(/\nDone: \d+ cells, [\d,]+ obs, 0 errors, \d+\.\ds\n$/);
	});

	it("is the default command, and prints the summary as JSON with whole shard keys", async () => {
		const { exitCode, stdout } = await zagg([...runArgs.slice(1), "--json", "--quiet"], folder);
		expect(exitCode).toBe(0);
		const summary = parseJson(stdout) as { cells_error: number; results: { shard_key: bigint }[] };
		expect(summary.cells_error).toBe(0);
		expect(summary.results.every(({ shard_key: key }) => typeof key === "bigint")).toBe(true);
	});

	it("tells what a dry run would do, and writes nothing", async () => {
		const { exitCode, stdout } = await run("--dry-run", "--max-cells", "2");
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(
			/^\n\[DRY RUN\] Would process 2 cells\n {2}Granules per cell: min=\d, max=\d, avg=\d\.\d\n {2}Output: out\.zarr\n$/,
		);
		expect(await exists("out.zarr")).toBe(false);
	});

	it("goes on without a granule that is not HDF5, and names it", async () => {
		const [first] = await granules();
		await writeFile(first!, "this is not HDF5");
		const { exitCode, stderr } = await run();
		expect(stderr).toContain(`Error processing file ${first}`);
		expect(stderr).toMatch(/not (an )?HDF5/i);
		// Shards that only this granule touches have failed; the others are done.
		expect([0, 1]).toContain(exitCode);
		expect(await exists("out.zarr/12/zarr.json")).toBe(true);
	});

	it("fails a shard of which nothing can be read, and exits with 1", async () => {
		for (const path of await granules()) await truncate(path, 5000);
		const { exitCode, stdout, stderr } = await run();
		expect(exitCode).toBe(1);
		expect(stdout).toMatch(/Done: 0 cells with data, 0 obs, [1-9]\d* errors/);
		expect(stderr).toMatch(
			/ERROR shard \d+: nothing could be read from its \d granules?; first failure: .*granules.ATL06_/,
		);
		expect(await exists("out.zarr/12/count/c")).toBe(false);
	});

	it("is silent about an absent beam, and clear about a granule without any", async () => {
		const [first] = await granules();
		const writer = await createHdf5File(first!);
		await writer.writeDataset("/orbit_info/rgt", Int32Array.of(1));
		await writer.close();
		const { stderr } = await run();
		expect(stderr).toContain("none of the groups gt1l, gt1r, gt2l, gt2r, gt3l, gt3r holds");
		expect(stderr.split("Error").length - 1).toBeGreaterThan(0);
		expect(stderr).not.toContain("Error reading track gt2r");
	});

	it("takes an empty granule for one without data", async () => {
		const [first, ...rest] = await granules();
		for (const path of rest) await rm(path);
		const writer = await createHdf5File(first!);
		const group = "/gt1l/land_ice_segments";
		for (const name of ["latitude", "longitude"]) await writer.writeDataset(`${group}/${name}`, new Float64Array());
		for (const name of ["h_li", "h_li_sigma"]) await writer.writeDataset(`${group}/${name}`, new Float32Array());
		await writer.writeDataset(`${group}/atl06_quality_summary`, new Int8Array());
		await writer.close();
		const map = await readFile(join(folder, "map.json"), "utf8");
		for (const path of rest) expect(map).toContain(path);
		const { stdout, stderr } = await run("--json", "--quiet");
		const { results } = parseJson(stdout) as { results: { error: string | null; total_obs: number }[] };
		expect(
			results.every(({ error }) => error === "No data after filtering"),
			stderr,
		).toBe(true);
	});

	it("points at a typo in a config, and exits with 2", async () => {
		const shown = await zagg(["config", "show", "atl06"], folder);
		await writeFile(join(folder, "typo.yaml"), shown.stdout.replace("child_order", "chld_order"));
		const { exitCode, stderr } = await zagg(
			["run", "--config", "typo.yaml", "--catalog", "map.json", "--store", "x.zarr"],
			folder,
		);
		expect(exitCode).toBe(2);
		expect(stderr).toContain("chld_order");
		expect(stderr).toContain("did you mean 'child_order'");
		expect(await exists("x.zarr")).toBe(false);
	});

	it("refuses a map of another grid, and exits with 2", async () => {
		const map = await readFile(join(folder, "map.json"), "utf8");
		await writeFile(join(folder, "map.json"), map.replace('"parent_order": 6', '"parent_order": 7'));
		const { exitCode, stderr } = await run();
		expect(exitCode).toBe(2);
		expect(stderr).toContain("ShardMap was built for a different grid than this run config.");
		expect(await exists("out.zarr")).toBe(false);
	});

	it("says which driver to use when the config's does not reach the granules", async () => {
		const { exitCode, stderr } = await zagg(runArgs.slice(0, -2), folder);
		expect(exitCode).toBe(2);
		expect(stderr).toContain("run with --driver file");
	});

	it("refuses a store that holds something else, and leaves it alone", async () => {
		const first = await run("--max-cells", "1");
		expect(first.exitCode).toBe(0);
		const shown = await zagg(["config", "show", "atl06"], folder);
		await writeFile(join(folder, "other.yaml"), shown.stdout.replace("dtype: float32", "dtype: float64"));
		const before = await readFile(join(folder, "out.zarr/zarr.json"), "utf8");
		const other = ["run", "--config", "other.yaml", "--catalog", "map.json", "--store", "out.zarr", "--driver", "file"];
		const { exitCode, stderr } = await zagg(other, folder);
		expect(exitCode).not.toBe(0);
		expect(stderr).toContain("--overwrite");
		expect(await readFile(join(folder, "out.zarr/zarr.json"), "utf8")).toBe(before);
		expect((await zagg([...other, "--overwrite"], folder)).exitCode).toBe(0);
	});

	it.skipIf(process.platform === "win32")("says when the store cannot be written", async () => {
		await writeFile(join(folder, "out.zarr"), "a file");
		const { exitCode, stderr } = await run();
		expect(exitCode).toBe(2);
		expect(stderr).toContain("out.zarr");
		expect(await readFile(join(folder, "out.zarr"), "utf8")).toBe("a file");
	});

	it.skipIf(process.getuid?.() === 0)("says when the store's folder is read-only (not as root)", async () => {
		await chmod(folder, 0o555);
		const { exitCode, stderr } = await run().finally(() => chmod(folder, 0o755));
		expect(exitCode).toBe(1);
		expect(stderr).toContain("out.zarr");
	});

	it("stops on Ctrl-C with 130, leaves a readable store, and completes it when run again", async () => {
		const { child, finished } = startZagg([...runArgs, "--max-workers", "1"], folder);
		child.stderr!.on("data", (text: string) => {
			if (text.includes("[1/")) child.kill("SIGINT");
		});
		const { exitCode, stderr } = await finished;
		expect(exitCode, stderr).toBe(130);
		expect(stderr).toContain("the same command completes it");
		const inspected = await zagg(["inspect", "out.zarr"], folder);
		expect(inspected.exitCode, inspected.stderr).toBe(0);
		expect((await run()).exitCode).toBe(0);
		const whole = await zagg([...runArgs.map((arg) => (arg === "out.zarr" ? "whole.zarr" : arg)), "--quiet"], folder);
		expect(whole.exitCode).toBe(0);
		const chunks = async (store: string) => (await readdir(join(folder, store, "12/count/c"))).sort();
		expect(await chunks("out.zarr")).toEqual(await chunks("whole.zarr"));
	});

	it.each([
		[["run", "--catalog", "map.json"], "required option '--config"],
		[["run", "--config", "atl06", "--max-cells", "many"], "It must be a whole number."],
		[["run", "--config", "atl06", "--wrong"], "unknown option '--wrong'"],
		[["run", "--config", "atl6", "--catalog", "map.json"], "Did you mean 'atl06'?"],
		[["run", "--config", "atl06", "--catalog", "nowhere.json", "--store", "x.zarr"], "nowhere.json"],
		[["run", "--config", "atl06", "--store", "x.zarr"], "No catalog specified"],
		[["fly"], "unknown command 'fly'"],
	])("exits with 2 for %j", async (args, message) => {
		const { exitCode, stderr } = await zagg(args, folder);
		expect(stderr).toContain(message);
		expect(exitCode).toBe(2);
		expect(await exists("x.zarr")).toBe(false);
	});
});

describe("zagg catalog", () => {
	const catalog = (...more: string[]) =>
		zagg(["catalog", "--config", "atl06", "--granules", "granules/*.h5", "--output", "new.json", ...more], folder);

	it("fails with all unreadable granules named, and writes no map", async () => {
		const [first, second] = await granules();
		await writeFile(first!, "not HDF5");
		await truncate(second!, 3000);
		const { exitCode, stderr } = await catalog();
		expect(exitCode).toBe(1);
		expect(stderr).toContain("2 of 3 granules cannot be read; no shard map was written");
		expect(stderr).toContain(first!);
		expect(stderr).toContain(second!);
		expect(await exists("new.json")).toBe(false);
		const skipping = await catalog("--skip-unreadable");
		expect(skipping.exitCode).toBe(0);
		expect(skipping.stderr).toContain(`left out ${first}`);
	});

	it("says so when no granule has a beam of the config", async () => {
		for (const path of await granules()) {
			await rm(path);
			const writer = await createHdf5File(path);
			await writer.writeDataset("/x", Int8Array.of(1));
			await writer.close();
		}
		const { exitCode, stderr } = await catalog();
		expect(exitCode).toBe(1);
		expect(stderr).toContain("none of them has '/{group}/land_ice_segments/latitude'");
		expect(await exists("new.json")).toBe(false);
	});

	it("says so when the pattern matches nothing", async () => {
		const { exitCode, stderr } = await zagg(["catalog", "--config", "atl06", "--granules", "none/*.h5"], folder);
		expect(exitCode).toBe(2);
		expect(stderr).toContain("no file matches 'none/*.h5'");
	});
});

describe("zagg", () => {
	it("demonstrates itself and inspects what it made", async () => {
		const { exitCode, stdout, stderr } = await zagg(["demo", "--granules", "2", "--segments", "500"], folder);
		expect(exitCode, stderr).toBe(0);
		expect(stdout).toMatch(/3\. Aggregated [\d,]+ observations in \d+\.\d s into zagg-demo\.zarr/);
		expect(stdout).toContain("h_mean");
		const inspected = await zagg(["inspect", "zagg-demo.zarr", "--json"], folder);
		expect(inspected.exitCode, inspected.stderr).toBe(0);
		expect(parseJson(inspected.stdout)).toMatchObject({ groups: [{ path: "12", grid: "healpix" }] });
	});

	it("helps", async () => {
		const { exitCode, stdout } = await zagg(["--help"], folder);
		expect(exitCode).toBe(0);
		for (const command of ["run", "catalog", "config", "demo", "inspect"]) expect(stdout).toContain(`\n  ${command} `);
		expect((await zagg(["--version"], folder)).stdout).toBe(`${manifest.version}\n`);
	});

	it("checks a config", async () => {
		const good = await zagg(["config", "check", "atl06"], folder);
		expect(good).toMatchObject({ exitCode: 0, stdout: "atl06: OK\n" });
		await writeFile(join(folder, "empty.yaml"), "data_source: {}\n");
		const bad = await zagg(["config", "check", "empty.yaml"], folder);
		expect(bad.exitCode).toBe(2);
		expect(bad.stderr).toContain("Missing required section: data_source");
	});
});
