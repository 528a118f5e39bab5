import { emitTemplate, storeTemplate } from "@zagg/aggregate";
import { messageOf } from "./errors.ts";
import { type LambdaEvent, requireKeys, textAt } from "./event.ts";
import { eventConfig, eventGrid, eventPipeline, isHealpix } from "./event-config.ts";
import type { HandlerOptions } from "./handler.ts";
import { openOutputStore } from "./output-store.ts";
import { type LambdaResponse, reply } from "./reply.ts";

/** Mode `setup`: checks the config and creates the store's template, before anything else is paid for. Never rejects. */
export async function setUpStore(event: LambdaEvent, { log, region }: HandlerOptions): Promise<LambdaResponse> {
	try {
		const path = textAt(event, "store_path");
		log.info(`Setup mode: creating template at ${path}`);
		requireKeys(event, ["config"]);
		const config = eventConfig(event);
		if (isHealpix(config)) requireKeys(event, ["parent_order", "child_order", "n_parent_cells"]);
		const pipeline = eventPipeline(config);
		const template = storeTemplate(eventGrid(config, event, numberedShards(event.n_parent_cells)), pipeline);
		const store = await openOutputStore(event, region);
		try {
			await emitTemplate(store, template, { overwrite: Boolean(event.overwrite) });
		} finally {
			store.close?.();
		}
		return reply(200, { ok: true, mode: "setup" });
	} catch (error) {
		log.error(`Setup failed: ${messageOf(error)}`);
		return reply(500, { error: messageOf(error), mode: "setup" });
	}
}

/** A template depends on how many shards a dense layout has, and not on which. */
function numberedShards(count: unknown): bigint[] | undefined {
	return typeof count === "number" ? Array.from({ length: count }, (_, index) => BigInt(index)) : undefined;
}
