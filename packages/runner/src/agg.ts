import { type PipelineConfig, pythonRepr, resolvePipeline } from "@zagg/aggregate";
import { readShardMap } from "@zagg/catalog";
import type { DispatchEvent } from "@zagg/dispatch";
import { type ClusterOptions, runCluster } from "./cluster-backend.ts";
import { RunError } from "./errors.ts";
import { asDriver, checkAddresses } from "./granule-addresses.ts";
import { type LambdaOptions, runLambda } from "./lambda-backend.ts";
import { runLocal } from "./local-backend.ts";
import { type RunLog, silentLog } from "./log.ts";
import type { GranuleAccessProvider, RunPlan, ShardExecutor } from "./run-plan.ts";
import { selectCells } from "./select-cells.ts";
import { type DryRunSummary, dryRunSummary, type RunSummary } from "./summary.ts";

/** Cells at once when no number is asked for; on the cluster as many as the site lets run. */
const DEFAULT_WORKERS = { local: 4, lambda: 1700, cluster: Number.POSITIVE_INFINITY } as const;

/** Where shards run. */
export type Backend = keyof typeof DEFAULT_WORKERS;

/** Where NASA keeps its granules; reading them from another region is slow and costs money. */
const DEFAULT_REGION = "us-west-2";

/** Options of `agg`; what is left out comes from the config. */
export interface AggOptions {
	/** Path of the shard map. */
	readonly catalog?: string | undefined;
	/** Path of the Zarr store, or its `s3://` address. */
	readonly store?: string | undefined;
	/** `local` (the default), `lambda` or `cluster`. */
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
	/** Of the function and of a store on S3. Default: the config's, or us-west-2. */
	readonly region?: string | undefined;
	/** For a store on S3, in any of the accepted spellings. Default: the machine's own; on Lambda, the function's role. */
	readonly outputCredentials?: Readonly<Record<string, unknown>> | undefined;
	/** Of a store on S3 that is not on AWS. Default: the config's, or the one in the credentials. */
	readonly outputEndpointUrl?: string | undefined;
	/** Opens remote granules; asked before every shard. Default: the machine's own AWS credentials, no bearer token. */
	readonly granuleAccess?: GranuleAccessProvider | undefined;
	/** What only the Lambda backend needs. */
	readonly lambda?: LambdaOptions | undefined;
	/** What only the cluster backend needs. */
	readonly cluster?: ClusterOptions | undefined;
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
 * @throws AggregationError, CatalogError or RunError when the run cannot be started; nothing is written then.
 */
export async function agg(config: PipelineConfig, options: AggOptions = {}): Promise<RunSummary | DryRunSummary> {
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
	if (pipeline.grid.layout === "dense") {
		log.warn(
			"HEALPix 'dense' layout is deprecated; set output.grid.layout: fullsphere (or omit; fullsphere is now the default). Dense will be removed in a future release.",
		);
	}
	const driver = asDriver(options.driver || pipeline.driver);
	const map = await readShardMap(catalogPath);
	const cells = selectCells(map, options);
	const backend = asBackend(options.backend ?? "local");
	if (backend === "lambda" && !storePath.startsWith("s3://")) {
		throw new RunError("run/store-not-on-s3", `Lambda backend requires s3:// store path, got: ${storePath}`);
	}
	if (cells.length === 0) throw new RunError("run/no-cells", `the shard map ${catalogPath} lists no cells to run`);
	const workers = Math.min(options.maxWorkers ?? DEFAULT_WORKERS[backend], cells.length);
	if (!Number.isInteger(workers) || workers < 1) {
		throw new RunError("run/bad-workers", `max_workers must be greater than 0 (got ${options.maxWorkers})`);
	}
	const manner = { local: `local, ${workers} workers, driver=${driver}`, lambda: "lambda", cluster: "cluster" };
	log.info(`Processing ${cells.length} of ${map.shardKeys.length} cells (${manner[backend]})`);
	if (options.dryRun) return dryRunSummary(cells, storePath);

	// The function reads from S3 whatever the driver.
	const readDriver = backend === "lambda" ? "s3" : driver;
	const unreachable = checkAddresses(cells, readDriver);
	if (unreachable > 0) {
		log.warn(`${unreachable} granule records have no '${readDriver}' address and are left out`);
	}
	const plan: RunPlan = {
		config,
		pipeline,
		map,
		cells,
		storePath,
		region: options.region ?? pipeline.region ?? DEFAULT_REGION,
		outputCredentials: options.outputCredentials,
		outputEndpointUrl: options.outputEndpointUrl ?? pipeline.endpointUrl ?? undefined,
		driver: readDriver,
		granuleAccess: options.granuleAccess,
		workers,
		overwrite: options.overwrite ?? false,
		log,
		onProgress: options.onProgress,
		onEvent: options.onEvent,
		signal: options.signal,
	};
	if (options.executor !== undefined) return runLocal(plan, options.executor);
	if (backend === "lambda") return runLambda(plan, options.lambda ?? {}, options.mortonCell === undefined);
	if (backend === "cluster") return runCluster(plan, options.cluster);
	return runLocal(plan);
}

function asBackend(name: string): Backend {
	if (name in DEFAULT_WORKERS) return name as Backend;
	throw new RunError(
		"run/unknown-backend",
		`Unknown backend: ${pythonRepr(name)} (expected 'local', 'lambda' or 'cluster')`,
	);
}
