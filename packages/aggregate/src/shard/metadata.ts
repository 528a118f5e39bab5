/** A granule, or one group of it, that could not be read. */
export interface ReadError {
	readonly granule: string;
	/** The group ("beam"); null when the granule could not be opened at all. */
	readonly group: string | null;
	readonly code: string;
	readonly error: string;
}

/** What happened to one shard; keys and their order as published. The optional ones come on top. */
export interface ShardMetadata {
	readonly shard_key: bigint;
	readonly cells_with_data: number;
	readonly total_obs: number;
	readonly granule_count: number;
	readonly files_processed: number;
	/** Wall seconds. */
	readonly duration_s: number;
	/** `NO_GRANULES`, `NO_DATA`, or null. */
	readonly error: string | null;
	readonly read_errors?: readonly ReadError[];
	/** Bytes that came over the network; only where granules are remote. */
	readonly bytes_read?: number;
	/** Requests that it took; only where granules are remote. */
	readonly requests?: number;
}

/** The shard map lists no granule for the shard. */
export const NO_GRANULES = "No granules found";
/** Every granule was read, and no observation is in the shard and passes the filters. */
export const NO_DATA = "No data after filtering";
