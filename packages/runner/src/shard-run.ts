import {
	consolidateMetadata,
	emitTemplate,
	fixedText,
	formatCount,
	openStore,
	type ShardMetadata,
	type ShardTask,
	type StoreOptions,
	storeTemplate,
} from "@zagg/aggregate";
import { dispatch, type RetryPolicy, type RunReport } from "@zagg/dispatch";
import { errorMessage, finalizeStore } from "./finalize-store.ts";
import { addressesOf } from "./granule-addresses.ts";
import { outputCredentialsBlock } from "./output-credentials.ts";
import { runGrid } from "./run-grid.ts";
import type { RunPlan, ShardExecutor } from "./run-plan.ts";

/** In a run of at most so many cells every finished cell is logged; in a longer one every tenth. */
const LOG_EVERY_CELL_UP_TO = 20;
const LOG_EVERY = 10;

/** What the shards of a run came to, for a backend's summary. */
export interface ShardRunOutcome {
	/** Attempts and their cost. */
	readonly report: RunReport<ShardMetadata, ShardTask>;
	readonly cancelled: boolean;
	readonly totalCells: number;
	readonly cellsWithData: number;
	readonly cellsError: number;
	readonly totalObservations: number;
	readonly wallTimeSeconds: number;
	/** Metadata of every cell that did not fail, in completion order. */
	readonly results: readonly ShardMetadata[];
	/** Why the store's metadata could not be consolidated; null when it was. */
	readonly finalizeError: string | null;
}

/** How `runShards` runs them. */
export interface ShardRunOptions {
	/** Makes the executor. */
	readonly executor: () => ShardExecutor;
	readonly retry: RetryPolicy;
	/** The executor is the caller's own, who shuts it down. */
	readonly keepExecutor?: boolean;
}

/**
 * Runs the plan's cells on an executor that takes shard tasks: template, fan-out in catalog order, consolidation. A cell
 * that fails is counted and logged, and the others go on.
 */
export async function runShards(plan: RunPlan, options: ShardRunOptions): Promise<ShardRunOutcome> {
	const template = storeTemplate(runGrid(plan), plan.pipeline);
	const executor = options.executor();
	try {
		// A backend that would not take the run must not leave a new store, or an emptied one, behind.
		const { signal } = plan;
		const { workers } = await executor.preflight(plan.cells.length, { ...(signal && { signal }) });
		const store = await openStore(plan.storePath, { ...storeOptions(plan), create: true });
		try {
			await emitTemplate(store, template, { overwrite: plan.overwrite });
			return await fanOut(plan, { executor, workers, retry: options.retry, store });
		} finally {
			store.close?.();
		}
	} finally {
		if (!options.keepExecutor) await executor.shutdown();
	}
}

interface FanOut {
	readonly executor: ShardExecutor;
	readonly workers: number;
	readonly retry: RetryPolicy;
	readonly store: Awaited<ReturnType<typeof openStore>>;
}

async function fanOut(plan: RunPlan, { executor, workers, retry, store }: FanOut): Promise<ShardRunOutcome> {
	const { cells, log, signal } = plan;
	const counts: Counts = { withData: 0, errors: 0, observations: 0 };
	const results: ShardMetadata[] = [];
	const started = performance.now();
	const report = await dispatch(executor, shardTasks(plan), {
		workers,
		retry,
		...(signal && { signal }),
		...(plan.onEvent && { onEvent: plan.onEvent }),
		accumulate: (_report, index, metadata) => {
			results.push(metadata);
			logResult(plan, counts, index, metadata);
			plan.onProgress?.(index, cells.length);
		},
		onFailure: (_report, index, failure) => {
			counts.errors++;
			log.warn(`  [${index}/${cells.length}] ${failure.payload.shardKey}: ERROR ${errorMessage(failure.error)}`);
			plan.onProgress?.(index, cells.length);
		},
	});
	const cancelled = report.completionReason === "cancelled";
	const finalizeError = cancelled ? null : await finalizeStore(() => consolidateMetadata(store), log);
	const wallTimeSeconds = (performance.now() - started) / 1000;
	log.info(doneLine(counts.withData, counts.observations, counts.errors, wallTimeSeconds));
	return {
		report,
		cancelled,
		totalCells: cells.length,
		cellsWithData: counts.withData,
		cellsError: counts.errors,
		totalObservations: counts.observations,
		wallTimeSeconds,
		results,
		finalizeError,
	};
}

/** The line that ends every run's log. */
export function doneLine(cellsWithData: number, observations: number, errors: number, wallTimeSeconds: number): string {
	return `Done: ${cellsWithData} cells, ${formatCount(observations)} obs, ${errors} errors, ${fixedText(wallTimeSeconds, 1)}s`;
}

// Made one by one as they are started, so that credentials are as fresh as can be and memory does not grow with the map.
async function* shardTasks(plan: RunPlan): AsyncGenerator<ShardTask> {
	const { config, pipeline, driver, storePath, granuleAccess } = plan;
	const output = storeOptions(plan);
	for (const cell of plan.cells) {
		yield {
			config,
			shardKey: cell.shardKey,
			granules: addressesOf(cell, driver),
			driver,
			storePath,
			storeOptions: output,
			...(granuleAccess && driver !== "file" && { granuleAccess: await granuleAccess() }),
			...(pipeline.grid.layout === "dense" && { populatedShards: plan.map.shardKeys }),
		};
	}
}

/** How the store is reached, as shard tasks carry it. */
export function storeOptions({
	storePath,
	region,
	outputCredentials,
	outputEndpointUrl,
}: RunPlan): Omit<StoreOptions, "create"> {
	if (!storePath.startsWith("s3://")) return {};
	const block = outputCredentialsBlock(outputCredentials, region, outputEndpointUrl);
	if (block === null) return { region, ...(outputEndpointUrl && { endpointUrl: outputEndpointUrl }) };
	const { endpointUrl, region: storeRegion, ...credentials } = block;
	return { region: storeRegion, credentials, ...(endpointUrl && { endpointUrl }) };
}

interface Counts {
	withData: number;
	errors: number;
	observations: number;
}

function logResult({ cells, log }: RunPlan, counts: Counts, index: number, metadata: ShardMetadata): void {
	const place = `  [${index}/${cells.length}] ${metadata.shard_key}`;
	if (metadata.error) {
		log.info(`${place}: ${metadata.error}`);
		return;
	}
	counts.withData++;
	counts.observations += metadata.total_obs;
	if (index % LOG_EVERY === 0 || cells.length <= LOG_EVERY_CELL_UP_TO) {
		log.info(`${place}: ${formatCount(metadata.total_obs)} obs`);
	}
}
