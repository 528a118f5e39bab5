import { join } from "node:path";
import { defaultConfig, formatCount, gridFromConfig, gridSignature, resolvePipeline } from "@zagg/aggregate";
import { mapLocalGranules, writeShardMap } from "@zagg/catalog";
import { agg } from "@zagg/runner";
import { Command, type CommandOptions } from "commander";
import type { CommandContext } from "../cli.ts";
import { writeAtl06Sample } from "../demo/atl06-sample.ts";
import { ExitCode } from "../exit-code.ts";
import { inspectStore } from "../inspect/inspect-store.ts";
import { storeText } from "../inspect/store-text.ts";
import { createProgress } from "../output/progress.ts";
import { integer } from "./arguments.ts";

interface DemoFlags {
	readonly directory: string;
	readonly store: string;
	readonly granules: number;
	readonly segments: number;
}

/** `zagg demo`: a small realistic sample, mapped and aggregated; needs nothing. */
export function demoCommand(context: CommandContext): [Command, CommandOptions] {
	const command = new Command("demo")
		.description("write a small realistic ATL06 sample, map it, aggregate it, and print what it found")
		.option("--directory <path>", "where the sample granules and their map go", "zagg-demo")
		.option("--store <path>", "Zarr store to write", "zagg-demo.zarr")
		.option("--granules <count>", "how many granules", integer, 6)
		.option("--segments <count>", "land-ice segments per beam", integer, 4000)
		.action(async (flags: DemoFlags) => context.exit(await demo(flags, context)));
	return [command, {}];
}

async function demo(flags: DemoFlags, { terminal, signal }: CommandContext): Promise<number> {
	const config = defaultConfig("atl06");
	const grid = gridFromConfig(config);
	terminal.out(`1. Writing ${flags.granules} sample granules to ${flags.directory}/`);
	const paths = await writeAtl06Sample({
		directory: flags.directory,
		granuleCount: flags.granules,
		segmentsPerBeam: flags.segments,
		seed: 2018,
	});
	const mapPath = join(flags.directory, "map.json");
	const { map } = await mapLocalGranules({
		paths,
		pipeline: resolvePipeline(config),
		grid,
		gridSignature: gridSignature(grid, config),
		signal,
	});
	await writeShardMap(mapPath, map);
	terminal.out(`2. Mapped them to ${map.shardKeys.length} shards: ${mapPath}`);

	const progress = createProgress(terminal, "cells");
	const summary = await agg(config, {
		catalog: mapPath,
		store: flags.store,
		driver: "file",
		overwrite: true,
		signal,
		log: { info: () => {}, warn: (message) => progress.line(message) },
		onProgress: (done, total) => progress.update(done, total),
	}).finally(() => progress.end());
	if ("dry_run" in summary || summary.cells_error > 0) return ExitCode.failed;
	if (summary.completion_reason === "cancelled") return ExitCode.interrupted;
	const observations = formatCount(summary.total_obs);
	terminal.out(`3. Aggregated ${observations} observations in ${summary.wall_time_s.toFixed(1)} s into ${flags.store}`);
	terminal.out(`\n${storeText(await inspectStore(flags.store))}\n`);
	terminal.out(`Next: the same on your own granules.
  zagg catalog --config atl06 --granules 'your/*.h5' --output map.json
  zagg run --config atl06 --catalog map.json --store out.zarr --driver file
  zagg inspect out.zarr`);
	return ExitCode.ok;
}
