import {
	AggregateError,
	fixedText,
	granuleOpener,
	processShard,
	type ReadError,
	type ShardMetadata,
	stringifyJson,
	writeShard,
} from "@zagg/aggregate";
import type { Grid, HealpixGrid } from "@zagg/grid";
import { LambdaWorkerError, messageOf } from "./errors.ts";
import { type LambdaContext, type LambdaEvent, missingKeys, recordAt } from "./event.ts";
import { eventConfig, eventGrid, eventPipeline, isHealpix } from "./event-config.ts";
import type { HandlerOptions } from "./handler.ts";
import { type LambdaResponse, reply } from "./reply.ts";
import { exactShardKey } from "./shard-key.ts";
import { openTarget, type Shard, type Target } from "./target.ts";

const REQUIRED = ["shard_key", "parent_order", "granule_urls", "store_path", "s3_credentials"];
const CREDENTIAL_KEYS = ["accessKeyId", "secretAccessKey", "sessionToken"];
/** NASA's NSIDC keeps its granules there. */
const GRANULE_REGION = "us-west-2";
const RULE = "=".repeat(70);

/**
 * Mode `process`: runs one shard and answers with its metadata; 200 when it has been written, 500 when `error` says why
 * not, also for a shard without data, 400 for an event that lacks something. Rejects only when `granule_urls` is null.
 */
export async function processEvent(
	event: LambdaEvent,
	context: LambdaContext,
	options: HandlerOptions,
): Promise<LambdaResponse> {
	const started = performance.now();
	const { log } = options;
	logInvocation(event, context, options);
	try {
		const refusal = refusalOf(event);
		if (refusal !== null) return reply(400, { error: refusal });
		const metadata = await runShard(shardOf(event), options);
		log.info(
			stringifyJson({
				event_type: "processing_complete",
				shard_key: metadata.shard_key,
				cells_with_data: metadata.cells_with_data,
				total_obs: metadata.total_obs,
				duration_s: metadata.duration_s,
				error: metadata.error,
				request_id: context.awsRequestId,
			}),
		);
		for (const line of [RULE, "Lambda invocation completed successfully", RULE]) log.info(line);
		return reply(metadata.error ? 500 : 200, metadata);
	} catch (error) {
		log.error(`Unhandled exception in Lambda handler: ${messageOf(error)}`);
		return reply(500, {
			error: `Unhandled exception: ${messageOf(error)}`,
			shard_key: tellableKey(event),
			request_id: context.awsRequestId,
			// So that the run can count what a failed shard cost.
			duration_s: secondsSince(started),
		});
	}
}

function logInvocation(event: LambdaEvent, context: LambdaContext, { log }: HandlerOptions): void {
	const { granule_urls: granules = [], child_order: childOrder = null, chunk_idx: chunkIndex = null } = event;
	for (const line of [
		RULE,
		"Lambda invocation started",
		`Request ID: ${context.awsRequestId}`,
		`Function: ${context.functionName}`,
		`Memory: ${context.memoryLimitInMB} MB`,
		`Timeout: ${fixedText(context.getRemainingTimeInMillis() / 1000, 0)}s`,
		RULE,
		stringifyJson({
			event_type: "lambda_invocation",
			shard_key: tellableKey(event),
			granule_count: (granules as { readonly length: number }).length,
			child_order: childOrder,
			request_id: context.awsRequestId,
			chunk_idx: chunkIndex,
		}),
	]) {
		log.info(line);
	}
}

/** What the event lacks, or null. */
function refusalOf(event: LambdaEvent): string | null {
	const missing = missingKeys(event, REQUIRED);
	if (missing.length > 0) return `Missing required parameters: ${missing.join(", ")}`;
	const missingCredentials = missingKeys(recordAt(event, "s3_credentials"), CREDENTIAL_KEYS);
	if (missingCredentials.length > 0) return `Missing s3_credentials keys: ${missingCredentials.join(", ")}`;
	const lacksOrder = isHealpix(eventConfig(event)) && missingKeys(event, ["child_order"]).length > 0;
	return lacksOrder ? "Missing required parameters: child_order" : null;
}

