import { NO_DATA, NO_GRANULES, parseJson } from "@zagg/aggregate";
import type { CellFailure, CellRecord } from "@zagg/dispatch";
import type { LambdaTask } from "./lambda-task.ts";

/** What became of one cell on Lambda; keys and their order as published. */
export interface LambdaCellResult {
	readonly shard_key: bigint;
	/** The handler's status; null when no answer came. */
	readonly status_code: number | null;
	/** The handler's answer: a shard's metadata, or `{ error }`. */
	readonly body: Readonly<Record<string, unknown>>;
	/** Seconds, retries and waits included. */
	readonly wall_time: number;
	/** Billed seconds: what the handler measured; of a cell that failed, of all its attempts. */
	readonly lambda_duration: number;
	readonly error: string | null;
	/** Attempts beyond the first. */
	readonly retries: number;
	/** Left out for failures other than a timeout. */
	readonly timeout?: boolean;
	readonly granule_count: number;
}

/** The function's answer: a status and a body of JSON text. */
export interface LambdaReply {
	readonly statusCode: number | null;
	readonly body: Readonly<Record<string, unknown>>;
	/** The body as it came. */
	readonly bodyText: string;
}

/** Reads an answer without losing 64-bit integers; a body that is no JSON object counts as empty. */
export function parseReply(text: string): LambdaReply {
	const answer = asRecord(parseJson(text));
	const { statusCode, body } = answer;
	return {
		statusCode: typeof statusCode === "number" ? statusCode : null,
		body: parseBody(body),
		bodyText: typeof body === "string" ? body : "",
	};
}

/** Seconds that the handler says it took; 0 when it says nothing. */
export function handlerSeconds({ body }: LambdaReply): number {
	const seconds = body.duration_s;
	return typeof seconds === "number" && Number.isFinite(seconds) ? seconds : 0;
}

/** The result of a cell whose invocation was answered, whatever the answer. */
export function deliveredResult(reply: LambdaReply, record: CellRecord<LambdaTask>): LambdaCellResult {
	const { error } = reply.body;
	return {
		shard_key: record.payload.shardKey,
		status_code: reply.statusCode,
		body: reply.body,
		wall_time: record.durationSeconds,
		lambda_duration: handlerSeconds(reply),
		error: typeof error === "string" ? error : null,
		retries: record.attempts.length - 1,
		timeout: false,
		granule_count: record.payload.granuleCount,
	};
}

/** The result of a cell that got no answer from any attempt. */
export function failedResult(failure: CellFailure<LambdaTask>): LambdaCellResult {
	const { payload, attempts, error } = failure;
	return {
		shard_key: payload.shardKey,
		status_code: null,
		body: {},
		wall_time: failure.durationSeconds,
		lambda_duration: attempts.reduce((sum, { cost }) => sum + cost.computeTimeSeconds, 0),
		error: error instanceof Error ? error.message : String(error),
		retries: attempts.length - 1,
		...(failure.failureClass === "timeout" && { timeout: true }),
		granule_count: payload.granuleCount,
	};
}

/** A shard without data is no failure, though the handler answers it with status 500. */
export function isWithoutData({ error }: LambdaCellResult): boolean {
	return error === NO_GRANULES || error === NO_DATA;
}

/** Whether the shard was run and written. */
export function hasData({ status_code: status, error }: LambdaCellResult): boolean {
	return status === 200 && !error;
}

function parseBody(body: unknown): Record<string, unknown> {
	if (typeof body !== "string") return {};
	try {
		return asRecord(parseJson(body));
	} catch {
		return {};
	}
}

function asRecord(value: unknown): Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
