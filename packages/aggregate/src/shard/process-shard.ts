import type { Grid } from "@zagg/grid";
import type { Pipeline } from "../config/index.ts";
import { type AggregateFailureClass, AggregationError } from "../errors.ts";
import { type OutputColumn, reduceFields } from "../reduce/index.ts";
import { formatCount } from "./format-count.ts";
import { groupRows } from "./group-rows.ts";
import { NO_DATA, NO_GRANULES, type ShardMetadata } from "./metadata.ts";
import { type GranuleReads, type OpenGranule, readGranules } from "./read-granules.ts";

/** Where the lines go that a shard says about its progress; nothing is printed here. */
export interface ShardLog {
	info(message: string): void;
	warn(message: string): void;
}

/** One shard's work: which cells, from which granules, by which pipeline. */
export interface ShardRequest {
	readonly grid: Grid;
	readonly pipeline: Pipeline;
	readonly shardKey: bigint;
	/** Addresses of the granules, in shard-map order. */
	readonly granules: readonly string[];
	readonly open: OpenGranule;
	/** Granules come over a network: their groups are read all at once, and the transfer is counted. */
	readonly isRemote?: boolean | undefined;
	readonly log: ShardLog;
	readonly signal?: AbortSignal | undefined;
}

/** The shard's columns in output order, every cell of the shard in rank order; null when there is nothing to write. */
export interface ShardResult {
	readonly columns: readonly OutputColumn[] | null;
	readonly metadata: ShardMetadata;
}

/**
 * Reads the granules, keeps the observations in the shard, groups them by cell and reduces every field.
 *
 * A shard without granules or without observations is a result with `metadata.error` set and no columns.
 *
 * @throws AggregationError `shard/read-failed` when nothing at all could be read; its cause is the first failure.
 */
export async function processShard(request: ShardRequest): Promise<ShardResult> {
	const { grid, pipeline, shardKey, granules, log } = request;
	const started = performance.now();
	const describe = (
		counts: Partial<Pick<ShardMetadata, "cells_with_data" | "total_obs" | "files_processed">>,
		error: string | null,
		reads?: GranuleReads,
	): ShardMetadata => ({
		shard_key: shardKey,
		cells_with_data: counts.cells_with_data ?? 0,
		total_obs: counts.total_obs ?? 0,
		granule_count: granules.length,
		files_processed: counts.files_processed ?? reads?.filesProcessed ?? 0,
		duration_s: Math.round((performance.now() - started) * 1000) / 1e6,
		error,
		...(reads && reads.errors.length > 0 && { read_errors: reads.errors }),
		...(reads && request.isRemote && { bytes_read: reads.bytesRead, requests: reads.requests }),
	});

	log.info(`Processing shard: ${shardKey}`);
	if (granules.length === 0) {
		log.info(`  No granules provided for shard ${shardKey} - skipping`);
		return { columns: null, metadata: describe({}, NO_GRANULES) };
	}
	log.info(`  Processing ${granules.length} granules from catalog`);
	const reads = await readGranules({ ...request, warn: (message) => log.warn(message) });
	log.info(`  Processed ${reads.filesProcessed}/${granules.length} files`);
	if (reads.reads.length === 0) {
		if (readNothing(reads)) throw readFailure(shardKey, granules.length, reads);
		log.info(`  No data after filtering for shard ${shardKey} - skipping`);
		return { columns: null, metadata: describe({}, NO_DATA, reads) };
	}

	const grouped = groupRows(reads.reads, grid.cellsPerShard);
	const observations = grouped.offsets[grid.cellsPerShard]!;
	log.info(`  Read ${formatCount(observations)} observations`);
	log.info(`  Calculating statistics for ${grid.cellsPerShard} cells...`);
	request.signal?.throwIfAborted();
	const columns = reduceFields(pipeline.fields, grouped);
	let cellsWithData = 0;
	for (let cell = 0; cell < grid.cellsPerShard; cell++) {
		if (grouped.offsets[cell + 1]! > grouped.offsets[cell]!) cellsWithData++;
	}
	log.info(`  Statistics: ${cellsWithData}/${grid.cellsPerShard} cells with data`);
	const coordinates = grid
		.chunkCoordinates(shardKey)
		.map(({ name, data }): OutputColumn => ({ kind: "dense", name, dtype: "uint64", trailingShape: [], data }));
	const metadata = describe({ cells_with_data: cellsWithData, total_obs: observations }, null, reads);
	log.info(`Completed shard ${shardKey} in ${metadata.duration_s.toFixed(1)}s`);
	return { columns: [...columns, ...coordinates], metadata };
}

// A granule that opened and simply had no row in the shard has been read; a granule whose beams all failed has not.
function readNothing(reads: GranuleReads): boolean {
	return reads.errors.length > 0 && reads.beamsRead === 0;
}

function readFailure(shardKey: bigint, granuleCount: number, reads: GranuleReads): AggregationError {
	const first = reads.errors[0]!;
	const where = first.group === null ? first.granule : `${first.granule} (${first.group})`;
	return new AggregationError(
		"shard/read-failed",
		`shard ${shardKey}: nothing could be read from its ${granuleCount} granule${granuleCount === 1 ? "" : "s"}; first failure: ${where}: ${first.error}`,
		{
			failureClass: failureClassOf(reads.firstError),
			remedy: "Check the granules named in the error and run the shard again; nothing was written for it.",
			context: { shardKey, readErrors: reads.errors },
			cause: reads.firstError,
		},
	);
}

function failureClassOf(error: unknown): AggregateFailureClass {
	const failureClass = (error as { failureClass?: unknown })?.failureClass;
	return typeof failureClass === "string" ? (failureClass as AggregateFailureClass) : "data";
}
