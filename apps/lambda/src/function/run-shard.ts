import {
	AggregationError,
	assertTemplate,
	granuleOpener,
	processShard,
	type ReadError,
	type S3Credentials,
	type ShardMetadata,
	type ShardResult,
	type StoreTemplate,
	writeShard,
	type ZarrStore,
} from "@zagg/aggregate";
import type { Grid } from "@zagg/grid";
import type { FunctionEnvironment, LambdaEvent } from "./event.ts";
import { eventConfig } from "./event-config.ts";
import { openOutputStore } from "./output-store.ts";
import { messageOf, secondsSince } from "./response.ts";
import { exactShardKey } from "./shard-key.ts";
import { storedGrid } from "./stored-grid.ts";

/** Where a shard's chunks go. */
interface Target {
	readonly store: ZarrStore;
	readonly grid: Grid;
	readonly template: StoreTemplate;
}

/** What an event asks for. */
interface Shard extends ReturnType<typeof eventConfig> {
	readonly event: LambdaEvent;
	readonly shardKey: bigint;
	readonly granules: readonly string[];
}

/**
 * Runs the shard of an event: reads, reduces, writes. That the store has the template and that `chunk_idx` is the shard's
 * own is checked before any granule is read. What is wrong with store or granules is the metadata's `error`.
 *
 * @throws AggregationError for an event that makes no sense, and whatever goes wrong between reading and writing
 */
export async function runShard(event: LambdaEvent, environment: FunctionEnvironment): Promise<ShardMetadata> {
	const started = performance.now();
	const shard = shardOf(event);
	const failed = (error: string, readErrors?: readonly ReadError[]): ShardMetadata => ({
		shard_key: shard.shardKey,
		cells_with_data: 0,
		total_obs: 0,
		granule_count: shard.granules.length,
		files_processed: 0,
		duration_s: secondsSince(started),
		error,
		...(readErrors && { read_errors: readErrors }),
	});
	let target: Target;
	try {
		target = await openTarget(shard, environment);
	} catch (error) {
		return failed(storeFailure(shard, error, environment));
	}
	try {
		const { columns, metadata } = await read(shard, target.grid, environment);
		if (columns === null) return metadata;
		environment.log(`  Writing data to ${String(event.store_path)}...`);
		try {
			const { chunk_idx: chunkIndex } = event;
			if (!Array.isArray(chunkIndex)) throw new AggregationError("shard/invalid", "'chunk_idx'");
			await writeShard(target.store, target.template, chunkIndex, columns);
			return metadata;
		} catch (error) {
			return { ...metadata, error: storeFailure(shard, error, environment) };
		}
	} catch (error) {
		if (!hasCode(error, "shard/read-failed")) throw error;
		environment.log(error.message);
		return failed(error.message, error.context.readErrors as readonly ReadError[]);
	} finally {
		target.store.close?.();
	}
}

function shardOf(event: LambdaEvent): Shard {
	const { config, pipeline } = eventConfig(event);
	const isHealpix = (pipeline.grid.type ?? "healpix") === "healpix";
	const order = Number(pipeline.grid.parent_order ?? event.parent_order);
	const { granule_urls: granules } = event;
	if (!Array.isArray(granules) || !granules.every((granule) => typeof granule === "string")) {
		throw new AggregationError("shard/invalid", "granule_urls must be a list of texts", { failureClass: "usage" });
	}
	return { event, config, pipeline, granules, shardKey: exactShardKey(event.shard_key, isHealpix ? order : null) };
}

async function openTarget(shard: Shard, environment: FunctionEnvironment): Promise<Target> {
	const store = await openOutputStore(shard.event, environment);
	try {
		const { grid, template } = await storedGrid({ ...shard, store });
		await assertTemplate(store, template);
		checkBlock(shard, grid);
		return { store, grid, template };
	} catch (error) {
		store.close?.();
		throw error;
	}
}

/** Another shard's chunk must never be overwritten. */
function checkBlock({ event: { chunk_idx: given }, shardKey }: Shard, grid: Grid): void {
	if (given === undefined) return;
	const own = grid.blockIndex(shardKey).join(", ");
	if (Array.isArray(given) && given.join(", ") === own) return;
	throw new AggregationError(
		"shard/invalid",
		`chunk_idx [${String(given)}] is not the block of shard ${shardKey}, which is [${own}]`,
		{ failureClass: "usage", remedy: "Use a shard map and a config that belong together." },
	);
}

async function read(shard: Shard, grid: Grid, { log }: FunctionEnvironment): Promise<ShardResult> {
	const { event, pipeline, shardKey, granules } = shard;
	const opener = await granuleOpener(pipeline.driver, {
		s3: { credentials: event.s3_credentials as S3Credentials },
	});
	try {
		const { open, isRemote } = opener;
		return await processShard({ grid, pipeline, shardKey, granules, open, isRemote, log: { info: log, warn: log } });
	} finally {
		opener.close();
	}
}

/** Logs why a shard cannot be written. @returns what its metadata says about it */
function storeFailure({ event }: Shard, error: unknown, { log }: FunctionEnvironment): string {
	log(`Failed to write zarr to ${String(event.store_path)}: ${messageOf(error)}`);
	const isAboutTemplate = hasCode(error, "store/template-missing") || hasCode(error, "store/contains-other");
	return isAboutTemplate ? error.message : `Failed to write zarr: ${messageOf(error)}`;
}

function hasCode(error: unknown, code: AggregationError["code"]): error is AggregationError {
	return error instanceof AggregationError && error.code === code;
}
