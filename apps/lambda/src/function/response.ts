import { stringifyJson } from "@zagg/aggregate";
import type { LambdaResponse } from "./event.ts";

/** An answer whose body is JSON as the Python system writes it, 64-bit integers bare. */
export function respond(statusCode: number, body: unknown): LambdaResponse {
	return { statusCode, body: stringifyJson(body) };
}

/** What an error says: its message, and what to do next where it knows. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
