import { formatCount, resolveConfig, stringifyJson } from "@zagg/aggregate";
import { agg } from "@zagg/runner";
import { Command, type CommandOptions } from "commander";
import type { CommandContext } from "../cli.ts";
import { ExitCode } from "../exit-code.ts";
import { createProgress } from "../output/progress.ts";
import { integer } from "./arguments.ts";

interface RunFlags {
	readonly config: string;
	readonly catalog?: string;
	readonly store?: string;
	readonly backend: string;
	readonly driver?: string;
	readonly maxCells?: number;
	readonly mortonCell?: string;
	readonly maxWorkers?: number;
	readonly overwrite: boolean;
	readonly dryRun: boolean;
	readonly json: boolean;
	readonly quiet: boolean;
}

/** `zagg run`, also plain `zagg --config …`: aggregates the granules of a shard map into a store. */
export function runCommand(context: CommandContext): [Command, CommandOptions] {
	const command = new Command("run")
		.description("aggregate the granules of a shard map into a Zarr store (the default command)")
		.requiredOption("--config <name|path>", "built-in config (atl06) or a YAML file")
		.option("--catalog <path>", "shard map; default: `catalog` in the config")
		.option("--store <path>", "Zarr store to write; default: `output.store` in the config")
		.option("--backend <name>", "where shards run: local", "local")
		.option("--driver <name>", "which address of a granule to read: file, https or s3; default: the config's, or s3")
		.option("--max-cells <count>", "only the first cells of the map", integer)
		.option("--morton-cell <key>", "only the shard with this key")
		.option("--max-workers <count>", "shards that run at once; default: 4", integer)
		.option("--overwrite", "replace what the store holds for this grid", false)
		.option("--dry-run", "tell what would run, and run nothing", false)
		.option("--json", "print the summary as JSON", false)
		.option("--quiet", "no progress and no log lines, only warnings", false)
		.action(async (flags: RunFlags) => context.exit(await run(flags, context)));
	return [command, { isDefault: true }];
}

async function run(flags: RunFlags, { terminal, signal }: CommandContext): Promise<number> {
	const config = await resolveConfig(flags.config);
	const progress = createProgress(terminal, "cells");
	// A terminal shows the bar instead of the lines.
	const showLines = !flags.quiet && !terminal.interactive;
	try {
		const summary = await agg(config, {
			...flags,
			signal,
			log: {
				info: (message) => showLines && progress.line(message),
				warn: (message) => progress.line(message),
			},
			...(!flags.quiet && { onProgress: (done: number, total: number) => progress.update(done, total) }),
		});
		progress.end();
		if (flags.json) terminal.out(stringifyJson(summary, { indent: 2 }));
		if ("dry_run" in summary) {
			if (flags.json) return ExitCode.ok;
			terminal.out(`\n[DRY RUN] Would process ${summary.total_cells} cells`);
			const { granules_per_cell_min: min, granules_per_cell_max: max, granules_per_cell_avg: average } = summary;
			terminal.out(`  Granules per cell: min=${min}, max=${max}, avg=${average.toFixed(1)}`);
			terminal.out(`  Output: ${summary.store_path}`);
			return ExitCode.ok;
		}
		if (!flags.json) {
			terminal.out(
				`\nDone: ${summary.cells_with_data} cells with data, ${formatCount(summary.total_obs)} obs, ${summary.cells_error} errors, ${summary.wall_time_s.toFixed(1)}s`,
			);
			terminal.out(`Output: ${summary.store_path}`);
		}
		if (summary.completion_reason === "cancelled") {
			terminal.error("zagg: interrupted; the store can be read, and the same command completes it\n");
			return ExitCode.interrupted;
		}
		return summary.cells_error > 0 || summary.finalize_error !== undefined ? ExitCode.failed : ExitCode.ok;
	} finally {
		progress.end();
	}
}