function shardOf(event: LambdaEvent): Shard {
	const config = eventConfig(event);
	const pipeline = eventPipeline(config);
	const grid = eventGrid(config, event);
	return { event, config, pipeline, grid, shardKey: exactShardKey(event.shard_key, shardOrder(grid)) };
}

function shardOrder(grid: Grid): number | null {
	return grid.type === "healpix" ? (grid as HealpixGrid).parentOrder : null;
}

/** Reads, reduces and writes. That the shard can be written is checked before granules are read, which takes the time. */
async function runShard(shard: Shard, options: HandlerOptions): Promise<ShardMetadata> {
	const started = performance.now();
	const granules = granulesOf(shard.event);
	if (granules.length === 0) return (await readShard(shard, granules, options)).metadata;
	const failed = (error: string, readErrors?: readonly ReadError[]): ShardMetadata => ({
		shard_key: shard.shardKey,
		cells_with_data: 0,
		total_obs: 0,
		granule_count: granules.length,
		files_processed: 0,
		duration_s: secondsSince(started),
		error,
		...(readErrors && { read_errors: readErrors }),
	});
	let target: Target;
	try {
		target = await openTarget(shard, options.region);
	} catch (error) {
		return failed(writeFailure(shard, error, options));
	}
	try {
		const { columns, metadata } = await readShard(shard, granules, options);
		if (columns === null) return metadata;
		options.log.info(`  Writing data to ${shard.event.store_path}...`);
		try {
			await writeShard(target.store, target.template, target.blockIndex, columns);
		} catch (error) {
			return { ...metadata, error: writeFailure(shard, error, options) };
		}
		return metadata;
	} catch (error) {
		if (!(error instanceof AggregateError && error.code === "shard/read-failed")) throw error;
		options.log.error(error.message);
		return failed(error.message, error.context.readErrors as readonly ReadError[]);
	} finally {
		target.store.close?.();
	}
}

async function readShard(
	{ event, grid, pipeline, shardKey }: Shard,
	granules: readonly string[],
	{ log }: HandlerOptions,
) {
	const { accessKeyId, secretAccessKey, sessionToken } = recordAt(event, "s3_credentials");
	const opener = await granuleOpener(pipeline.driver ?? "s3", {
		s3: {
			region: GRANULE_REGION,
			credentials: {
				accessKeyId: String(accessKeyId),
				secretAccessKey: String(secretAccessKey),
				...(sessionToken ? { sessionToken: String(sessionToken) } : {}),
			},
		},
	});
	try {
		return await processShard({
			grid,
			pipeline,
			shardKey,
			granules,
			open: opener.open,
			isRemote: opener.isRemote,
			log,
		});
	} finally {
		opener.close();
	}
}

function granulesOf({ granule_urls: granules }: LambdaEvent): readonly string[] {
	if (Array.isArray(granules) && granules.every((granule) => typeof granule === "string")) return granules;
	throw new LambdaWorkerError("lambda-worker/invalid-event", "granule_urls must be a list of texts");
}

/** Logs why a shard cannot be written. @returns what its metadata says about it */
function writeFailure({ event }: Shard, error: unknown, { log }: HandlerOptions): string {
	log.error(`Failed to write zarr to ${event.store_path}: ${messageOf(error)}`);
	const isAboutTemplate =
		error instanceof AggregateError &&
		(error.code === "store/template-missing" || error.code === "store/contains-other");
	return isAboutTemplate ? error.message : `Failed to write zarr: ${messageOf(error)}`;
}

/** The shard key as exact as it can be told before the event has been checked. */
function tellableKey({ shard_key: shardKey = null, parent_order: parentOrder }: LambdaEvent): unknown {
	try {
		return exactShardKey(shardKey, typeof parentOrder === "number" ? parentOrder : null);
	} catch {
		return shardKey;
	}
}

function secondsSince(started: number): number {
	return Math.round((performance.now() - started) * 1000) / 1e6;
}
