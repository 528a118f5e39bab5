import {
	configFromRecord,
	defaultConfig,
	gridFromConfig,
	type Pipeline,
	type PipelineConfig,
	resolvePipeline,
} from "@zagg/aggregate";
import type { Grid } from "@zagg/grid";
import { LambdaWorkerError } from "./errors.ts";
import type { LambdaEvent } from "./event.ts";

/** The config of an event; the built-in `atl06` where it has none. Not validated yet. */
export function eventConfig(event: LambdaEvent): PipelineConfig {
	return (event.config ?? null) === null ? defaultConfig("atl06") : configFromRecord(event.config);
}

/** Whether the config's grid is a HEALPix one, which it is by default. */
export function isHealpix({ output }: PipelineConfig): boolean {
	const grid = output.grid as { readonly type?: unknown } | null | undefined;
	return (grid?.type ?? "healpix") === "healpix";
}

/**
 * Validates a config that came in an event.
 *
 * @throws AggregateError as `resolvePipeline`; LambdaWorkerError `lambda-worker/inexact-number` for a fill value whose
 *   last digits are lost.
 */
export function eventPipeline(config: PipelineConfig): Pipeline {
	const pipeline = resolvePipeline(config);
	for (const { name, fillValue } of [...pipeline.fields, ...pipeline.coordinateFields]) {
		if (typeof fillValue !== "bigint" || BigInt.asIntN(54, fillValue) === fillValue) continue;
		throw new LambdaWorkerError(
			"lambda-worker/inexact-number",
			`the fill_value of '${name}' is beyond ±2^53 and cannot be sent to the function without losing digits`,
			{ remedy: "Use a fill_value that is nearer to zero.", context: { name, fillValue: String(fillValue) } },
		);
	}
	return pipeline;
}

/**
 * The grid of an event: set-up and workers both make it here, so that they cannot differ. The config decides; an
 * event's `parent_order` counts where the config names none.
 *
 * @param populatedShards for the deprecated dense layout: one key per block
 */
export function eventGrid(config: PipelineConfig, event: LambdaEvent, populatedShards?: readonly bigint[]): Grid {
	const { parent_order: parentOrder } = event;
	return gridFromConfig(config, {
		...(typeof parentOrder === "number" && { parentOrder }),
		...(populatedShards && { populatedShards }),
	});
}
