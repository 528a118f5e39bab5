import {
	assertTemplate,
	configFromRecord,
	defaultConfig,
	granuleOpener,
	processShard,
	resolvePipeline,
	type S3Credentials,
	type ShardMetadata,
	stringifyJson,
	writeShard,
} from "@zagg/aggregate";
import type { FunctionEnvironment, LambdaContext, LambdaEvent, LambdaResponse } from "./event.ts";
import { openOutputStore } from "./output-store.ts";
import { messageOf, respond } from "./response.ts";
import { exactShardKey } from "./shard-key.ts";
import { storedGrid } from "./stored-grid.ts";

const REQUIRED = ["shard_key", "parent_order", "granule_urls", "store_path", "s3_credentials"];
const REQUIRED_CREDENTIALS = ["accessKeyId", "secretAccessKey", "sessionToken"];
const RULE = "=".repeat(70);

/** Runs one shard: reads its granules, reduces, and writes one chunk per array at `chunk_idx`. */
export async function process(
	event: LambdaEvent,
	context: LambdaContext,
	environment: FunctionEnvironment,
): Promise<LambdaResponse> {
	const { log } = environment;
	const requestId = context.awsRequestId ?? null;
	logStart(event, context, log);
	try {
		const refusal = refusalOf(event);
		if (refusal !== null) return respond(400, { error: refusal });
		const metadata = await runShard(event, environment);
		log(
			stringifyJson({
				event_type: "processing_complete",
				shard_key: metadata.shard_key,
				cells_with_data: metadata.cells_with_data,
				total_obs: metadata.total_obs,
				duration_s: metadata.duration_s,
				error: metadata.error,
				request_id: requestId,
			}),
		);
		for (const line of [RULE, "Lambda invocation completed successfully", RULE]) log(line);
		return respond(metadata.error ? 500 : 200, metadata);
	} catch (error) {
		const reason = `Unhandled exception: ${messageOf(error)}`;
		log(reason.replace("exception:", "exception in Lambda handler:"));
		return respond(500, { error: reason, shard_key: shardKeyToTell(event), request_id: requestId });
	}
}

/** Why an event cannot be processed as it is; null when it can. */
function refusalOf(event: LambdaEvent): string | null {
	const missing = REQUIRED.filter((key) => !(key in event));
	if (missing.length > 0) return `Missing required parameters: ${missing.join(", ")}`;
	const credentials = (event.s3_credentials ?? {}) as object;
	const missingKeys = REQUIRED_CREDENTIALS.filter((key) => !(key in credentials));
	if (missingKeys.length > 0) return `Missing s3_credentials keys: ${missingKeys.join(", ")}`;
	const output = (event.config as { output?: { grid?: { type?: unknown } } } | null | undefined)?.output;
	const isHealpix = (output?.grid?.type ?? "healpix") === "healpix";
	return isHealpix && !("child_order" in event) ? "Missing required parameters: child_order" : null;
}

async function runShard(event: LambdaEvent, environment: FunctionEnvironment): Promise<ShardMetadata> {
	const { log } = environment;
	const config = event.config ? configFromRecord(event.config) : defaultConfig("atl06");
	const pipeline = resolvePipeline(config);
	const isHealpix = (pipeline.grid.type ?? "healpix") === "healpix";
	const order = pipeline.grid.parent_order ?? event.parent_order;
	const shardKey = exactShardKey(event.shard_key, isHealpix ? Number(order) : null);
	const store = await openOutputStore(event, environment);
	try {
		const { grid, template } = await storedGrid({ config, pipeline, shardKey, event, store });
		await assertTemplate(store, template);
		const granules = await granuleOpener(pipeline.driver, {
			s3: { credentials: event.s3_credentials as S3Credentials },
		});
		try {
			const { columns, metadata } = await processShard({
				grid,
				pipeline,
				shardKey,
				granules: event.granule_urls as readonly string[],
				open: granules.open,
				isRemote: granules.isRemote,
				log: { info: log, warn: log },
			});
			if (columns === null) return metadata;
			try {
				log(`  Writing data to ${String(event.store_path)}...`);
				const chunkIndex = event.chunk_idx;
				if (!Array.isArray(chunkIndex)) throw new Error("'chunk_idx'");
				await writeShard(store, template, chunkIndex as number[], columns);
				return metadata;
			} catch (error) {
				log(`Failed to write zarr to ${String(event.store_path)}: ${messageOf(error)}`);
				return { ...metadata, error: `Failed to write zarr: ${messageOf(error)}` };
			}
		} finally {
			granules.close();
		}
	} finally {
		store.close?.();
	}
}

function logStart(event: LambdaEvent, context: LambdaContext, log: FunctionEnvironment["log"]): void {
	const remaining = context.getRemainingTimeInMillis?.() ?? 0;
	const granules = event.granule_urls;
	const lines = [
		RULE,
		"Lambda invocation started",
		`Request ID: ${context.awsRequestId}`,
		`Function: ${context.functionName}`,
		`Memory: ${context.memoryLimitInMB} MB`,
		`Timeout: ${(remaining / 1000).toFixed(0)}s`,
		RULE,
		stringifyJson({
			event_type: "lambda_invocation",
			shard_key: shardKeyToTell(event),
			granule_count: Array.isArray(granules) ? granules.length : 0,
			child_order: event.child_order ?? null,
			request_id: context.awsRequestId ?? null,
			chunk_idx: event.chunk_idx ?? null,
		}),
	];
	for (const line of lines) log(line);
}

/** The shard's exact key where it can be told, else what arrived. */
function shardKeyToTell({ shard_key: received, parent_order: order }: LambdaEvent): unknown {
	try {
		return exactShardKey(received, typeof order === "number" ? order : null);
	} catch {
		return received ?? null;
	}
}
