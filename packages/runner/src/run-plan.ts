import type { GranuleAccess, Pipeline, PipelineConfig, ShardMetadata, ShardTask } from "@zagg/aggregate";
import type { ShardMap } from "@zagg/catalog";
import type { DispatchEvent, Executor } from "@zagg/dispatch";
import type { Driver } from "./granule-addresses.ts";
import type { RunLog } from "./log.ts";
import type { Cell } from "./select-cells.ts";

/** Runs shards somewhere: what a run needs of an executor. */
export type ShardExecutor = Executor<ShardTask, ShardMetadata>;

/**
 * Gives what opens remote granules: a bearer token for HTTPS, credentials for S3. It is asked before every shard, so it
 * should keep what it has until that is about to expire.
 */
export type GranuleAccessProvider = () => Promise<GranuleAccess>;

/** A run with every option resolved and checked, ready for a backend. */
export interface RunPlan {
	readonly config: PipelineConfig;
	readonly pipeline: Pipeline;
	readonly map: ShardMap;
	readonly cells: readonly Cell[];
	readonly storePath: string;
	/** Of the function and of a store on S3. */
	readonly region: string;
	/** For a store on S3, in any of the accepted spellings. */
	readonly outputCredentials: Readonly<Record<string, unknown>> | undefined;
	readonly outputEndpointUrl: string | undefined;
	readonly driver: Driver;
	/** Undefined: granules are opened with the machine's own AWS credentials, or none. */
	readonly granuleAccess: GranuleAccessProvider | undefined;
	/** The most cells at once that were asked for. */
	readonly workers: number;
	readonly overwrite: boolean;
	readonly log: RunLog;
	readonly onProgress: ((done: number, total: number) => void) | undefined;
	readonly onEvent: ((event: DispatchEvent) => void) | undefined;
	readonly signal: AbortSignal | undefined;
}
