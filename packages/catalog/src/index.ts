export { readCatalog, writeCatalog } from "./catalog-file.ts";
export { cycleDates } from "./cycle.ts";
export { describeShardMap, type ShardMapDescription, shardFootprints } from "./describe-shard-map.ts";
export { CatalogError, type CatalogErrorCode, type CatalogFailureClass } from "./errors.ts";
export {
	type FootprintMap,
	INTERSECTION_BACKENDS,
	type MapFootprintsOptions,
	mapFootprints,
} from "./map-footprints.ts";
export {
	type LocalShardMap,
	type MapLocalGranulesOptions,
	mapLocalGranules,
	type SkippedGranule,
} from "./map-local-granules.ts";
export { type BoundingBox, boundingBox, boxRings, loadRegion } from "./region.ts";
export { type GranuleRecord, readShardMap, type ShardMap, shardMapJson, writeShardMap } from "./shard-map.ts";
export { normaliseItem, type StacAsset, type StacItem } from "./stac-item.ts";
export {
	DEFAULT_PROVIDER,
	type GranuleCatalog,
	type GranuleQuery,
	type SearchOptions,
	searchGranules,
} from "./stac-search.ts";
