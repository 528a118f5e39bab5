import { type Grid, healpixGrid, rectilinearGrid } from "@zagg/grid";
import { pythonRepr } from "../python/index.ts";
import { invalidConfig, isRecord, type PlainRecord } from "./check.ts";
import { unknownGridType } from "./grid-keys.ts";
import type { PipelineConfig } from "./pipeline-config.ts";

/** Deprecation text of `layout: dense`. */
export const DENSE_LAYOUT_DEPRECATED =
	"output.grid.layout: dense is deprecated; switch to fullsphere (the new default) or omit the field. Dense will be removed in a future release.";

export interface GridFromConfigOptions {
	/** HEALPix order of the shards, where the config names none. */
	readonly parentOrder?: number;
	/** Keys of the populated shards in catalog order, which the dense layout packs its chunks by. */
	readonly populatedShards?: readonly bigint[];
	/** Receives deprecation texts. */
	readonly warn?: (message: string) => void;
}

/**
 * Builds the output grid that a config describes; `healpix` when it names no type.
 *
 * @throws AggregationError `config/invalid` when keys are missing, GridError when they do not make a grid.
 */
export function gridFromConfig(config: PipelineConfig, options: GridFromConfigOptions = {}): Grid {
	const raw = config.output.grid ?? {};
	if (!isRecord(raw)) throw invalidConfig("output.grid must be a mapping (e.g. type: healpix, child_order: 12)");
	const type = raw.type ?? "healpix";
	if (raw.layout === "dense") options.warn?.(DENSE_LAYOUT_DEPRECATED);
	if (type === "healpix") return healpixFrom(raw, options);
	if (type === "rectilinear") return rectilinearFrom(raw);
	throw unknownGridType(type);
}

function healpixFrom(raw: PlainRecord, { parentOrder, populatedShards }: GridFromConfigOptions): Grid {
	const settings = raw as {
		readonly parent_order?: number | null;
		readonly child_order?: number | null;
		readonly layout?: "dense" | "fullsphere" | null;
		readonly latitude?: "geodetic" | "authalic" | null;
	};
	const shardOrder = settings.parent_order ?? parentOrder;
	if (shardOrder === undefined) throw invalidConfig("output.grid.parent_order is required for HEALPix grids");
	const cellOrder = settings.child_order ?? null;
	if (cellOrder === null) throw invalidConfig("output.grid.child_order is required");
	return healpixGrid({
		parentOrder: shardOrder,
		childOrder: cellOrder,
		layout: settings.layout ?? "fullsphere",
		latitude: settings.latitude ?? "geodetic",
		...(populatedShards !== undefined && { populatedShards }),
	});
}

function rectilinearFrom(raw: PlainRecord): Grid {
	const missing = ["crs", "resolution", "bounds"].filter((key) => (raw[key] ?? null) === null);
	if (missing.length > 0) {
		throw invalidConfig(`output.grid type 'rectilinear' missing required fields: ${pythonRepr(missing)}`);
	}
	const {
		crs,
		resolution,
		bounds,
		chunk_shape: chunkShape,
	} = raw as {
		readonly crs: string | number;
		readonly resolution: number | readonly [number, number];
		readonly bounds: readonly [number, number, number, number];
		readonly chunk_shape?: readonly [number, number] | null;
	};
	return rectilinearGrid({
		crs: typeof crs === "number" ? `EPSG:${crs}` : crs,
		resolution,
		bounds,
		...((chunkShape ?? null) !== null && { chunkShape: chunkShape! }),
	});
}
