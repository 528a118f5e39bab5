export {
	builtinConfigNames,
	builtinConfigText,
	type CoordinateField,
	childOrder,
	configFromRecord,
	configToRecord,
	DENSE_LAYOUT_DEPRECATED,
	defaultConfig,
	type ExpressionFilter,
	type Field,
	type FieldKind,
	type FillValue,
	type Filter,
	fillTemplate,
	type GridFromConfigOptions,
	gridFromConfig,
	gridSignature,
	type Level,
	type LevelLink,
	loadConfig,
	type OutputFieldSignature,
	outputFieldSignature,
	type Pipeline,
	type PipelineConfig,
	parentOrder,
	type ReadPlanOptions,
	resolveConfig,
	resolvePipeline,
	type ScalarFilter,
	type SetFilter,
	type StructuredFilter,
	sameGrid,
	validateConfig,
} from "./config/index.ts";
export { type EarthdataLogin, type EarthdataOptions, earthdataAccess } from "./credentials/index.ts";
export {
	type AggregateFailureClass,
	AggregationError,
	type AggregationErrorCode,
	type AggregationErrorDetails,
} from "./errors.ts";
export { fixedText, parseJson, pythonRepr, stringifyJson } from "./python/index.ts";
export { hasBeam, type OpenBeam, readCoordinates } from "./read/beam.ts";
export { type CoarseIndex, planRead, type ReadPlan } from "./read/read-plan.ts";
export {
	buildTdigest,
	type DenseColumn,
	type GroupedColumns,
	mergeTdigests,
	type OutputColumn,
	quantileFromTdigest,
	type RaggedColumn,
	reduceFields,
	supportedReducers,
} from "./reduce/index.ts";
export { formatCount } from "./shard/format-count.ts";
export type { GranuleAccess } from "./shard/granule-access.ts";
export { NO_DATA, NO_GRANULES, type ReadError, type ShardMetadata } from "./shard/metadata.ts";
export { type GranuleOpener, granuleOpener } from "./shard/open-granule.ts";
export { processShard, type ShardLog, type ShardRequest, type ShardResult } from "./shard/process-shard.ts";
export type { OpenGranule } from "./shard/read-granules.ts";
export { runShard, type ShardTask } from "./shard/run-shard.ts";
export {
	type ArrayDescription,
	assertTemplate,
	consolidateMetadata,
	describeStore,
	emitTemplate,
	type GroupDescription,
	type NormalisedCredentials,
	normaliseCredentials,
	openArray,
	openLocalStore,
	openStore,
	parseS3Path,
	type RaggedBlock,
	raggedCells,
	readChunk,
	readRagged,
	type S3Credentials,
	type StoreDescription,
	type StoredBlock,
	type StoreOptions,
	type StoreTemplate,
	storedBlockIndices,
	storedBlocks,
	storeTemplate,
	writeShard,
	type ZarrStore,
} from "./store/index.ts";
