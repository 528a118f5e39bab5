import { AggregationError, emitTemplate, gridFromConfig, storeTemplate } from "@zagg/aggregate";
import type { FunctionEnvironment, LambdaEvent, LambdaResponse } from "./event.ts";
import { eventConfig } from "./event-config.ts";
import { openOutputStore, required } from "./output-store.ts";
import { messageOf, respond } from "./response.ts";

/** Creates the store's template. The config is validated first: what is wrong with it is known before anything is paid for. */
export async function setUp(event: LambdaEvent, environment: FunctionEnvironment): Promise<LambdaResponse> {
	environment.log(`Setup mode: creating template at ${String(event.store_path)}`);
	try {
		required(event, "store_path");
		if (!event.config) throw new AggregationError("config/invalid", "the event's 'config' is missing");
		const { config, pipeline } = eventConfig(event);
		const count = event.n_parent_cells;
		const grid = gridFromConfig(config, {
			...(typeof event.parent_order === "number" && { parentOrder: event.parent_order }),
			...(typeof count === "number" && { populatedShards: Array.from({ length: count }, (_, index) => BigInt(index)) }),
		});
		const store = await openOutputStore(event, environment);
		try {
			await emitTemplate(store, storeTemplate(grid, pipeline), { overwrite: event.overwrite === true });
		} finally {
			store.close?.();
		}
		return respond(200, { ok: true, mode: "setup" });
	} catch (error) {
		environment.log(`Setup failed: ${messageOf(error)}`);
		return respond(500, { error: messageOf(error), mode: "setup" });
	}
}
