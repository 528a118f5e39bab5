import { gridFromConfig, gridSignature, type PipelineConfig, resolveConfig, resolvePipeline } from "@zagg/aggregate";
import {
	type BoundingBox,
	boundingBox,
	boxRings,
	cycleDates,
	DEFAULT_PROVIDER,
	INTERSECTION_BACKENDS,
	loadRegion,
	mapFootprints,
	searchGranules,
	writeCatalog,
	writeShardMap,
} from "@zagg/catalog";
import { Command, type CommandOptions } from "commander";
import { mapLocal } from "../catalog/map-local.ts";
import { showCommand } from "../catalog/show.ts";
import type { CommandContext } from "../cli.ts";
import { ExitCode } from "../exit-code.ts";
import { createProgress } from "../output/progress.ts";
import { integer } from "./arguments.ts";

/** Flags of `zagg catalog`. */
export interface CatalogFlags {
	readonly config?: string;
	readonly granules?: readonly string[];
	readonly shortName?: string;
	readonly version: string;
	readonly provider: string;
	readonly startDate?: string;
	readonly endDate?: string;
	readonly cycle?: number;
	readonly polygon?: string;
	readonly bbox?: string;
	readonly backend: string;
	readonly preserveThumbnails: boolean;
	readonly output?: string;
	readonly catalogOut?: string;
	readonly skipUnreadable: boolean;
	readonly quiet: boolean;
}

const HELP = `
Examples:
  $ zagg catalog --config atl06 --granules 'granules/*.h5' --output map.json
  $ zagg catalog --config atl06 --short-name ATL06 --cycle 22 --bbox=-180,-90,180,-60
  $ zagg catalog --config atl06 --short-name ATL06 --start-date 2024-01-06 --end-date 2024-02-06 --polygon area.geojson
  $ zagg catalog show map.json --geojson map.geojson

A search asks NASA's CMR and needs no login. A value that begins with a minus is attached: --bbox=-180,-90,180,-60.`;

/** `zagg catalog`: builds a shard map from local granules, by their points, or from a search, by their footprints. */
export function catalogCommand(context: CommandContext): [Command, CommandOptions] {
	const command = new Command("catalog")
		.description("build a shard map: which granules to read for which shard, from local files or from a search")
		.option("--config <name|path>", "built-in config (atl06) or a YAML file; its grid defines the shards")
		.option("--granules <glob...>", "local granule files; quote the pattern to have it expanded here")
		.option("--short-name <name>", "search: product, e.g. ATL06")
		.option("--version <number>", "search: version of the product", "007")
		.option("--provider <name>", "search: data provider", DEFAULT_PROVIDER)
		.option("--start-date <day>", "search: first day, YYYY-MM-DD")
		.option("--end-date <day>", "search: last day, YYYY-MM-DD")
		.option("--cycle <number>", "search: repeat cycle of ICESat-2, instead of dates", integer)
		.option("--polygon <path>", "search: GeoJSON file of the region")
		.option("--bbox <west,south,east,north>", "search: region in degrees")
		.option("--backend <name>", `search: ${INTERSECTION_BACKENDS.join(", ")}; all are exact here`, "auto")
		.option("--preserve-thumbnails", "search: keep links to thumbnails in --catalog-out", false)
		.option("--output <path>", "shard map to write; default: shardmap.json, or shardmap_<name>_<start>_<end>.json")
		.option("--catalog-out <path>", "search: write what was found as stac-geoparquet, too")
		.option("--skip-unreadable", "leave out local granules that cannot be read, with a warning", false)
		.option("--quiet", "no progress", false)
		.addHelpText("after", HELP)
		.action(async (flags: CatalogFlags) => context.exit(await catalog(flags, context)));
	command.addCommand(showCommand(context));
	return [command, {}];
}

async function catalog(flags: CatalogFlags, context: CommandContext): Promise<number> {
	if (flags.config === undefined) throw usage("required option '--config <name|path>' not specified");
	const config = await resolveConfig(flags.config);
	if (flags.granules !== undefined) return mapLocal(config, { ...flags, granules: flags.granules }, context);
	if (flags.shortName === undefined) throw usage("provide --granules for local files, or --short-name to search");
	return search(config, flags, flags.shortName, context);
}

async function search(
	config: PipelineConfig,
	flags: CatalogFlags,
	shortName: string,
	{ terminal, signal }: CommandContext,
): Promise<number> {
	resolvePipeline(config);
	const grid = gridFromConfig(config);
	const { startDate, endDate } = dates(flags);
	if (!(INTERSECTION_BACKENDS as readonly string[]).includes(flags.backend)) {
		throw usage(
			`argument --backend: invalid choice: '${flags.backend}' (choose from ${INTERSECTION_BACKENDS.join(", ")})`,
		);
	}
	const { region, bbox } = await regionOf(flags);
	const progress = createProgress(terminal, "granules");
	try {
		const found = await searchGranules(
			{
				shortName,
				version: flags.version,
				provider: flags.provider,
				startDate,
				endDate,
				bbox,
				preserveThumbnails: flags.preserveThumbnails,
			},
			{
				// For a mirror of the service, and for tests.
				baseUrl: process.env.ZAGG_STAC_URL || undefined,
				signal,
				onRetry: (reason) => progress.line(`zagg: ${reason}; trying again`),
				...(!flags.quiet && { onProgress: (count: number) => progress.line(`Found ${count} granules so far`) }),
			},
		);
		progress.line(`Fetched ${found.items.length} granules (${found.metadata.collection})`);
		if (flags.catalogOut !== undefined) {
			await writeCatalog(flags.catalogOut, found);
			terminal.out(`Catalog -> ${flags.catalogOut}`);
		}
		const { map, skipped } = await mapFootprints({
			catalog: found,
			grid,
			gridSignature: gridSignature(grid, config),
			region,
			backend: flags.backend,
			signal,
			...(!flags.quiet && { onProgress: (done: number, total: number) => progress.update(done, total) }),
		});
		const output = flags.output ?? `shardmap_${shortName}_${startDate}_${endDate}.json`;
		await writeShardMap(output, map);
		progress.end();
		for (const { id, reason } of skipped.slice(0, 20)) terminal.error(`zagg: left out ${id}: ${reason}\n`);
		if (skipped.length > 20) terminal.error(`zagg: left out ${skipped.length - 20} more\n`);
		const { total_shards: shards, total_pairs: pairs, backend } = map.metadata;
		terminal.out(`ShardMap: ${shards} shards, ${pairs} pairs (backend=${backend}) -> ${output}`);
		return ExitCode.ok;
	} finally {
		progress.end();
	}
}

function dates({ cycle, startDate, endDate }: CatalogFlags): { startDate: string; endDate: string } {
	if (cycle) return cycleDates(cycle);
	if (startDate && endDate) return { startDate, endDate };
	throw usage("provide --cycle or both --start-date and --end-date");
}

async function regionOf({ polygon, bbox }: CatalogFlags) {
	if (polygon) {
		const region = await loadRegion(polygon);
		return { region, bbox: boundingBox(region) };
	}
	if (!bbox) throw usage("provide --polygon or --bbox");
	const numbers = bbox.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
	if (numbers.length !== 4 || numbers.some(Number.isNaN)) {
		throw usage("region bbox must be (lon_min, lat_min, lon_max, lat_max)");
	}
	const box = numbers as unknown as BoundingBox;
	return { region: boxRings(box), bbox: box };
}

/** A wrong use of the command: told as commander tells its own, exit code 2. */
function usage(message: string): Error {
	return Object.assign(new Error(message), { failureClass: "usage", remedy: "zagg catalog --help lists the flags." });
}
