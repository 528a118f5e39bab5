// A child process of the local Lambda: loads the bundle, and answers one event at a time.
import type { LambdaContext } from "../function/event.ts";
import type { RuntimeAnswer, RuntimeRequest } from "./runtime-protocol.ts";

const [bundle = ""] = process.argv.slice(2);
const { handler } = (await import(bundle)) as {
	handler(event: unknown, context: LambdaContext): Promise<unknown>;
};

process.on("message", async (request: RuntimeRequest) => {
	const context: LambdaContext = {
		awsRequestId: request.requestId,
		functionName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? "",
		memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? "",
		getRemainingTimeInMillis: () => request.deadline - Date.now(),
	};
	let answer: RuntimeAnswer;
	try {
		// As the managed runtime does: 64-bit integers are rounded here.
		const result = await handler(JSON.parse(request.event), context);
		answer = { text: JSON.stringify(result) ?? "null" };
	} catch (error) {
		const { name, message, stack = "" } = error instanceof Error ? error : new Error(String(error));
		const payload = { errorType: name, errorMessage: message, trace: stack.split("\n") };
		answer = { functionError: "Unhandled", text: JSON.stringify(payload) };
	}
	process.send?.({ ...answer, maxResidentKilobytes: process.resourceUsage().maxRSS } satisfies RuntimeAnswer);
});
process.on("disconnect", () => process.exit());
process.send?.({ ready: true });
