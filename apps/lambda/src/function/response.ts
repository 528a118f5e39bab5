import { stringifyJson } from "@zagg/aggregate";
import type { LambdaResponse } from "./event.ts";

/** An answer whose body is JSON as the Python system writes it, 64-bit integers bare, never with NaN. */
export function respond(statusCode: number, body: unknown): LambdaResponse {
	return { statusCode, body: stringifyJson(body, { nonFiniteAsText: true }) };
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** Wall seconds since a `performance.now()`, to the microsecond. */
export function secondsSince(started: number): number {
	return Math.round((performance.now() - started) * 1000) / 1e6;
}
