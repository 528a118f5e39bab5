export { childOrder, parentOrder } from "./accessors.ts";
export { type BuiltinConfigName, builtinConfigNames, builtinConfigText, defaultConfig } from "./builtin.ts";
export type { PlainRecord } from "./check.ts";
export type { FillValue } from "./dtype.ts";
export { DENSE_LAYOUT_DEPRECATED, type GridFromConfigOptions, gridFromConfig } from "./grid-from-config.ts";
export { loadConfig, resolveConfig } from "./load.ts";
export { fillTemplate } from "./path-template.ts";
export type {
	CoordinateField,
	Driver,
	ExpressionFilter,
	Field,
	FieldKind,
	Filter,
	Level,
	LevelLink,
	Pipeline,
	ReadPlanOptions,
	ScalarFilter,
	ScalarOp,
	SetFilter,
	SetOp,
	StructuredFilter,
} from "./pipeline.ts";
export { configFromRecord, configToRecord, type PipelineConfig } from "./pipeline-config.ts";
export { resolvePipeline, validateConfig } from "./resolve-pipeline.ts";
export { gridSignature, type OutputFieldSignature, outputFieldSignature, sameGrid } from "./signature.ts";
export { parseYaml } from "./yaml.ts";
