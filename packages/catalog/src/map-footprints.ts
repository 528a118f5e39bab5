import type { Grid, GridSignature, Ring } from "@zagg/grid";
import { CatalogError } from "./errors.ts";
import { type BoundingBox, boxRings, polygonsOf } from "./region.ts";
import type { GranuleRecord, ShardMap } from "./shard-map.ts";
import type { StacItem } from "./stac-item.ts";
import type { GranuleCatalog } from "./stac-search.ts";

/** Names of the Python system's ways to intersect; here they all mean one exact way. */
export const INTERSECTION_BACKENDS = ["auto", "spherely", "mortie"] as const;

/** Options of `mapFootprints`. */
export interface MapFootprintsOptions {
	readonly catalog: GranuleCatalog;
	readonly grid: Grid;
	readonly gridSignature: GridSignature;
	/** Only shards that meet it. Default: the box in the catalog's metadata. */
	readonly region?: readonly Ring[] | undefined;
	/** Default: `auto`. */
	readonly backend?: string | undefined;
	readonly onProgress?: ((done: number, total: number) => void) | undefined;
	readonly signal?: AbortSignal | undefined;
}

/** The map, and what could not be used for it. */
export interface FootprintMap {
	readonly map: ShardMap;
	/** Granules left out: those without a polygon, and repeated ones. */
	readonly skipped: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Builds a shard map from granules' footprints: a granule is listed for every shard of the region that its footprint
 * meets, on the sphere, exactly. Granules keep the catalog's order; shards ascend. Of several granules of one id the
 * first counts, as its observations would otherwise count twice.
 *
 * @throws CatalogError `catalog/bad-region` without a region, `catalog/no-shards`, `catalog/bad-query` for an unknown backend
 */
export async function mapFootprints(options: MapFootprintsOptions): Promise<FootprintMap> {
	const started = performance.now();
	const { catalog, grid, signal } = options;
	const backend = backendName(options.backend ?? "auto", grid);
	const inRegion = new Set(grid.coverage(regionOf(options)));
	const skipped: { id: string; reason: string }[] = [];
	const seen = new Set<string>();
	const granulesOfShard = new Map<bigint, GranuleRecord[]>();
	let usable = 0;
	for (const [index, item] of catalog.items.entries()) {
		if (index % PROGRESS_EVERY === 0) {
			signal?.throwIfAborted();
			options.onProgress?.(index, catalog.items.length);
			// Lets Ctrl-C and the progress through.
			await new Promise((resolve) => setImmediate(resolve));
		}
		if (seen.has(item.id)) {
			skipped.push({ id: item.id, reason: "it is listed twice" });
			continue;
		}
		const keys = shardsOf(item, grid);
		if (typeof keys === "string") {
			skipped.push({ id: item.id, reason: keys });
			continue;
		}
		seen.add(item.id);
		usable++;
		const record = recordOf(item);
		for (const key of keys) {
			if (!inRegion.has(key)) continue;
			const records = granulesOfShard.get(key);
			if (records === undefined) granulesOfShard.set(key, [record]);
			else records.push(record);
		}
	}
	options.onProgress?.(catalog.items.length, catalog.items.length);
	if (granulesOfShard.size === 0) {
		throw new CatalogError("catalog/no-shards", `${usable} granules, but none meets a shard of the region`, {
			failureClass: "data",
			remedy: "Check that the region and the grid of --config are where the granules are.",
		});
	}
	const shardKeys = [...granulesOfShard.keys()].sort((left, right) => (left < right ? -1 : 1));
	const granules = shardKeys.map((key) => granulesOfShard.get(key)!);
	// A key that the catalog has already keeps its place.
	const metadata = {
		...catalog.metadata,
		backend,
		total_granules: usable,
		total_shards: shardKeys.length,
		total_pairs: granules.reduce((sum, records) => sum + records.length, 0),
		build_wall_s: Math.round(performance.now() - started) / 1000,
	};
	return { map: { metadata, gridSignature: options.gridSignature, shardKeys, granules }, skipped };
}

const PROGRESS_EVERY = 500;

function shardsOf({ geometry }: StacItem, grid: Grid): bigint[] | string {
	try {
		const rings = [...polygonsOf(geometry)].flat();
		return rings.length === 0 ? "it has no footprint" : grid.coverage(rings);
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}

function recordOf({ id, assets }: StacItem): GranuleRecord {
	return { id, s3: assets.data_s3?.href ?? null, https: assets.data?.href ?? null };
}

function regionOf({ region, catalog }: MapFootprintsOptions): readonly Ring[] {
	if (region !== undefined) return region;
	const { bbox } = catalog.metadata;
	if (Array.isArray(bbox) && bbox.length === 4) return boxRings(bbox.map(Number) as unknown as BoundingBox);
	throw new CatalogError("catalog/bad-region", "no region given and catalog metadata has no bbox", {
		remedy: "Give --polygon or --bbox.",
	});
}

function backendName(asked: string, grid: Grid): string {
	if (!(INTERSECTION_BACKENDS as readonly string[]).includes(asked)) {
		throw new CatalogError(
			"catalog/bad-query",
			`unknown backend: '${asked}' (expected ${INTERSECTION_BACKENDS.join(", ")})`,
		);
	}
	if (asked !== "auto") return asked;
	return grid.type === "healpix" ? "mortie" : "spherely";
}
