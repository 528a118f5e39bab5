import { configToRecord, type GranuleAccess, type PipelineConfig, stringifyJson } from "@zagg/aggregate";
import type { Grid } from "@zagg/grid";
import { RunError } from "./errors.ts";
import { addressesOf } from "./granule-addresses.ts";
import type { Cell } from "./select-cells.ts";

/** Keys of temporary credentials as they travel in an event; `expiration` is not forwarded. */
export interface EventCredentials {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly sessionToken: string;
}

/** The credentials, region and endpoint of the output store; keys in published order. */
export interface OutputCredentialsBlock {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly region: string;
	readonly sessionToken?: string;
	readonly endpointUrl?: string;
}

/**
 * The credentials that the function reads granules with.
 *
 * @throws RunError `run/bad-credentials` naming what is missing; the function takes temporary credentials only.
 */
export function eventCredentials(access: GranuleAccess | undefined): EventCredentials {
	const { accessKeyId = "", secretAccessKey = "", sessionToken = "" } = access?.s3?.credentials ?? {};
	const credentials = { accessKeyId, secretAccessKey, sessionToken };
	const missing = Object.entries(credentials).flatMap(([key, value]) => (value === "" ? [key] : []));
	if (missing.length === 0) return credentials;
	throw new RunError(
		"run/bad-credentials",
		`the Lambda backend needs temporary S3 credentials to read granules; missing: ${missing.join(", ")}`,
		{ remedy: "Log in to Earthdata (EARTHDATA_TOKEN or ~/.netrc), or give a file of them with --input-creds." },
	);
}

/** What every event of a run shares. */
export interface LambdaEventContext {
	readonly config: PipelineConfig;
	readonly grid: Grid;
	readonly storePath: string;
	/** Of a HEALPix grid, else null. */
	readonly parentOrder: number | null;
	readonly childOrder: number | null;
	readonly outputCredentials: OutputCredentialsBlock | null;
}

/** The event that makes the function run one shard; keys in published order. */
export function processEvent(
	cell: Cell,
	context: LambdaEventContext,
	credentials: EventCredentials,
): Record<string, unknown> {
	const { accessKeyId, secretAccessKey, sessionToken } = credentials;
	return {
		chunk_idx: context.grid.blockIndex(cell.shardKey),
		shard_key: cell.shardKey,
		parent_order: context.parentOrder,
		// The function has S3 credentials only, whatever driver the local backend would use.
		granule_urls: addressesOf(cell, "s3"),
		store_path: context.storePath,
		s3_credentials: { accessKeyId, secretAccessKey, sessionToken },
		...(context.childOrder !== null && { child_order: context.childOrder }),
		config: configToRecord(context.config),
		...outputBlock(context),
	};
}

/**
 * The event that makes the function create the store's template; keys in published order.
 *
 * @param shardCount number of shards in the whole map, for the deprecated dense layout; null for every other
 */
export function setupEvent(
	context: LambdaEventContext,
	options: { readonly shardCount: number | null; readonly overwrite: boolean },
): Record<string, unknown> {
	return {
		mode: "setup",
		store_path: context.storePath,
		parent_order: context.parentOrder,
		child_order: context.childOrder,
		n_parent_cells: options.shardCount,
		overwrite: options.overwrite,
		config: configToRecord(context.config),
		...outputBlock(context),
	};
}

/** The event that makes the function consolidate the store's metadata; keys in published order. */
export function finalizeEvent(context: LambdaEventContext): Record<string, unknown> {
	return { mode: "finalize", store_path: context.storePath, ...outputBlock(context) };
}

/** An event as the text that is sent: the very bytes of the Python system, without NaN (it is not JSON). */
export function eventText(event: Record<string, unknown>): string {
	return stringifyJson(event, { nonFiniteAsText: true });
}

function outputBlock({ outputCredentials }: LambdaEventContext): Record<string, unknown> {
	return outputCredentials === null ? {} : { output_credentials: outputCredentials };
}
