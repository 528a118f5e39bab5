// Measures what zagg costs on this machine, each figure beside an independent tool where there is one, and writes
// bench/results/<machine>.json and the table in bench/README.md. `pnpm bench [GROUP...]`, e.g. `pnpm bench hdf5 grid`.
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { ATL06_SHARD_KEY, writeAtl06Shard } from "../apps/cli/src/demo/atl06-shard.ts";
import { dispatchBench } from "./dispatch.ts";
import { gridBench } from "./grid.ts";
import { hdf5Bench } from "./hdf5.ts";
import { reduceBench } from "./reduce.ts";
import { type Figure, figureTable, machineName } from "./report.ts";
import { shardBench } from "./shard.ts";

const folder = await mkdtemp(join(tmpdir(), "zagg-bench-"));

const groups: Record<string, () => Promise<Figure[]>> = {
	async dispatch() {
		const { microsecondsPerCell, heapGrowthRatio } = await dispatchBench();
		return [
			{ name: "dispatch: overhead per no-op cell, width 1,000", value: microsecondsPerCell, unit: "µs", aim: "≤ 5 µs" },
			{ name: "dispatch: heap at 100,000 cells over 1,000", value: heapGrowthRatio, unit: "×", aim: "≤ 1.1×" },
		];
	},
	async grid() {
		const { assignMillionPointsPerSecond, ranksMillionPointsPerSecond } = await gridBench();
		return [
			{ name: "grid: assign points to words", value: assignMillionPointsPerSecond, unit: "M points/s", aim: "27–37" },
			{ name: "grid: rank points in a shard", value: ranksMillionPointsPerSecond, unit: "M points/s" },
		];
	},
	async hdf5() {
		const paths = await samplePaths(2_000_000, 4);
		const reference = h5pyMegabytesPerSecond(paths);
		const { megabytesPerSecond, secondsPerGranule } = await hdf5Bench(paths);
		return [
			{
				name: "hdf5: decoded columns of a local granule",
				value: megabytesPerSecond,
				unit: "MB/s",
				...(reference !== undefined && { reference: { tool: "h5py", value: reference } }),
			},
			{ name: "hdf5: granule of 500,000 segments", value: secondsPerGranule, unit: "s" },
		];
	},
	async reduce() {
		const { seconds } = await reduceBench(10_000_000);
		return [{ name: "reduce: nine atl06 fields, 10 M points", value: seconds, unit: "s" }];
	},
	async shard() {
		const small = await shardFigures(1_000_000);
		const large = await shardFigures(10_000_000);
		return [
			{ name: "shard: 1 M points, granules to chunks", value: small.seconds, unit: "s" },
			{ name: "shard: 10 M points, granules to chunks", value: large.seconds, unit: "s" },
			{ name: "shard: growth from 1 M to 10 M points", value: large.seconds / small.seconds, unit: "×", aim: "≤ 11×" },
			{ name: "shard: peak memory at 1 M points", value: small.peakMebibytes, unit: "MiB" },
			{ name: "shard: peak memory at 10 M points", value: large.peakMebibytes, unit: "MiB" },
		];
	},
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in groups));
if (unknown !== undefined) {
	console.error(`no bench named '${unknown}'; there are ${Object.keys(groups).join(", ")}`);
	process.exit(2);
}
try {
	const figures: Figure[] = [];
	for (const [name, measure] of Object.entries(groups)) {
		if (asked.length > 0 && !asked.includes(name)) continue;
		console.error(`measuring ${name} …`);
		figures.push(...(await measure()));
	}
	console.log(figureTable(figures));
	// A part of the figures would overwrite the whole.
	if (asked.length === 0) await keep(figures);
} finally {
	await rm(folder, { recursive: true, force: true });
}

async function samplePaths(pointCount: number, granuleCount: number): Promise<string[]> {
	return writeAtl06Shard({ directory: join(folder, String(pointCount)), pointCount, granuleCount, seed: 1 });
}

async function shardFigures(pointCount: number) {
	return shardBench(await samplePaths(pointCount, 4), ATL06_SHARD_KEY, "atl06");
}

function h5pyMegabytesPerSecond(paths: readonly string[]): number | undefined {
	const python = process.env.ZAGG_TEST_PYTHON ?? "python3";
	const script = join(import.meta.dirname, "h5py_read.py");
	try {
		const rates = [1, 2, 3].map(() =>
			Number(execFileSync(python, [script, ...paths], { encoding: "utf8", stdio: "pipe" })),
		);
		return Math.max(...rates);
	} catch {
		console.error("  h5py is not there; its figure is left out (set ZAGG_TEST_PYTHON to a Python that has it)");
		return undefined;
	}
}

async function keep(figures: readonly Figure[]): Promise<void> {
	const results = join(import.meta.dirname, "results", `${hostname()}.json`);
	const record = { machine: machineName(), date: new Date().toISOString().slice(0, 10), figures };
	await writeFile(results, `${JSON.stringify(record, null, 2)}\n`);
	const readme = join(import.meta.dirname, "README.md");
	const text = await readFile(readme, "utf8");
	const table = `<!-- figures -->\n${machineName()}\n\n${figureTable(figures)}\n<!-- /figures -->`;
	await writeFile(readme, text.replace(/<!-- figures -->[\s\S]*<!-- \/figures -->/, table));
}
