import type { ShardLog } from "@zagg/aggregate";
import type { LambdaContext, LambdaEvent } from "./event.ts";
import { finalizeStore } from "./finalize.ts";
import { processEvent } from "./process.ts";
import type { LambdaResponse } from "./reply.ts";
import { setUpStore } from "./setup.ts";

/** Where the function's lines go; `console` is one. */
export interface HandlerLog extends ShardLog {
	error(message: string): void;
}

/** What the function needs to know of where it runs. */
export interface HandlerOptions {
	readonly log: HandlerLog;
	/** Of the output store, where the event names none. */
	readonly region: string;
}

/** A Lambda handler. */
export type LambdaHandler = (event: LambdaEvent, context: LambdaContext) => Promise<LambdaResponse>;

/**
 * Makes the function: an event's `mode` is `setup` (create the store's template), `finalize` (consolidate its
 * metadata), or anything else for running one shard. What goes wrong is told by status and body of the answer.
 */
export function lambdaHandler(options: HandlerOptions): LambdaHandler {
	return async (event, context) => {
		switch (event.mode) {
			case "setup":
				return setUpStore(event, options);
			case "finalize":
				return finalizeStore(event, options);
			default:
				return processEvent(event, context, options);
		}
	};
}
