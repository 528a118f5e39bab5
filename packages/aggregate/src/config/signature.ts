import { type Grid, type GridSignature, isFloatLiteral } from "@zagg/grid";
import { isRecord } from "./check.ts";
import type { FieldKind } from "./pipeline.ts";
import type { PipelineConfig } from "./pipeline-config.ts";
import { resolvePipeline } from "./resolve-pipeline.ts";

/** How one field is stored, as grid signatures record it. */
export interface OutputFieldSignature {
	readonly name: string;
	readonly kind: FieldKind;
	readonly trailing_shape: readonly number[];
	readonly inner_shape: readonly number[];
	/** As the config declares it; null when it does not. */
	readonly dtype: string | null;
}

/** The fields of a config by name, as every grid signature carries them. */
export function outputFieldSignature(config: PipelineConfig): OutputFieldSignature[] {
	return resolvePipeline(config)
		.fields.map(({ name, kind, trailingShape, innerShape, declaredDtype }) => ({
			name,
			kind,
			trailing_shape: trailingShape,
			inner_shape: innerShape,
			dtype: declaredDtype,
		}))
		.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The signature that a shard map of this grid and config carries: the grid's spatial keys, then the fields. */
export function gridSignature(grid: Grid, config: PipelineConfig): GridSignature {
	return { ...grid.signature(), output_fields: outputFieldSignature(config) };
}

/** The keys that say which grid it is; everything else in a signature is free. */
const SPATIAL_KEYS: ReadonlyMap<unknown, readonly string[]> = new Map([
	["healpix", ["indexing_scheme", "parent_order", "child_order", "layout", "latitude"]],
	["rectilinear", ["crs", "affine", "shape", "chunk_shape"]],
]);

/** What a signature without the key means, so that maps written before the key existed stay good. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
	indexing_scheme: "nested",
	layout: "fullsphere",
	latitude: "geodetic",
};

/**
 * Whether two signatures are of the same grid: equal spatial keys, numbers by value (`5000` is `5000.0`). The fields
 * do not count, so one shard map serves every aggregation on its grid.
 */
export function sameGrid(first: unknown, second: unknown): boolean {
	if (!isRecord(first) || !isRecord(second) || first.type !== second.type) return false;
	const keys = SPATIAL_KEYS.get(first.type);
	return keys?.every((key) => sameValue(first[key] ?? DEFAULTS[key], second[key] ?? DEFAULTS[key])) ?? false;
}

function sameValue(first: unknown, second: unknown): boolean {
	if (Array.isArray(first) && Array.isArray(second)) {
		return first.length === second.length && first.every((item, index) => sameValue(item, second[index]));
	}
	return numberOf(first) === numberOf(second);
}

function numberOf(value: unknown): unknown {
	if (isFloatLiteral(value)) return value.float;
	return typeof value === "bigint" ? Number(value) : value;
}
