import { consolidateMetadata } from "@zagg/aggregate";
import type { FunctionEnvironment, LambdaEvent, LambdaResponse } from "./event.ts";
import { openOutputStore } from "./output-store.ts";
import { messageOf, respond } from "./response.ts";

/** Consolidates the store's metadata. */
export async function finalize(event: LambdaEvent, environment: FunctionEnvironment): Promise<LambdaResponse> {
	environment.log(`Finalize mode: consolidating metadata at ${String(event.store_path)}`);
	try {
		const store = await openOutputStore(event, environment);
		try {
			await consolidateMetadata(store);
		} finally {
			store.close?.();
		}
		return respond(200, { ok: true, mode: "finalize" });
	} catch (error) {
		environment.log(`Finalize failed: ${messageOf(error)}`);
		return respond(500, { error: messageOf(error), mode: "finalize" });
	}
}
