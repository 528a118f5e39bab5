import { isIntegerAt, isTruthy, pythonRepr, pythonReprAt } from "../python/index.ts";
import { invalidConfig, isRecord, type PlainRecord, refuseUnknownKeys } from "./check.ts";
import type { Levels } from "./levels.ts";
import type { ReadPlanOptions } from "./pipeline.ts";

const READ_PLAN_KEYS = ["spatial_index", "pad", "full_read_threshold"];
const DEFAULT_PAD = 1;
const DEFAULT_FULL_READ_THRESHOLD = 0.9;

/** The read plan of a data source; null without `spatial_index`, when every granule is read whole. */
export function resolveReadPlan(dataSource: PlainRecord, levels: Levels): ReadPlanOptions | null {
	const raw = dataSource.read_plan ?? null;
	if (raw === null) return null;
	if (!isRecord(raw)) throw invalidConfig("data_source.read_plan must be a mapping");
	refuseUnknownKeys(raw, READ_PLAN_KEYS, "data_source.read_plan");
	const { spatial_index: spatialIndex, pad = DEFAULT_PAD, full_read_threshold: threshold } = raw;
	if (!isTruthy(spatialIndex)) return null;
	const padIsInteger = raw.pad === undefined || isIntegerAt(raw, "pad");
	if (typeof pad !== "number" || !padIsInteger || pad < 0) {
		throw invalidConfig(`data_source.read_plan.pad must be a non-negative int (got ${pythonReprAt(raw, "pad")})`);
	}
	const fullReadThreshold = threshold ?? DEFAULT_FULL_READ_THRESHOLD;
	if (typeof fullReadThreshold !== "number" || fullReadThreshold < 0) {
		throw invalidConfig(
			`data_source.read_plan.full_read_threshold must be a non-negative number (got ${pythonRepr(fullReadThreshold)})`,
		);
	}
	return { spatialIndex: spatialLevelName(spatialIndex, levels), pad, fullReadThreshold };
}

function spatialLevelName(name: unknown, { levels, baseLevel }: Levels): string {
	if (levels === null) {
		throw invalidConfig("data_source.read_plan.spatial_index requires a non-empty 'levels' mapping");
	}
	const level = typeof name === "string" ? levels.get(name) : undefined;
	if (typeof name !== "string" || level === undefined) {
		throw invalidConfig(
			`data_source.read_plan.spatial_index ${pythonRepr(name)} is not a key in levels (available: ${pythonRepr([...levels.keys()].sort())})`,
		);
	}
	if (level.link === null) {
		throw invalidConfig(`read_plan.spatial_index level ${pythonRepr(name)} requires a 'link'`);
	}
	if (level.link.to !== baseLevel) {
		throw invalidConfig(
			`read_plan.spatial_index level ${pythonRepr(name)} must link directly to base level ${pythonRepr(baseLevel)} (got link.to=${pythonRepr(level.link.to)})`,
		);
	}
	if (level.coordinates === null) {
		throw invalidConfig("read_plan.spatial_index level requires 'coordinates: {latitude: <name>, longitude: <name>}'");
	}
	return name;
}
