// Measures what zagg costs on this machine, each figure beside an independent tool where there is one, and writes
// bench/results/<machine>.json and the table in bench/README.md. `pnpm bench [GROUP...]`, e.g. `pnpm bench hdf5 grid`.
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { builtinConfigText } from "@zagg/aggregate";
import { writeAtl06Shard } from "../apps/cli/src/demo/atl06-shard.ts";
import { ATL03_CORNER, writeAtl03Shard } from "./atl03-shard.ts";
import { catalogBench } from "./catalog.ts";
import { dispatchBench } from "./dispatch.ts";
import { gridBench } from "./grid.ts";
import { hdf5Bench } from "./hdf5.ts";
import { lambdaBench } from "./lambda.ts";
import { reduceBench } from "./reduce.ts";
import { remoteBench } from "./remote.ts";
import { type Figure, figureTable, machineName } from "./report.ts";
import { shardBench } from "./shard.ts";
import { slurmBench } from "./slurm.ts";

/** Inside the shard that `writeAtl06Shard` fills. */
const ATL06_PLACE = { latitude: 71.65, longitude: -48.6 };
const ATL03_PLACE = { latitude: ATL03_CORNER.latitude + 0.01, longitude: ATL03_CORNER.longitude + 0.01 };

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
	shard: () => shardGrowth("atl06", ATL06_PLACE, "atl06", (count) => samplePaths(count, 4)),
	rectilinear: async () =>
		shardGrowth("rectilinear, 500 m cells", ATL06_PLACE, await polarConfig(), (count) => samplePaths(count, 4)),
	atl03: () => shardGrowth("atl03", ATL03_PLACE, "atl03", atl03Paths),
	waveform: () => shardGrowth("atl03_waveform_counts", ATL03_PLACE, "atl03_waveform_counts", atl03Paths),
	async catalog() {
		const small = await catalogBench(10_000);
		const large = await catalogBench(100_000);
		return [
			{ name: "catalog: 100,000 footprints, order 6", value: large.seconds, unit: "s", aim: "≤ 60 s" },
			{ name: "catalog: peak memory", value: large.peakMebibytes, unit: "MiB", aim: "≤ 1,000" },
			{ name: "catalog: growth from 10,000 to 100,000", value: large.seconds / small.seconds, unit: "×", aim: "10×" },
		];
	},
	async lambda() {
		const { invokesPerSecond, defaultClientInvokesPerSecond, heapGrowthRatio } = await lambdaBench();
		return [
			{
				name: "lambda: invocations over loopback, 1,000 at once",
				value: invokesPerSecond,
				unit: "/s",
				aim: "≥ 1,000 /s",
				reference: { tool: "the SDK's default client", value: defaultClientInvokesPerSecond },
			},
			{ name: "lambda: heap at 20,000 cells over 2,000", value: heapGrowthRatio, unit: "×", aim: "flat" },
		];
	},
	async slurm() {
		const home = process.env.ZAGG_TEST_SLURM;
		if (home === undefined) {
			console.error("slurm: left out, as it needs ZAGG_TEST_SLURM (scripts/slurm-up.sh)");
			return [];
		}
		process.env.SLURM_CONF = join(home, "slurm.conf");
		const { cellsPerSecond, overheadShare, slots } = await slurmBench();
		return [
			{ name: `slurm: 1,000 trivial cells on ${slots} slots`, value: cellsPerSecond, unit: "cells/s" },
			{ name: "slurm: overhead of a 60 s cell, alone in its task", value: overheadShare * 100, unit: "%" },
		];
	},
	async remote() {
		const { secondsRanged, secondsDownload, megabytesTransferred, megabytesFile } = await remoteBench();
		return [
			{
				name: "remote: a tenth of 30 columns at 30 ms latency, by ranges",
				value: secondsRanged,
				unit: "s",
				reference: { tool: "downloading", value: secondsDownload },
			},
			{
				name: "remote: bytes that came, by ranges",
				value: megabytesTransferred,
				unit: "MB",
				reference: { tool: "whole file", value: megabytesFile },
			},
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

async function atl03Paths(photonCount: number): Promise<string[]> {
	return [await writeAtl03Shard(join(folder, "atl03"), photonCount)];
}

/** One shard of 1 M and of 10 M points: seconds, peak memory, and how the seconds grow. */
async function shardGrowth(
	name: string,
	place: { readonly latitude: number; readonly longitude: number },
	config: string,
	granules: (pointCount: number) => Promise<string[]>,
): Promise<Figure[]> {
	const small = await shardBench(await granules(1_000_000), place, config);
	const large = await shardBench(await granules(10_000_000), place, config);
	return [
		{ name: `shard, ${name}: 1 M points`, value: small.seconds, unit: "s" },
		{ name: `shard, ${name}: 10 M points`, value: large.seconds, unit: "s" },
		{ name: `shard, ${name}: growth`, value: large.seconds / small.seconds, unit: "×", aim: "≤ 11×" },
		{ name: `shard, ${name}: peak memory at 1 M`, value: small.peakMebibytes, unit: "MiB" },
		{ name: `shard, ${name}: peak memory at 10 M`, value: large.peakMebibytes, unit: "MiB" },
	];
}

/** The built-in config atl06 on a polar grid, one shard of which holds all points of the sample. */
async function polarConfig(): Promise<string> {
	const path = join(folder, "polar.yaml");
	const grid = `  grid:
    type: rectilinear
    crs: EPSG:3413
    resolution: 500
    bounds: [-190000, -2064000, -62000, -1936000]
    chunk_shape: [256, 256]
`;
	await writeFile(path, builtinConfigText("atl06").replace(/^ {2}grid:[\s\S]*$/m, grid));
	return path;
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
