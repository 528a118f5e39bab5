import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	defaultConfig,
	gridFromConfig,
	gridSignature,
	parseJson,
	resolvePipeline,
	type ShardMetadata,
	type ShardTask,
} from "@zagg/aggregate";
import { mapLocalGranules, readShardMap, type ShardMap, writeShardMap } from "@zagg/catalog";
import type { AttemptOutcome } from "@zagg/dispatch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agg } from "./agg.ts";
import type { ShardExecutor } from "./run-plan.ts";
import type { LocalSummary } from "./summary.ts";

const shared = join(import.meta.dirname, "../../../../shared");
const granules = join(shared, "data/atl06");
const golden = join(shared, "golden/atl06");

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "zagg-runner-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface ExpectedShard {
	readonly granules: readonly string[];
	readonly meta: Record<string, unknown>;
	readonly block: readonly number[];
	readonly columns: Record<string, { dtype: string; sha256: string }>;
}

async function mapGranules(name: string): Promise<string> {
	const config = defaultConfig("atl06");
	const grid = gridFromConfig(config);
	const { map } = await mapLocalGranules({
		paths: (await readdir(granules)).map((file) => join(granules, file)),
		pipeline: resolvePipeline(config),
		grid,
		gridSignature: gridSignature(grid, config),
	});
	const path = join(folder, name);
	await writeShardMap(path, map);
	return path;
}

