export { CatalogError, type CatalogErrorCode, type CatalogFailureClass } from "./errors.ts";
export {
	type LocalShardMap,
	type MapLocalGranulesOptions,
	mapLocalGranules,
	type SkippedGranule,
} from "./map-local-granules.ts";
export { type GranuleRecord, readShardMap, type ShardMap, shardMapJson, writeShardMap } from "./shard-map.ts";
