import type { ServerResponse } from "node:http";
import type { RuntimeAnswer } from "./runtime-protocol.ts";

/** Lambda's limit on the payload of a synchronous invocation, and on its answer. */
export const MAX_EVENT_BYTES = 6_291_456;
/** As much of the log as an answer carries. */
export const LOG_TAIL_BYTES = 4096;

/** Sends what the function answered. */
export function sendAnswer(response: ServerResponse, answer: RuntimeAnswer, logTail: string | null): void {
	const isTooLarge = Buffer.byteLength(answer.text) > MAX_EVENT_BYTES;
	const text = isTooLarge
		? JSON.stringify({
				errorType: "Function.ResponseSizeTooLarge",
				errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_EVENT_BYTES} bytes).`,
			})
		: answer.text;
	const functionError = isTooLarge ? "Unhandled" : answer.functionError;
	response.writeHead(200, {
		"content-type": "application/json",
		...(functionError && { "x-amz-function-error": functionError }),
		...(logTail !== null && { "x-amz-log-result": Buffer.from(logTail.slice(-LOG_TAIL_BYTES)).toString("base64") }),
	});
	response.end(text);
}

/** Sends an error of the service itself. */
export function sendServiceError(
	response: ServerResponse,
	status: number,
	name: string,
	message: string,
	fields: Readonly<Record<string, string>> = {},
): void {
	response.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": name });
	response.end(JSON.stringify({ Type: status < 500 ? "User" : "Service", message, Message: message, ...fields }));
}

/** Sends a document. */
export function sendJson(response: ServerResponse, value: unknown): void {
	response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}
