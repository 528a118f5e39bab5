import type { ServerResponse } from "node:http";
import type { RuntimeAnswer } from "./runtime-protocol.ts";

/** Lambda's limit on the payload of a synchronous invocation, and on its answer. */
export const MAX_EVENT_BYTES = 6_291_456;
/** Its limit on the payload of an `Event` invocation. */
export const MAX_ASYNCHRONOUS_EVENT_BYTES = 1_048_576;
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
		...(logTail !== null && { "x-amz-log-result": Buffer.from(logTail).subarray(-LOG_TAIL_BYTES).toString("base64") }),
	});
	response.end(text);
}

/** An error of the service itself. */
export interface ServiceError {
	readonly status: number;
	readonly name: string;
	readonly message: string;
	/** Further members of the body. */
	readonly fields?: Readonly<Record<string, string>>;
	readonly retryAfterSeconds?: number | undefined;
}

/** Sends an error of the service itself. */
export function sendServiceError(response: ServerResponse, error: ServiceError): void {
	const { status, name, message, fields, retryAfterSeconds } = error;
	response.writeHead(status, {
		"content-type": "application/json",
		"x-amzn-errortype": name,
		...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
	});
	response.end(JSON.stringify({ Type: status < 500 ? "User" : "Service", message, Message: message, ...fields }));
}

/** Sends a document. */
export function sendJson(response: ServerResponse, value: unknown): void {
	response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}