async function treeOf(path: string): Promise<Record<string, string>> {
	const names = (await readdir(path, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
	const files = names.map((entry) => join(entry.parentPath, entry.name)).sort();
	const hash = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");
	return Object.fromEntries(files.map((file) => [file.slice(path.length), hash(file)]));
}

describe.skipIf(!existsSync(golden))("agg on the five real granules (needs ../shared)", () => {
	let catalog: string;
	let expected: Record<string, ExpectedShard>;
	let summary: LocalSummary;
	let store: string;
	const lines: string[] = [];

	beforeAll(async () => {
		catalog = await mapGranules("map.json");
		expected = parseJson(await readFile(join(golden, "expected.json"), "utf8")) as Record<string, ExpectedShard>;
		store = join(folder, "out.zarr");
		const log = (message: string): void => void lines.push(message);
		summary = (await agg(defaultConfig("atl06"), {
			catalog,
			store,
			driver: "file",
			log: { info: log, warn: log },
		})) as LocalSummary;
	});

	it("maps the granules to the shards that their points fall in", async () => {
		const map = await readShardMap(catalog);
		expect(map.shardKeys.map(String)).toEqual(Object.keys(expected).sort());
		for (const [index, key] of map.shardKeys.entries()) {
			expect(map.granules[index]!.map(({ id }) => id)).toEqual(expected[String(key)]!.granules);
		}
	});

	it("gives the metadata of the Python system, shard by shard", () => {
		expect(summary.results).toHaveLength(6);
		for (const metadata of summary.results) {
			const { duration_s: _wanted, ...meta } = expected[String(metadata.shard_key)]!.meta;
			const { duration_s: duration, ...rest } = metadata;
			expect(rest).toEqual(meta);
			expect(duration).toBeGreaterThan(0);
		}
	});

	it("stores every column with the very bytes of the Python system", async () => {
		for (const { block, columns } of Object.values(expected)) {
			for (const [name, { sha256 }] of Object.entries(columns)) {
				const chunk = await readFile(join(store, "12", name, "c", ...block.map(String)));
				expect(createHash("sha256").update(chunk).digest("hex"), `${name} of block ${block}`).toBe(sha256);
			}
		}
		expect(existsSync(join(store, "12/count/c/16163")), "the shard without data").toBe(false);
	});

	it("summarises with the published keys, in order", () => {
		expect(Object.keys(summary)).toEqual([
			"total_cells",
			"cells_with_data",
			"cells_error",
			"total_obs",
			"wall_time_s",
			"store_path",
			"backend",
			"results",
		]);
		expect(summary).toMatchObject({
			total_cells: 6,
			cells_with_data: 5,
			cells_error: 0,
			total_obs: 18656,
			backend: "local",
		});
	});

	it("logs the lines that people look for", () => {
		expect(lines[0]).toBe("Processing 6 of 6 cells (local, 4 workers, driver=file)");
		expect(lines).toContain("Processing shard: 5702683028157890566");
		expect(lines).toContain("  Read 17,162 observations");
		expect(lines).toContain("  Statistics: 148/4096 cells with data");
		expect(lines.filter((line) => /^ {2}\[\d\/6\] 5702683028157890566: 17,162 obs$/.test(line))).toHaveLength(1);
		expect(
			lines.filter((line) => /^ {2}\[\d\/6\] 5702401553181179910: No data after filtering$/.test(line)),
		).toHaveLength(1);
		expect(lines.at(-1)).toMatch(/^Done: 5 cells, 18,656 obs, 0 errors, \d+\.\ds$/);
	});

	it.each([1, 4])("stores the same bytes again, with %i workers", async (maxWorkers) => {
		const again = join(folder, `again-${maxWorkers}.zarr`);
		await agg(defaultConfig("atl06"), { catalog, store: again, driver: "file", maxWorkers });
		const tree = await treeOf(again);
		expect(tree).toEqual(await treeOf(store));
		await agg(defaultConfig("atl06"), { catalog, store: again, driver: "file", maxWorkers });
		expect(await treeOf(again)).toEqual(tree);
	});

	it("leaves a readable store when cancelled, and completes it when run again", async () => {
		const interrupted = join(folder, "interrupted.zarr");
		const controller = new AbortController();
		const options = { catalog, store: interrupted, driver: "file", maxWorkers: 1 };
		const cut = (await agg(defaultConfig("atl06"), {
			...options,
			signal: controller.signal,
			onProgress: (done) => done === 2 && controller.abort(),
		})) as LocalSummary;
		expect(cut.completion_reason).toBe("cancelled");
		expect(cut.results.length).toBeLessThan(6);
		expect(parseJson(await readFile(join(interrupted, "12/zarr.json"), "utf8"))).toMatchObject({ node_type: "group" });
		await agg(defaultConfig("atl06"), options);
		expect(await treeOf(interrupted)).toEqual(await treeOf(store));
	});
});

/** A catalog of shards that exist on the atl06 grid, each with one granule. */
async function writeCatalog(
	name: string,
	shardKeys: readonly bigint[],
	granuleCounts: readonly number[],
): Promise<string> {
	const config = defaultConfig("atl06");
	const map: ShardMap = {
		metadata: {},
		gridSignature: gridSignature(gridFromConfig(config), config),
		shardKeys,
		granules: granuleCounts.map((count) =>
			Array.from({ length: count }, (_, index) => ({
				id: `${index}.h5`,
				s3: `s3://bucket/${index}.h5`,
				https: null,
				file: `${index}.h5`,
			})),
		),
	};
	const path = join(folder, name);
	await writeShardMap(path, map);
	return path;
}

/** Answers every shard with what the table says, at once. */
function scriptedExecutor(answers: ReadonlyMap<bigint, Partial<ShardMetadata> | Error>): ShardExecutor {
	return {
		name: "scripted",
		specVersion: 1,
		capabilities: {
			cancelsRunningWork: false,
			isolatesCrashes: false,
			runsInParallel: false,
			transfer: "reference",
			maxPayloadBytes: null,
			costSource: "none",
		},
		preflight: async () => ({ workers: 1, detail: null }),
		submit: async (task: ShardTask): Promise<ShardMetadata> => {
			const answer = answers.get(task.shardKey)!;
			if (answer instanceof Error) throw answer;
			return {
				shard_key: task.shardKey,
				cells_with_data: 0,
				total_obs: 0,
				granule_count: task.granules.length,
				files_processed: 0,
				duration_s: 0,
				error: null,
				...answer,
			};
		},
		measureCost: (_outcome: AttemptOutcome<ShardMetadata>) => ({ computeTimeSeconds: 0, gbSeconds: 0, costUsd: 0 }),
		finalize: async () => {
			throw new Error("not called by the local backend");
		},
		shutdown: async () => {},
	};
}

describe("agg", () => {
	const config = defaultConfig("atl06");

	it("counts data, errors and empty cells as published", async () => {
		const keys = [10n, 11n, 12n, 13n];
		const warnings: string[] = [];
		const summary = await agg(config, {
			catalog: await writeCatalog("counting.json", keys, [1, 1, 1, 1]),
			store: join(folder, "counting.zarr"),
			driver: "file",
			executor: scriptedExecutor(
				new Map<bigint, Partial<ShardMetadata> | Error>([
					[10n, { total_obs: 7, cells_with_data: 1 }],
					[11n, new Error("broken")],
					[12n, { error: "No data after filtering" }],
					[13n, { total_obs: 7, cells_with_data: 1 }],
				]),
			),
			log: { info: () => {}, warn: (message) => warnings.push(message) },
		});
		expect(summary).toMatchObject({ total_cells: 4, cells_with_data: 2, cells_error: 1, total_obs: 14 });
		expect((summary as LocalSummary).results.map(({ shard_key: key }) => key)).toEqual([10n, 12n, 13n]);
		expect(Object.keys(summary)).toHaveLength(8);
		expect(warnings).toEqual(["  [2/4] 11: ERROR broken"]);
	});

	it("tells what a dry run would do, and writes nothing", async () => {
		const catalog = await writeCatalog("dry.json", [-4211324n, -4211323n, -4211322n], [3, 1, 2]);
		const store = join(folder, "dry.zarr");
		const dryRun = (options: object) => agg(config, { catalog, store, dryRun: true, ...options });
		expect(await dryRun({})).toEqual({
			dry_run: true,
			total_cells: 3,
			granules_per_cell_min: 1,
			granules_per_cell_max: 3,
			granules_per_cell_avg: 2,
			store_path: store,
		});
		expect(await dryRun({ maxCells: 2 })).toMatchObject({ total_cells: 2 });
		expect(await dryRun({ mortonCell: "-4211322" })).toMatchObject({ total_cells: 1, granules_per_cell_avg: 2 });
		await expect(dryRun({ mortonCell: "99999999" })).rejects.toThrow("shard '99999999' not in catalog");
		expect(existsSync(store)).toBe(false);
	});

	it("asks for what is missing before it does anything", async () => {
		await expect(agg(config, { store: "x.zarr" })).rejects.toThrow("No catalog specified");
		await expect(agg(config, { catalog: "map.json" })).rejects.toThrow("No store path specified");
		const catalog = await writeCatalog("backend.json", [1n], [1]);
		await expect(agg(config, { catalog, store: "x.zarr", backend: "magic" })).rejects.toThrow(
			"Unknown backend: 'magic'",
		);
		await expect(agg(config, { catalog, store: "x.zarr", driver: "file", maxWorkers: 0 })).rejects.toThrow(
			"max_workers must be greater than 0",
		);
	});

	it("refuses a file that is no shard map", async () => {
		const path = join(folder, "other.json");
		await writeFile(path, JSON.stringify({ shard_keys: [], granules: [] }));
		await expect(agg(config, { catalog: path, store: "x.zarr" })).rejects.toThrow("is not a Phase-5 ShardMap");
	});

	it("refuses a map of another grid, showing both", async () => {
		const catalog = await writeCatalog("grid.json", [1n], [1]);
		const text = await readFile(catalog, "utf8");
		await writeFile(catalog, text.replace('"child_order": 12', '"child_order": 11'));
		const store = join(folder, "other-grid.zarr");
		await expect(agg(config, { catalog, store, driver: "file" })).rejects.toThrow(
			/built for a different grid than this run config\.\n {2}shard map : \{'type': 'healpix'.*'child_order': 11.*\n {2}run config: \{.*'child_order': 12/,
		);
		expect(existsSync(store)).toBe(false);
	});

	it("says which driver reaches the granules when the chosen one does not", async () => {
		const catalog = await writeCatalog("driver.json", [1n], [1]);
		await expect(agg(config, { catalog, store: join(folder, "no.zarr"), driver: "https" })).rejects.toMatchObject({
			message: "no granule in the shard map has a 'https' address",
			remedy: "Its granules have 'file' and 's3' addresses: run with --driver file.",
		});
	});

	it("warns of the dense layout and of nothing else", async () => {
		const warnings: string[] = [];
		const catalog = await writeCatalog("dense.json", [1n], [1]);
		const options = {
			catalog,
			store: "x",
			dryRun: true,
			log: { info: () => {}, warn: (text: string) => warnings.push(text) },
		};
		await agg(config, options);
		expect(warnings).toEqual([]);
		await agg(
			{ ...config, output: { ...config.output, grid: { ...(config.output.grid as object), layout: "dense" } } },
			options,
		);
		expect(warnings).toEqual([expect.stringMatching(/dense.*deprecated/)]);
	});
});
