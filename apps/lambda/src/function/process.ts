import { stringifyJson } from "@zagg/aggregate";
import type { FunctionEnvironment, LambdaContext, LambdaEvent, LambdaResponse } from "./event.ts";
import { messageOf, respond, secondsSince } from "./response.ts";
import { runShard } from "./run-shard.ts";
import { exactShardKey } from "./shard-key.ts";

const REQUIRED = ["shard_key", "parent_order", "granule_urls", "store_path", "s3_credentials"];
const REQUIRED_CREDENTIALS = ["accessKeyId", "secretAccessKey", "sessionToken"];
const RULE = "=".repeat(70);

/** Runs one shard: reads its granules, reduces, and writes one chunk per array at `chunk_idx`. */
export async function process(
	event: LambdaEvent,
	context: LambdaContext,
	environment: FunctionEnvironment,
): Promise<LambdaResponse> {
	const started = performance.now();
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
		return respond(500, {
			error: reason,
			shard_key: shardKeyToTell(event),
			request_id: requestId,
			// A shard that failed is paid for too.
			duration_s: secondsSince(started),
		});
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
