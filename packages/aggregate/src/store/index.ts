export { consolidateMetadata } from "./consolidate.ts";
export {
	type ArrayDescription,
	describeStore,
	type GroupDescription,
	type StoreDescription,
} from "./describe.ts";
export { assertTemplate, type EmittedTemplate, emitTemplate } from "./emit-template.ts";
export { openLocalStore } from "./local-store.ts";
export { type NormalisedCredentials, normaliseCredentials } from "./normalise-credentials.ts";
export { type NumericZarrArray, openArray, readChunk } from "./open-array.ts";
export { openStore, parseS3Path } from "./open-store.ts";
export { type RaggedBlock, raggedCells, readRagged, writeRagged } from "./ragged.ts";
export type { RaggedLayout } from "./ragged-layout.ts";
export type { S3Credentials, StoreOptions } from "./store-options.ts";
export { type StoredBlock, storedBlockIndices, storedBlocks } from "./stored-blocks.ts";
export {
	type AxisLayout,
	type ColumnLayout,
	type StoreTemplate,
	storeTemplate,
	type TemplateColumns,
	type TemplateField,
	type TemplateGrid,
	type TemplateNode,
} from "./template.ts";
export { writeShard } from "./write-shard.ts";
export type { ZarrStore } from "./zarr-store.ts";
