import { glob } from "node:fs/promises";
import { gridFromConfig, gridSignature, type PipelineConfig, resolvePipeline } from "@zagg/aggregate";
import { CatalogError, mapLocalGranules, writeShardMap } from "@zagg/catalog";
import type { CommandContext } from "../cli.ts";
import { ExitCode } from "../exit-code.ts";
import { createProgress } from "../output/progress.ts";

/** What of the flags concerns local granules. */
export interface LocalFlags {
	readonly granules: readonly string[];
	readonly output?: string | undefined;
	readonly skipUnreadable: boolean;
	readonly quiet: boolean;
}

/** Builds the shard map of local granules, by their points. */
export async function mapLocal(
	config: PipelineConfig,
	flags: LocalFlags,
	{ terminal, signal }: CommandContext,
): Promise<number> {
	const grid = gridFromConfig(config);
	const paths = await expand(flags.granules);
	const output = flags.output ?? "shardmap.json";
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
		await writeShardMap(output, map);
		progress.end();
		for (const { path, reason } of skipped) terminal.error(`zagg: left out ${path}: ${reason}\n`);
		for (const path of withoutBeams) terminal.error(`zagg: ${path} has none of the config's groups\n`);
		const { total_shards: shards, total_pairs: pairs, backend } = map.metadata;
		terminal.out(`ShardMap: ${shards} shards, ${pairs} pairs (backend=${backend}) -> ${output}`);
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
