// What AWS Lambda loads: the handler, with the log and the environment that the runtime gives it.
import type { LambdaContext, LambdaEvent, LambdaResponse } from "./function/event.ts";
import { handleEvent } from "./function/handle.ts";

/** The function's entry point, `index.handler`. */
export function handler(event: LambdaEvent, context: LambdaContext): Promise<LambdaResponse> {
	return handleEvent(event, context, {
		log: (line) => console.log(line),
		region: process.env.AWS_REGION || "us-west-2",
	});
}
