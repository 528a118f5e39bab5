import { type PipelineConfig, resolvePipeline } from "@zagg/aggregate";
import { readShardMap } from "@zagg/catalog";
import type { DispatchEvent } from "@zagg/dispatch";
import { RunError } from "./errors.ts";
import { asDriver, checkAddresses } from "./granule-addresses.ts";
import { runLocal } from "./local-backend.ts";
import { type RunLog, silentLog } from "./log.ts";
import type { ShardExecutor } from "./run-plan.ts";
import { selectCells } from "./select-cells.ts";
import { type DryRunSummary, dryRunSummary, type LocalSummary } from "./summary.ts";

/** Workers of the local backend when none are asked for. */
const DEFAULT_LOCAL_WORKERS = 4;

/** Options of `agg`; what is left out comes from the config. */
export interface AggOptions {
	/** Path of the shard map. */
	readonly catalog?: string | undefined;
	/** Path of the Zarr store. */
	readonly store?: string | undefined;
	readonly backend?: string | undefined;
	/** How granules are reached: `file`, `https` or `s3`. */
	readonly driver?: string | undefined;
	/** Only the first so many cells of the catalog; 0 for all. */
	readonly maxCells?: number | undefined;
	/** Only the cell with this shard key. */
	readonly mortonCell?: string | undefined;
	/** Cells that run at once. */
	readonly maxWorkers?: number | undefined;
	/** Replace what the store holds for this grid. */
	readonly overwrite?: boolean | undefined;
	/** Only tell what would run. */
	readonly dryRun?: boolean | undefined;
	/** Runs the shards instead of the backend's own executor; the caller keeps it and shuts it down. */
	readonly executor?: ShardExecutor | undefined;
	readonly log?: RunLog | undefined;
	/** Told after every finished cell. */
	readonly onProgress?: ((done: number, total: number) => void) | undefined;
	readonly onEvent?: ((event: DispatchEvent) => void) | undefined;
	/** Cancels the run: no further cell is started and running ones are stopped. */
	readonly signal?: AbortSignal | undefined;
}

/**
 * Aggregates the granules of a shard map into a Zarr store, one shard per cell, and summarises the run.
 *
 * A cell that fails is counted and logged, and the others go on. Cancelled, the run ends with what is done so far and
 * `completion_reason: "cancelled"`; running it again completes the store.
 *
 * @throws AggregateError, CatalogError or RunError when the run cannot be started; nothing is written then.
 */
export async function agg(config: PipelineConfig, options: AggOptions = {}): Promise<LocalSummary | DryRunSummary> {
	const log = options.log ?? silentLog;
	const catalogPath = options.catalog || config.catalog;
	if (!catalogPath) {
		throw new RunError("run/no-catalog", "No catalog specified (pass catalog= or set catalog: in config)");
	}
	const pipeline = resolvePipeline(config);
	const storePath = options.store || pipeline.storePath;
	if (!storePath) {
		throw new RunError("run/no-store", "No store path specified (pass store= or set output.store: in config)");
	}
	if (pipeline.grid["layout"] === "dense") {
		log.warn(
			"HEALPix 'dense' layout is deprecated; set output.grid.layout: fullsphere (or omit; fullsphere is now the default). Dense will be removed in a future release.",
		);
	}
	const driver = asDriver(options.driver || pipeline.driver);
	const map = await readShardMap(catalogPath);
	const cells = selectCells(map, options);
	const backend = options.backend ?? "local";
	if (backend !== "local") {
		throw new RunError("run/unknown-backend", `Unknown backend: '${backend}' (expected 'local')`);
	}
	if (cells.length === 0) throw new RunError("run/no-cells", `the shard map ${catalogPath} lists no cells to run`);
	const workers = Math.min(options.maxWorkers ?? DEFAULT_LOCAL_WORKERS, cells.length);
	if (!Number.isInteger(workers) || workers < 1) {
		throw new RunError("run/bad-workers", `max_workers must be greater than 0 (got ${options.maxWorkers})`);
	}
	log.info(`Processing ${cells.length} of ${map.shardKeys.length} cells (local, ${workers} workers, driver=${driver})`);
	if (options.dryRun) return dryRunSummary(cells, storePath);

	const unreachable = checkAddresses(cells, driver);
	if (unreachable > 0) {
		log.warn(`${unreachable} granule records have no '${driver}' address and are left out`);
	}
	return runLocal({
		config,
		pipeline,
		map,
		cells,
		storePath,
		driver,
		workers,
		overwrite: options.overwrite ?? false,
		executor: options.executor,
		log,
		onProgress: options.onProgress,
		onEvent: options.onEvent,
		signal: options.signal,
	});
}
