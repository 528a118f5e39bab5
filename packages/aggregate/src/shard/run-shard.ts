import type { Grid } from "@zagg/grid";
import { gridFromConfig, type Pipeline, type PipelineConfig, resolvePipeline } from "../config/index.ts";
import {
	assertTemplate,
	openStore,
	type StoreOptions,
	type StoreTemplate,
	storeTemplate,
	writeShard,
} from "../store/index.ts";
import type { GranuleAccess } from "./granule-access.ts";
import type { ShardMetadata } from "./metadata.ts";
import { granuleOpener } from "./open-granule.ts";
import { processShard, type ShardLog } from "./process-shard.ts";

/** Everything one worker needs to know to run one shard, wherever it runs; survives a structured clone. */
export interface ShardTask {
	readonly config: PipelineConfig;
	readonly shardKey: bigint;
	/** Addresses of the granules: the hrefs that the driver chose. */
	readonly granules: readonly string[];
	readonly driver: string;
	/** What opens remote granules; without it, they are opened with the machine's own AWS credentials, or none. */
	readonly granuleAccess?: GranuleAccess | undefined;
	readonly storePath: string;
	/** How a store on S3 is reached. */
	readonly storeOptions?: Omit<StoreOptions, "create"> | undefined;
	/** Keys of the populated shards in catalog order; the deprecated dense layout needs them, others leave it out. */
	readonly populatedShards?: readonly bigint[];
}

/**
 * Runs one shard from granules to chunks: checks that the store's template is there, processes the shard and writes
 * one chunk per array. Nothing is written for a shard without data. Running it again writes the same bytes.
 */
export async function runShard(
	task: ShardTask,
	options: { readonly log: ShardLog; readonly signal?: AbortSignal | undefined },
): Promise<ShardMetadata> {
	const { grid, pipeline, template } = prepare(task);
	const store = await openStore(task.storePath, task.storeOptions);
	try {
		await assertTemplate(store, template);
		const granules = await granuleOpener(task.driver, task.granuleAccess);
		try {
			const { columns, metadata } = await processShard({
				grid,
				pipeline,
				shardKey: task.shardKey,
				granules: task.granules,
				open: granules.open,
				isRemote: granules.isRemote,
				log: options.log,
				signal: options.signal,
			});
			options.signal?.throwIfAborted();
			if (columns !== null) await writeShard(store, template, grid.blockIndex(task.shardKey), columns);
			return metadata;
		} finally {
			granules.close();
		}
	} finally {
		store.close?.();
	}
}

function prepare(task: ShardTask): { grid: Grid; pipeline: Pipeline; template: StoreTemplate } {
	const pipeline = resolvePipeline(task.config);
	const grid = gridFromConfig(task.config, task.populatedShards && { populatedShards: task.populatedShards });
	return { grid, pipeline, template: storeTemplate(grid, pipeline) };
}
