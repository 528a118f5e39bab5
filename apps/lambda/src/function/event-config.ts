import {
	AggregationError,
	configFromRecord,
	defaultConfig,
	type Pipeline,
	type PipelineConfig,
	resolvePipeline,
} from "@zagg/aggregate";
import type { LambdaEvent } from "./event.ts";

/**
 * The validated config of an event; the built-in `atl06` where it has none.
 *
 * @throws AggregationError as `resolvePipeline`, and for a fill value whose last digits the runtime's `JSON.parse` has rounded
 */
export function eventConfig(event: LambdaEvent): { config: PipelineConfig; pipeline: Pipeline } {
	const config = event.config ? configFromRecord(event.config) : defaultConfig("atl06");
	const pipeline = resolvePipeline(config);
	for (const { name, fillValue } of [...pipeline.fields, ...pipeline.coordinateFields]) {
		// Within ±2^53 a double is exact.
		if (typeof fillValue !== "bigint" || BigInt.asIntN(54, fillValue) === fillValue) continue;
		throw new AggregationError(
			"config/invalid",
			`Variable '${name}': its fill_value is beyond ±2^53 and loses digits on its way to the function`,
			{ remedy: "Use a fill_value that is nearer to zero, such as 0." },
		);
	}
	return { config, pipeline };
}
