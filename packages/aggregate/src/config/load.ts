import { readFile } from "node:fs/promises";
import { AggregationError } from "../errors.ts";
import { builtinConfigNames, defaultConfig, isBuiltinConfigName } from "./builtin.ts";
import { nearest } from "./check.ts";
import { configFromRecord, type PipelineConfig } from "./pipeline-config.ts";
import { validateConfig } from "./resolve-pipeline.ts";
import { parseYaml } from "./yaml.ts";

/**
 * Reads a config file (YAML 1.1, as PyYAML reads it) and validates it.
 *
 * @throws AggregationError `config/not-found` when the file cannot be read, `config/invalid` or `config/unknown-key`
 * with file, line or key and the reason when it is wrong.
 */
export async function loadConfig(path: string): Promise<PipelineConfig> {
	let text: string;
	try {
		text = await readFile(path, "utf8");
	} catch (cause) {
		const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT";
		const reason = isMissing ? "no such file" : (cause as Error).message;
		throw new AggregationError("config/not-found", `Cannot read config '${path}': ${reason}`, {
			cause,
			remedy: `Give the path of a YAML file, or the name of a built-in config: ${builtinConfigNames.join(", ")}.`,
			context: { path },
		});
	}
	const config = configFromRecord(parseYaml(text, path), path);
	validateConfig(config);
	return config;
}

/**
 * A config by built-in name (`atl06`, without path or suffix) or by path.
 *
 * @throws AggregationError as `loadConfig`; a name that is nearly a built-in's is met with that suggestion.
 */
export async function resolveConfig(nameOrPath: string): Promise<PipelineConfig> {
	if (isBuiltinConfigName(nameOrPath)) return defaultConfig(nameOrPath);
	try {
		return await loadConfig(nameOrPath);
	} catch (cause) {
		const isName = /^[\w-]+$/.test(nameOrPath);
		if (!(cause instanceof AggregationError && cause.code === "config/not-found" && isName)) throw cause;
		const suggestion = nearest(nameOrPath, builtinConfigNames);
		const hint = suggestion === null ? "" : `Did you mean '${suggestion}'? `;
		throw new AggregationError("config/not-found", `No built-in config or file named '${nameOrPath}'`, {
			cause,
			remedy: `${hint}Built-in configs: ${builtinConfigNames.join(", ")}.`,
			context: { path: nameOrPath },
		});
	}
}
