import { isTruthy, pythonRepr } from "../python/index.ts";
import { invalidConfig, isRecord, type PlainRecord, refuseUnknownKeys } from "./check.ts";

/**
 * A pipeline config as users write it: plain records with the published snake_case keys, in the key order that it has
 * as JSON inside a Lambda event. `resolvePipeline` gives the typed view that processing uses.
 */
export interface PipelineConfig {
	readonly data_source: PlainRecord;
	readonly aggregation: PlainRecord;
	readonly output: PlainRecord;
	readonly catalog: string | null;
	readonly bounds: PlainRecord | null;
}

const TOP_LEVEL_KEYS = ["data_source", "aggregation", "output", "catalog", "bounds"];

/** Keys that people look for at the top level, and where they live. */
const MISPLACED_KEYS = { store: "output.store", grid: "output.grid", region: "output.region" };

/**
 * Builds a config from a parsed document, such as a Lambda event's `config`. Values are taken as they are, nested
 * containers are shared; `validateConfig` judges them.
 *
 * @param where names the document in messages, e.g. a file name
 * @throws AggregationError when the document or a section is not a mapping, or has a key that is not known.
 */
export function configFromRecord(record: unknown, where = "the config"): PipelineConfig {
	if (!isRecord(record)) {
		throw invalidConfig(
			`${where} must be a mapping with the keys ${TOP_LEVEL_KEYS.join(", ")} (got ${kindOf(record)})`,
		);
	}
	refuseUnknownKeys(record, TOP_LEVEL_KEYS, where, MISPLACED_KEYS);
	const catalog = record.catalog ?? null;
	if (catalog !== null && typeof catalog !== "string") {
		throw invalidConfig(`catalog must be the path of a shard map (got ${pythonRepr(catalog)})`);
	}
	return {
		data_source: section(record, "data_source") ?? {},
		aggregation: section(record, "aggregation") ?? {},
		output: section(record, "output") ?? {},
		catalog,
		bounds: section(record, "bounds"),
	};
}

/** The config as a plain record with its five keys in published order; `configFromRecord` takes it back without loss. */
export function configToRecord(config: PipelineConfig): Record<string, unknown> {
	const { data_source, aggregation, output, catalog, bounds } = config;
	return { data_source, aggregation, output, catalog, bounds };
}

function section(record: PlainRecord, name: string): PlainRecord | null {
	const value = record[name];
	if (isRecord(value)) return value;
	if (isTruthy(value)) throw invalidConfig(`${name} must be a mapping (got ${kindOf(value)})`);
	return null;
}

function kindOf(value: unknown): string {
	if (value === null || value === undefined) return "nothing";
	return Array.isArray(value) ? "a list" : pythonRepr(value);
}
