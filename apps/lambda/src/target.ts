import {
	AggregateError,
	assertTemplate,
	openArray,
	type Pipeline,
	type PipelineConfig,
	type StoreTemplate,
	storeTemplate,
	type ZarrStore,
} from "@zagg/aggregate";
import type { Grid } from "@zagg/grid";
import { LambdaWorkerError } from "./errors.ts";
import { type LambdaEvent, requireKeys } from "./event.ts";
import { eventGrid } from "./event-config.ts";
import { openOutputStore } from "./output-store.ts";

/** Where a shard's chunks go. */
export interface Target {
	readonly store: ZarrStore;
	readonly template: StoreTemplate;
	readonly blockIndex: readonly number[];
}

/** The shard that an event asks for. */
export interface Shard {
	readonly event: LambdaEvent;
	readonly config: PipelineConfig;
	readonly pipeline: Pipeline;
	readonly grid: Grid;
	readonly shardKey: bigint;
}

/**
 * Opens the store and checks that the shard can be written to it: that the template is there, and that `chunk_idx` is
 * the shard's own block. The caller closes the store.
 *
 * @throws AggregateError or LambdaWorkerError that says what is wrong.
 */
export async function openTarget(shard: Shard, region: string): Promise<Target> {
	const store = await openOutputStore(shard.event, region);
	try {
		const blockIndex = givenBlock(shard.event);
		const grid = await storedGrid(shard, store, blockIndex);
		const template = storeTemplate(grid, shard.pipeline);
		await assertTemplate(store, template);
		checkBlock(grid.blockIndex(shard.shardKey), blockIndex, shard.shardKey);
		return { store, template, blockIndex };
	} catch (error) {
		store.close?.();
		throw error;
	}
}

function givenBlock(event: LambdaEvent): readonly number[] {
	requireKeys(event, ["chunk_idx"]);
	const { chunk_idx: block } = event;
	if (Array.isArray(block) && block.every((index) => Number.isSafeInteger(index) && index >= 0)) return block;
	throw new LambdaWorkerError("lambda-worker/invalid-event", "chunk_idx must be a list of whole numbers");
}

function checkBlock(own: readonly number[], given: readonly number[], shardKey: bigint): void {
	if (own.length === given.length && own.every((index, dimension) => index === given[dimension])) return;
	throw new LambdaWorkerError(
		"lambda-worker/invalid-event",
		`chunk_idx [${given.join(", ")}] is not the block of shard ${shardKey}, which is [${own.join(", ")}]`,
		{ remedy: "Use the shard map and the config that belong together." },
	);
}

/**
 * The grid as large as the store has it. Only the deprecated dense layout depends on it: events do not list its
 * populated shards, but the template says how many there are and `chunk_idx` where this one is.
 */
async function storedGrid(
	{ config, event, grid, pipeline, shardKey }: Shard,
	store: ZarrStore,
	[block = 0]: readonly number[],
): Promise<Grid> {
	if ((config.output.grid as { readonly layout?: unknown }).layout !== "dense") return grid;
	const anyArray = `${grid.groupPath}/${pipeline.fields[0]?.name ?? "morton"}`;
	const { shape } = await openArray(store, anyArray).catch((error: unknown) => {
		throw isNotFound(error) ? templateMissing(store, grid) : error;
	});
	const shards = Array.from({ length: shape[0]! / grid.cellsPerShard }, (_, index) => BigInt(index));
	if (block < shards.length) shards[block] = shardKey;
	return eventGrid(config, event, shards);
}

function isNotFound(error: unknown): boolean {
	return error instanceof AggregateError && error.code === "store/not-found";
}

function templateMissing(store: ZarrStore, grid: Grid): AggregateError {
	return new AggregateError(
		"store/template-missing",
		`Zarr template not found at ${store.location}/${grid.groupPath}/zarr.json`,
		{ failureClass: "usage" },
	);
}
