import { isIntegerAt, pythonRepr, pythonReprAt } from "../python/index.ts";
import { invalidConfig, isRecord, type PlainRecord, refuseUnknownKeys } from "./check.ts";
import { pathTemplate } from "./path-template.ts";
import type { Filter, Level, LevelLink } from "./pipeline.ts";

const LEVEL_KEYS = ["path", "coordinates", "variables", "link"];
const LINK_KEYS = ["to", "index_beg", "count", "index_base", "reference_index"];

/** The levels of a multi-rate data source and the name of its base level. */
export interface Levels {
	readonly levels: ReadonlyMap<string, Level> | null;
	readonly baseLevel: string | null;
}

/** The levels of a data source; without `levels`, `base_level` means nothing. */
export function resolveLevels(dataSource: PlainRecord): Levels {
	const raw = dataSource.levels ?? null;
	if (raw === null) return { levels: null, baseLevel: null };
	if (!isRecord(raw) || Object.keys(raw).length === 0) {
		throw invalidConfig("data_source.levels must be a non-empty mapping");
	}
	const baseLevel = dataSource.base_level ?? null;
	if (baseLevel === null) throw invalidConfig("data_source.base_level is required when levels is present");
	const names = Object.keys(raw);
	if (typeof baseLevel !== "string" || !names.includes(baseLevel)) {
		throw invalidConfig(`data_source.base_level ${pythonRepr(baseLevel)} ${notAKey(names)}`);
	}
	const levels = new Map(
		Object.entries(raw).map(([name, level]) => [name, resolveLevel(name, level, names, baseLevel)]),
	);
	return { levels, baseLevel };
}

/**
 * Checks that every filter's level exists and, when it is a coarse one, owns base rows directly: only then can its
 * flags be spread to them.
 */
export function checkFilterLevels(filters: readonly Filter[], { levels, baseLevel }: Levels): void {
	for (const [index, { level: name }] of filters.entries()) {
		if (name === null || name === baseLevel) continue;
		const level = levels?.get(name);
		if (level === undefined) {
			throw invalidConfig(`filter[${index}]: level ${pythonRepr(name)} ${notAKey([...(levels?.keys() ?? [])])}`);
		}
		if (level.link?.to !== baseLevel) {
			throw invalidConfig(
				`filter[${index}]: level ${pythonRepr(name)} must link directly to base level ${pythonRepr(baseLevel)} (got link.to=${pythonRepr(level.link?.to)})`,
			);
		}
	}
}

function resolveLevel(name: string, raw: unknown, names: readonly string[], baseLevel: string): Level {
	const label = `levels.${name}`;
	if (!isRecord(raw)) throw invalidConfig(`${label} must be a mapping`);
	refuseUnknownKeys(raw, LEVEL_KEYS, `data_source.${label}`);
	if ((raw.path ?? null) === null) throw invalidConfig(`${label}: 'path' is required`);
	const path = pathTemplate(raw.path, `${label}: 'path'`);
	return {
		path,
		coordinates: levelCoordinates(raw.coordinates),
		link: resolveLink(name, raw.link, names, baseLevel),
	};
}

function levelCoordinates(raw: unknown): Level["coordinates"] {
	if (!isRecord(raw)) return null;
	const { latitude, longitude } = raw;
	return typeof latitude === "string" && typeof longitude === "string" ? { latitude, longitude } : null;
}

function resolveLink(name: string, raw: unknown, names: readonly string[], baseLevel: string): LevelLink | null {
	const label = `levels.${name}.link`;
	if (raw === undefined || raw === null) {
		if (name === baseLevel) return null;
		throw invalidConfig(
			`levels.${name}: non-base levels must have a 'link' (only ${pythonRepr(baseLevel)} may omit it)`,
		);
	}
	if (!isRecord(raw)) throw invalidConfig(`${label} must be a mapping`);
	for (const field of ["to", "index_beg", "count"]) {
		if ((raw[field] ?? null) === null) throw invalidConfig(`${label}: '${field}' is required`);
	}
	const unknown = Object.keys(raw).filter((key) => !LINK_KEYS.includes(key));
	if (unknown.length > 0) {
		throw invalidConfig(`${label}: unknown fields ${pythonRepr(unknown.sort())} (allowed: ${LINK_KEYS.join(", ")})`);
	}
	const { to, index_beg: indexBeg, count, index_base: indexBase = 0 } = raw;
	if (to === name) throw invalidConfig(`level '${name}': link.to cannot reference the level itself`);
	if (typeof to !== "string" || !names.includes(to)) {
		throw invalidConfig(`${label}.to ${pythonRepr(to)} ${notAKey(names)}`);
	}
	const isInteger = raw.index_base === undefined || isIntegerAt(raw, "index_base");
	if (typeof indexBase !== "number" || !isInteger || indexBase < 0) {
		throw invalidConfig(`${label}.index_base must be a non-negative int (got ${pythonReprAt(raw, "index_base")})`);
	}
	if ((raw.reference_index ?? null) !== null) {
		throw invalidConfig(
			`${label}.reference_index is reserved and must be null/omitted (explicit index-array variant not yet implemented)`,
		);
	}
	return {
		to,
		indexBeg: pathTemplate(indexBeg, `${label}: 'index_beg'`),
		count: pathTemplate(count, `${label}: 'count'`),
		indexBase,
	};
}

function notAKey(names: readonly string[]): string {
	return `is not a key in levels (available: ${pythonRepr(names.toSorted())})`;
}
