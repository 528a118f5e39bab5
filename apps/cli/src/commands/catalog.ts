import { glob } from "node:fs/promises";
import { gridFromConfig, gridSignature, resolveConfig, resolvePipeline } from "@zagg/aggregate";
import { CatalogError, mapLocalGranules, writeShardMap } from "@zagg/catalog";
import { Command, type CommandOptions } from "commander";
import type { CommandContext } from "../cli.ts";
import { ExitCode } from "../exit-code.ts";
import { createProgress } from "../output/progress.ts";

interface CatalogFlags {
	readonly config: string;
	readonly granules: readonly string[];
	readonly output: string;
	readonly skipUnreadable: boolean;
	readonly quiet: boolean;
}

/** `zagg catalog`: builds the shard map of local granules, by their points. */
export function catalogCommand(context: CommandContext): [Command, CommandOptions] {
	const command = new Command("catalog")
		.description("build the shard map of local granules: which granules to read for which shard")
		.requiredOption("--config <name|path>", "built-in config (atl06) or a YAML file; its grid defines the shards")
		.requiredOption("--granules <glob...>", "granule files; quote the pattern to have it expanded here")
		.option("--output <path>", "shard map to write", "shardmap.json")
		.option("--skip-unreadable", "leave out granules that cannot be read, with a warning", false)
		.option("--quiet", "no progress", false)
		.action(async (flags: CatalogFlags) => context.exit(await catalog(flags, context)));
	return [command, {}];
}

async function catalog(flags: CatalogFlags, { terminal, signal }: CommandContext): Promise<number> {
	const config = await resolveConfig(flags.config);
	const grid = gridFromConfig(config);
	const paths = await expand(flags.granules);
	const progress = createProgress(terminal, "granules");
	try {
		const { map, skipped, withoutBeams } = await mapLocalGranules({
			paths,
			pipeline: resolvePipeline(config),
			grid,
			gridSignature: gridSignature(grid, config),
			skipUnreadable: flags.skipUnreadable,
			signal,
			...(!flags.quiet && { onProgress: (done: number, total: number) => progress.update(done, total) }),
		});
		await writeShardMap(flags.output, map);
		progress.end();
		for (const { path, reason } of skipped) terminal.error(`zagg: left out ${path}: ${reason}\n`);
		for (const path of withoutBeams) terminal.error(`zagg: ${path} has none of the config's groups\n`);
		const { total_shards: shards, total_pairs: pairs, backend } = map.metadata;
		terminal.out(`ShardMap: ${shards} shards, ${pairs} pairs (backend=${backend}) -> ${flags.output}`);
		return ExitCode.ok;
	} finally {
		progress.end();
	}
}

async function expand(patterns: readonly string[]): Promise<string[]> {
	const paths: string[] = [];
	for (const pattern of patterns) {
		const before = paths.length;
		for await (const path of glob(pattern)) paths.push(path);
		if (paths.length > before) continue;
		throw new CatalogError("catalog/no-granules", `no file matches '${pattern}'`, {
			remedy: "Check the path; a pattern in quotes may use *, ** and ?.",
		});
	}
	return paths;
}
