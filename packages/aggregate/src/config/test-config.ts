import { expect } from "vitest";
import { AggregationError } from "../errors.ts";
import { defaultConfig } from "./builtin.ts";
import { configFromRecord, configToRecord, type PipelineConfig } from "./pipeline-config.ts";
import { resolvePipeline } from "./resolve-pipeline.ts";

type Sections = Partial<Record<"data_source" | "aggregation" | "output", Readonly<Record<string, unknown>>>>;

/** The atl06 config with keys of its sections replaced; a key set to undefined is left out. */
export function variantOf(changes: Sections, name = "atl06"): PipelineConfig {
	const record = configToRecord(defaultConfig(name));
	for (const [section, keys] of Object.entries(changes)) {
		record[section] = withoutUndefined({ ...(record[section] as object), ...keys });
	}
	return configFromRecord(record);
}

/** The atl06 config with one variable `x` instead of its own. */
export function withField(definition: Readonly<Record<string, unknown>>): PipelineConfig {
	return variantOf({ aggregation: { variables: { x: definition } } });
}

/** The error that the config is refused with. */
export function refusal(config: PipelineConfig): AggregationError {
	try {
		resolvePipeline(config);
	} catch (error) {
		expect(error).toBeInstanceOf(AggregationError);
		return error as AggregationError;
	}
	throw new Error("the config was accepted");
}

function withoutUndefined(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
