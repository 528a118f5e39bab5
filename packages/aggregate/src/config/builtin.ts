import { AggregationError } from "../errors.ts";
import { ATL03 } from "./builtin/atl03.ts";
import { ATL03_WAVEFORM_COUNTS } from "./builtin/atl03-waveform-counts.ts";
import { ATL06 } from "./builtin/atl06.ts";
import { ATL06_POLAR } from "./builtin/atl06-polar.ts";
import { configFromRecord, type PipelineConfig } from "./pipeline-config.ts";
import { parseYaml } from "./yaml.ts";

const YAML_BY_NAME = {
	atl03: ATL03,
	atl03_waveform_counts: ATL03_WAVEFORM_COUNTS,
	atl06: ATL06,
	atl06_polar: ATL06_POLAR,
} as const;

export type BuiltinConfigName = keyof typeof YAML_BY_NAME;

/** Names of the configs that come with zagg. */
export const builtinConfigNames = Object.keys(YAML_BY_NAME) as readonly BuiltinConfigName[];

/** Whether a config of this name comes with zagg. */
export function isBuiltinConfigName(name: string): name is BuiltinConfigName {
	return Object.hasOwn(YAML_BY_NAME, name);
}

/**
 * A fresh copy of a built-in config; `atl06` by default.
 *
 * @throws AggregationError `config/not-found` for any other name.
 */
export function defaultConfig(name = "atl06"): PipelineConfig {
	return configFromRecord(parseYaml(builtinConfigText(name), name));
}

/**
 * The YAML text of a built-in config.
 *
 * @throws AggregationError `config/not-found` for any other name.
 */
export function builtinConfigText(name: string): string {
	if (isBuiltinConfigName(name)) return YAML_BY_NAME[name];
	throw new AggregationError("config/not-found", `No built-in config named '${name}'`, {
		remedy: `Built-in configs: ${builtinConfigNames.join(", ")}.`,
	});
}
