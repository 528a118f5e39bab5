import type { FunctionEnvironment, LambdaContext, LambdaEvent, LambdaResponse } from "./event.ts";
import { finalize } from "./finalize.ts";
import { process } from "./process.ts";
import { setUp } from "./set-up.ts";

/**
 * Answers one event: `mode: "setup"` creates the store's template, `mode: "finalize"` consolidates its metadata, anything
 * else runs one shard. What goes wrong is in the answer; the invocation itself succeeds.
 */
export async function handleEvent(
	event: LambdaEvent,
	context: LambdaContext,
	environment: FunctionEnvironment,
): Promise<LambdaResponse> {
	if (event.mode === "setup") return setUp(event, environment);
	if (event.mode === "finalize") return finalize(event, environment);
	return process(event, context, environment);
}
