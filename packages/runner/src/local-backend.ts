import {
	consolidateMetadata,
	emitTemplate,
	formatCount,
	gridFromConfig,
	gridSignature,
	openStore,
	pythonRepr,
	type ShardMetadata,
	type ShardTask,
	sameGrid,
	storeTemplate,
	type ZarrStore,
} from "@zagg/aggregate";
import { dispatch, LOCAL_RETRY } from "@zagg/dispatch";
import { localExecutor } from "@zagg/executor-local";
import { RunError } from "./errors.ts";
import { addressesOf } from "./granule-addresses.ts";
import type { RunPlan, ShardExecutor } from "./run-plan.ts";
import type { ShardLogMessage } from "./shard-worker.ts";
import type { LocalSummary } from "./summary.ts";

// The worker stands beside this module: as a source file, or as a built one.
const shardWorker = new URL(
	import.meta.url.endsWith(".ts") ? "./shard-worker.ts" : "./shard-worker.js",
	import.meta.url,
);

/** In a run of at most so many cells every finished cell is logged; in a longer one every tenth. */
const LOG_EVERY_CELL_UP_TO = 20;
const LOG_EVERY = 10;

/** Runs the plan's cells on this machine: template, fan-out over worker threads, consolidation, summary. */
export async function runLocal(plan: RunPlan): Promise<LocalSummary> {
	const { config, pipeline, map, cells, log, signal } = plan;
	const populatedShards = map.shardKeys;
	const grid = gridFromConfig(config, { populatedShards });
	checkSameGrid(plan, gridSignature(grid, config));
	const store = await openStore(plan.storePath, { create: true });
	await emitTemplate(store, storeTemplate(grid, pipeline), { overwrite: plan.overwrite });

	const tasks = function* (): Generator<ShardTask> {
		for (const cell of cells) {
			yield {
				config,
				shardKey: cell.shardKey,
				granules: addressesOf(cell, plan.driver),
				driver: plan.driver,
				storePath: plan.storePath,
				...(pipeline.grid["layout"] === "dense" && { populatedShards }),
			};
		}
	};
	const executor = plan.executor ?? threadExecutor(plan);
	const counts: Counts = { withData: 0, errors: 0, observations: 0 };
	const results: ShardMetadata[] = [];
	const started = performance.now();
	let cancelled = false;
	try {
		const { workers } = await executor.preflight(cells.length, { ...(signal && { signal }) });
		const report = await dispatch(executor, tasks(), {
			workers,
			retry: LOCAL_RETRY,
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
		cancelled = report.completionReason === "cancelled";
	} finally {
		if (plan.executor === undefined) await executor.shutdown();
	}
	const finalizeError = cancelled ? null : await finalizeStore(store, log);
	const wallTimeSeconds = (performance.now() - started) / 1000;
	log.info(
		`Done: ${counts.withData} cells, ${formatCount(counts.observations)} obs, ${counts.errors} errors, ${wallTimeSeconds.toFixed(1)}s`,
	);
	return {
		total_cells: cells.length,
		cells_with_data: counts.withData,
		cells_error: counts.errors,
		total_obs: counts.observations,
		wall_time_s: wallTimeSeconds,
		store_path: plan.storePath,
		backend: "local",
		results,
		...(cancelled && { completion_reason: "cancelled" as const }),
		...(finalizeError !== null && { finalize_error: finalizeError }),
	};
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

function threadExecutor(plan: RunPlan): ShardExecutor {
	return localExecutor<ShardTask, ShardMetadata>({
		module: shardWorker,
		workers: plan.workers,
		onMessage: (message) => {
			const line = message as ShardLogMessage;
			plan.log[line.level](line.message);
		},
	});
}

function checkSameGrid(plan: RunPlan, runSignature: Record<string, unknown>): void {
	const mapSignature = plan.map.gridSignature;
	if (mapSignature === null || sameGrid(mapSignature, runSignature)) return;
	throw new RunError(
		"run/other-grid",
		`ShardMap was built for a different grid than this run config.\n  shard map : ${pythonRepr(mapSignature)}\n  run config: ${pythonRepr(runSignature)}`,
		{ remedy: "Use the config that the map was made with, or make a new map with `zagg catalog --config …`." },
	);
}

/** Consolidates, once more if that fails; the results are worth keeping whether or not it works. */
async function finalizeStore(store: ZarrStore, log: RunPlan["log"]): Promise<string | null> {
	for (let attempt = 1; ; attempt++) {
		try {
			await consolidateMetadata(store);
			return null;
		} catch (error) {
			const message = errorMessage(error);
			log.warn(`Consolidating metadata failed (attempt ${attempt} of 2): ${message}`);
			if (attempt === 2) return message;
		}
	}
}

function errorMessage(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
