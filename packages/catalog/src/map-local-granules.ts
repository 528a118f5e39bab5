import { basename, resolve } from "node:path";
import { hasBeam, type Pipeline, readCoordinates } from "@zagg/aggregate";
import type { Grid, GridSignature } from "@zagg/grid";
import { openFileSource, openHdf5 } from "@zagg/hdf5";
import { CatalogError } from "./errors.ts";
import type { GranuleRecord, ShardMap } from "./shard-map.ts";

/** A granule that could not be mapped, and why. */
export interface SkippedGranule {
	readonly path: string;
	readonly reason: string;
}

/** Options of `mapLocalGranules`. */
export interface MapLocalGranulesOptions {
	readonly paths: readonly string[];
	readonly pipeline: Pipeline;
	readonly grid: Grid;
	readonly gridSignature: GridSignature;
	/** Go on without granules that cannot be read, instead of failing with the list of them. */
	readonly skipUnreadable?: boolean;
	readonly onProgress?: (done: number, total: number, path: string) => void;
	readonly signal?: AbortSignal | undefined;
}

/** The map, what was left out of it, and which granules have no beam that the config names. */
export interface LocalShardMap {
	readonly map: ShardMap;
	readonly skipped: readonly SkippedGranule[];
	readonly withoutBeams: readonly string[];
}

/**
 * Builds a shard map from local granules by their points: a granule is listed for exactly the shards that at least
 * one of its points falls in, filters aside. Granules are taken in the order of their names; shards ascend.
 *
 * Memory holds the coordinates of one beam at a time.
 *
 * @throws CatalogError `catalog/no-granules`, `catalog/unreadable-granules` or `catalog/no-shards`.
 */
export async function mapLocalGranules(options: MapLocalGranulesOptions): Promise<LocalShardMap> {
	const started = performance.now();
	const paths = [...new Set(options.paths.map((path) => resolve(path)))].sort(byName);
	if (paths.length === 0) throw new CatalogError("catalog/no-granules", "there are no granules to map");
	refuseSameNames(paths);

	const granulesOfShard = new Map<bigint, GranuleRecord[]>();
	const skipped: SkippedGranule[] = [];
	const withoutBeams: string[] = [];
	for (const [index, path] of paths.entries()) {
		options.signal?.throwIfAborted();
		try {
			const shardKeys = await shardKeysOfGranule(path, options);
			if (shardKeys === null) withoutBeams.push(path);
			const record: GranuleRecord = { id: basename(path), s3: null, https: null, file: path };
			for (const key of shardKeys ?? []) {
				const records = granulesOfShard.get(key);
				if (records === undefined) granulesOfShard.set(key, [record]);
				else records.push(record);
			}
		} catch (error) {
			options.signal?.throwIfAborted();
			skipped.push({ path, reason: error instanceof Error ? error.message : String(error) });
		}
		options.onProgress?.(index + 1, paths.length, path);
	}
	if (skipped.length > 0 && !options.skipUnreadable) throw unreadable(skipped, paths.length);
	if (granulesOfShard.size === 0) throw noShards(options.pipeline, paths.length, withoutBeams.length);

	const shardKeys = [...granulesOfShard.keys()].sort((left, right) => (left < right ? -1 : 1));
	const granules = shardKeys.map((key) => granulesOfShard.get(key)!);
	const metadata = {
		source: "local",
		total_granules: paths.length - skipped.length,
		backend: "points",
		total_shards: shardKeys.length,
		total_pairs: granules.reduce((sum, records) => sum + records.length, 0),
		build_wall_s: Math.round(performance.now() - started) / 1000,
	};
	return { map: { metadata, gridSignature: options.gridSignature, shardKeys, granules }, skipped, withoutBeams };
}

// File names carry the acquisition time, so this is the order in time, whatever folders the files are in.
function byName(left: string, right: string): number {
	const names = [basename(left), basename(right)] as const;
	if (names[0] !== names[1]) return names[0] < names[1] ? -1 : 1;
	return left < right ? -1 : 1;
}

// The same granule twice would count its observations twice.
function refuseSameNames(paths: readonly string[]): void {
	for (let index = 1; index < paths.length; index++) {
		if (basename(paths[index]!) !== basename(paths[index - 1]!)) continue;
		throw new CatalogError(
			"catalog/no-granules",
			`two granules have one name: ${paths[index - 1]} and ${paths[index]}`,
			{ remedy: "Leave one of them out: the same observations would be counted twice." },
		);
	}
}

/** Keys of the shards that the granule's points fall in; null when it has none of the groups. */
async function shardKeysOfGranule(path: string, options: MapLocalGranulesOptions): Promise<Set<bigint> | null> {
	const { pipeline, grid, signal } = options;
	const source = await openFileSource(path);
	try {
		const file = await openHdf5(source);
		const keys = new Set<bigint>();
		let present = false;
		for (const group of pipeline.groups) {
			const beam = { file, group, pipeline, signal };
			if (!(await hasBeam(beam))) continue;
			present = true;
			const { latitudes, longitudes } = await readCoordinates(beam, pipeline.coordinates);
			signal?.throwIfAborted();
			for (const key of grid.shardKeysOf(latitudes, longitudes)) keys.add(key);
		}
		return present ? keys : null;
	} finally {
		await source.close();
	}
}

function unreadable(skipped: readonly SkippedGranule[], total: number): CatalogError {
	const lines = skipped.map(({ path, reason }) => `  ${path}: ${reason}`);
	return new CatalogError(
		"catalog/unreadable-granules",
		`${skipped.length} of ${total} granules cannot be read; no shard map was written\n${lines.join("\n")}`,
		{
			failureClass: "data",
			remedy: "Fetch them again, or leave them out with --skip-unreadable.",
			context: { skipped },
		},
	);
}

function noShards(pipeline: Pipeline, granuleCount: number, withoutBeams: number): CatalogError {
	const { latitude } = pipeline.coordinates;
	const reason =
		withoutBeams === granuleCount
			? `none of them has '${latitude}' for any of the groups ${pipeline.groups.join(", ")}`
			: "none of their points is on the grid";
	return new CatalogError("catalog/no-shards", `${granuleCount} granules, but no shard to map: ${reason}`, {
		failureClass: "data",
		remedy: "Check that --config reads the product that the granules are of, and that its grid covers them.",
	});
}
