import {
	AggregationError,
	gridFromConfig,
	type Pipeline,
	type PipelineConfig,
	parseJson,
	type StoreTemplate,
	storeTemplate,
	type ZarrStore,
} from "@zagg/aggregate";
import type { Grid } from "@zagg/grid";
import type { LambdaEvent } from "./event.ts";

/**
 * The grid of an event, and the template that the store should hold for it. The deprecated dense layout numbers its chunks
 * by the shard map, which does not travel with the event: there the event's `chunk_idx` is the shard's place, and the
 * stored arrays tell how many there are.
 */
export async function storedGrid(request: {
	readonly config: PipelineConfig;
	readonly pipeline: Pipeline;
	readonly shardKey: bigint;
	readonly event: LambdaEvent;
	readonly store: ZarrStore;
}): Promise<{ grid: Grid; template: StoreTemplate }> {
	const { config, pipeline, shardKey, event, store } = request;
	const parentOrder = event.parent_order;
	const options = typeof parentOrder === "number" ? { parentOrder } : {};
	if (pipeline.grid.layout !== "dense") {
		const grid = gridFromConfig(config, options);
		return { grid, template: storeTemplate(grid, pipeline) };
	}
	const { cellsPerShard, groupPath } = gridFromConfig(config, { ...options, populatedShards: [shardKey] });
	const name = pipeline.coordinateFields[0]?.name ?? pipeline.fields[0]?.name;
	const document = await store.get(`/${groupPath}/${name}/zarr.json`);
	if (document === undefined) {
		throw new AggregationError(
			"store/template-missing",
			`Zarr template not found at ${store.location}/${groupPath}/zarr.json`,
			{ failureClass: "usage", remedy: "Set the store up with this configuration before running its shards." },
		);
	}
	const { shape } = parseJson(Buffer.from(document).toString("utf8")) as { shape: readonly number[] };
	const place = Number((event.chunk_idx as readonly number[] | undefined)?.[0] ?? 0);
	// Any distinct keys serve for the other places; real ones have their high bits set.
	const populatedShards = Array.from({ length: shape[0]! / cellsPerShard }, (_, index) =>
		index === place ? shardKey : BigInt(index),
	);
	const grid = gridFromConfig(config, { ...options, populatedShards });
	return { grid, template: storeTemplate(grid, pipeline) };
}
