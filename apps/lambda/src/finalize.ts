import { consolidateMetadata } from "@zagg/aggregate";
import { messageOf } from "./errors.ts";
import { type LambdaEvent, textAt } from "./event.ts";
import type { HandlerOptions } from "./handler.ts";
import { openOutputStore } from "./output-store.ts";
import { type LambdaResponse, reply } from "./reply.ts";

/** Mode `finalize`: consolidates the store's metadata. Never rejects. */
export async function finalizeStore(event: LambdaEvent, { log, region }: HandlerOptions): Promise<LambdaResponse> {
	try {
		log.info(`Finalize mode: consolidating metadata at ${textAt(event, "store_path")}`);
		const store = await openOutputStore(event, region);
		try {
			await consolidateMetadata(store);
		} finally {
			store.close?.();
		}
		return reply(200, { ok: true, mode: "finalize" });
	} catch (error) {
		log.error(`Finalize failed: ${messageOf(error)}`);
		return reply(500, { error: messageOf(error), mode: "finalize" });
	}
}
