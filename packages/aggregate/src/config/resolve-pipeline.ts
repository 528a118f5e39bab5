import { isTruthy, pythonRepr } from "../python/index.ts";
import { checkBounds } from "./bounds.ts";
import { invalidConfig, refuseUnknownKeys } from "./check.ts";
import { resolveFields } from "./fields.ts";
import { resolveFilters } from "./filters.ts";
import { resolveGridKeys } from "./grid-keys.ts";
import { checkFilterLevels, resolveLevels } from "./levels.ts";
import { checkArrays, outputText, resolveCoordinateFields } from "./output.ts";
import type { Pipeline } from "./pipeline.ts";
import { configFromRecord, type PipelineConfig } from "./pipeline-config.ts";
import { resolveReadPlan } from "./read-plan.ts";
import { resolveCoordinates, resolveDriver, resolveGroups, resolveVariables } from "./source.ts";

const SECTION_KEYS = {
	data_source: [
		"reader",
		"driver",
		"groups",
		"coordinates",
		"variables",
		"quality_filter",
		"filters",
		"levels",
		"base_level",
		"read_plan",
	],
	aggregation: ["coordinates", "variables"],
	output: ["store", "endpoint_url", "region", "grid"],
} as const;
const SECTIONS = ["data_source", "aggregation", "output"] as const;

/**
 * Validates a config and gives the typed view of it that processing uses, with every default filled in.
 *
 * The rules run in the order of the Python system and with its texts; the first that fails is reported. Beyond them it
 * refuses unknown keys, values of the wrong type, and whatever would only fail while shards run.
 *
 * @throws AggregationError `config/invalid`, `config/unknown-key`, or a code of expressions.
 */
export function resolvePipeline(config: PipelineConfig): Pipeline {
	const sections = configFromRecord(config);
	for (const name of SECTIONS) {
		if (!isTruthy(sections[name])) throw invalidConfig(`Missing required section: ${name}`);
	}
	for (const name of SECTIONS) refuseUnknownKeys(sections[name], SECTION_KEYS[name], name);
	const { data_source: dataSource, aggregation, output, bounds } = sections;
	const grid = resolveGridKeys(output) ?? {};
	checkBounds(bounds);
	const variables = resolveVariables(dataSource);
	const columns = variables.map(({ name }) => name);
	const filters = resolveFilters(dataSource, columns);
	const levels = resolveLevels(dataSource);
	checkFilterLevels(filters, levels);
	const fields = resolveFields(aggregation, columns);
	const coordinateFields = resolveCoordinateFields(aggregation);
	checkArrays(grid, coordinateFields, fields);
	checkFinite(config, "config");
	return {
		groups: resolveGroups(dataSource),
		coordinates: resolveCoordinates(dataSource),
		variables,
		filters,
		...levels,
		readPlan: resolveReadPlan(dataSource, levels),
		coordinateFields,
		fields,
		driver: resolveDriver(dataSource),
		storePath: outputText(output, "store"),
		endpointUrl: outputText(output, "endpoint_url"),
		region: outputText(output, "region"),
		grid,
	};
}

/** Validates a config; see `resolvePipeline`, which does the same and returns what it found. */
export function validateConfig(config: PipelineConfig): void {
	resolvePipeline(config);
}

// A config travels as JSON, which has no NaN.
function checkFinite(value: unknown, path: string): void {
	if (typeof value === "number" && !Number.isFinite(value)) {
		throw invalidConfig(`${path} must be a finite number (got ${pythonRepr(value)})`, {
			remedy: `A fill value may be the text "NaN", "Infinity" or "-Infinity".`,
		});
	}
	if (typeof value !== "object" || value === null) return;
	for (const [key, item] of Object.entries(value)) checkFinite(item, path === "config" ? key : `${path}.${key}`);
}
