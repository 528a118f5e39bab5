import { GetFunctionConfigurationCommand, InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import {
	type AttemptOutcome,
	type CellCost,
	type Executor,
	emptyRunReport,
	LAMBDA_MEMORY_GB,
	LAMBDA_PRICE_PER_GB_SECOND,
	type PreflightReport,
	priceRun,
} from "@zagg/dispatch";
import { abortFanOut } from "./abort-fan-out.ts";
import { invokeClient, probeClients } from "./clients.ts";
import { availableWorkers, type ConcurrencyReport, probeConcurrency } from "./concurrency.ts";
import { LambdaExecutorError } from "./errors.ts";
import { functionFailure, invocationFailure } from "./failure.ts";
import type { LambdaAnswer, LambdaExecutorOptions } from "./options.ts";

/** AWS takes no larger payload of a synchronous invocation, and gives no larger answer. */
export const MAX_PAYLOAD_BYTES = 6_291_456;

/** The longest that a function may run on AWS. */
const LONGEST_TIMEOUT_SECONDS = 900;
// The service's own answer to a timeout must arrive before the client gives up.
const READ_TIMEOUT_MARGIN_SECONDS = 30;
const DEFAULT_WORKERS = 1700;

/** Runs cells as invocations of an AWS Lambda function. */
export interface LambdaExecutor<Payload, Result> extends Executor<Payload, Result> {
	/** Finds the width, and makes the client for it; must run before `submit` and `invoke`. */
	preflight(
		cellCount: number,
		options?: { readonly signal?: AbortSignal },
	): Promise<PreflightReport & { readonly detail: ConcurrencyReport }>;
	/**
	 * One invocation outside of the cells, such as a set-up. Resolves also when the function itself failed.
	 *
	 * @throws LambdaExecutorError when no answer came
	 */
	invoke(event: string | Uint8Array, options?: { readonly signal?: AbortSignal | undefined }): Promise<LambdaAnswer>;
}

/**
 * Makes an executor that invokes a Lambda function once per attempt, synchronously. Neither it nor the SDK inside it
 * retries: that is `dispatch`'s business, with `LAMBDA_RETRY`.
 *
 * @throws LambdaExecutorError `executor-lambda/invalid-option`
 */
export function lambdaExecutor<Payload = unknown, Result = unknown>(
	options: LambdaExecutorOptions<Payload, Result>,
): LambdaExecutor<Payload, Result> {
	const {
		functionName,
		workers: wanted = DEFAULT_WORKERS,
		encode = JSON.stringify as (payload: Payload) => string,
		decode = JSON.parse as (text: string) => Result,
		durationSeconds,
		memoryGb = LAMBDA_MEMORY_GB,
		pricePerGbSecond = LAMBDA_PRICE_PER_GB_SECOND,
	} = options;
	if (!functionName) throw invalid("functionName must be the name or ARN of a function");
	if (!Number.isInteger(wanted) || wanted < 1)
		throw invalid(`workers must be a whole number of at least 1 (got ${wanted})`);
	const aborts = abortFanOut();
	let client: LambdaClient | undefined;
	let isShutDown = false;

	async function send(event: string | Uint8Array, signal: AbortSignal | undefined): Promise<LambdaAnswer> {
		if (isShutDown) throw shutDown(false);
		if (client === undefined) {
			throw new LambdaExecutorError(
				"executor-lambda/not-ready",
				"LambdaExecutor.preflight() must run before submit()",
				{ failureClass: "usage" },
			);
		}
		const payload = typeof event === "string" ? Buffer.from(event) : event;
		if (payload.length > MAX_PAYLOAD_BYTES) throw tooLarge(payload.length);
		const call = signal && aborts.follow(signal);
		try {
			const command = new InvokeCommand({
				FunctionName: functionName,
				InvocationType: "RequestResponse",
				Payload: payload,
			});
			const { FunctionError, Payload } = await client.send(command, call ? { abortSignal: call.signal } : {});
			// Null at run time for an empty body.
			return { functionError: FunctionError, text: Payload?.transformToString() ?? "" };
		} catch (error) {
			throw isShutDown ? shutDown(true) : invocationFailure(error, functionName);
		} finally {
			call?.release();
		}
	}

	return {
		name: "lambda",
		specVersion: 1,
		capabilities: {
			cancelsRunningWork: false,
			isolatesCrashes: true,
			runsInParallel: true,
			transfer: "json",
			maxPayloadBytes: MAX_PAYLOAD_BYTES,
			costSource: durationSeconds ? "meter" : "wall-clock",
		},

		async preflight(cellCount, { signal } = {}) {
			if (isShutDown) throw shutDown(false);
			const { lambda, cloudWatch } = probeClients(options);
			try {
				const detail = await probeConcurrency(lambda, cloudWatch, functionName, { ...options, signal });
				const timeoutSeconds = options.functionTimeoutSeconds ?? (await configuredTimeout(lambda, signal));
				const workers = availableWorkers(Math.min(wanted, Math.max(1, cellCount)), detail);
				client?.destroy();
				client = invokeClient(options, workers, timeoutSeconds + READ_TIMEOUT_MARGIN_SECONDS);
				return { workers, detail };
			} finally {
				lambda.destroy();
				cloudWatch.destroy();
			}
		},

		async submit(payload, { signal }) {
			const answer = await send(encode(payload), signal);
			if (answer.functionError !== undefined) throw functionFailure(answer, functionName);
			try {
				return decode(answer.text);
			} catch (error) {
				const reason = error instanceof Error ? error.message : String(error);
				throw new LambdaExecutorError(
					"executor-lambda/bad-response",
					`the answer of ${functionName} cannot be read: ${reason}`,
					{
						failureClass: "bug",
						remedy: "Check that the deployed function is the one that this version expects.",
						context: { functionName },
						ran: true,
					},
				);
			}
		},

		invoke: (event, { signal } = {}) => send(event, signal),

		measureCost(outcome: AttemptOutcome<Result>): CellCost {
			const seconds = billedSeconds(outcome);
			const { gbSeconds, costUsd } = priceRun(seconds, memoryGb, pricePerGbSecond);
			return { computeTimeSeconds: seconds, gbSeconds, costUsd };
		},

		finalize: async () => emptyRunReport(),

		async shutdown() {
			isShutDown = true;
			client?.destroy();
			client = undefined;
		},
	};

	function billedSeconds(outcome: AttemptOutcome<Result>): number {
		if (outcome.status === "succeeded") {
			const seconds = durationSeconds ? durationSeconds(outcome.result) : outcome.durationSeconds;
			return Number.isFinite(seconds) ? seconds : 0;
		}
		const { error } = outcome;
		const ran = error instanceof LambdaExecutorError && error.ran;
		return ran ? outcome.durationSeconds : 0;
	}

	async function configuredTimeout(lambda: LambdaClient, signal: AbortSignal | undefined): Promise<number> {
		try {
			const command = new GetFunctionConfigurationCommand({ FunctionName: functionName });
			const { Timeout } = await lambda.send(command, signal ? { abortSignal: signal } : {});
			return Timeout ?? LONGEST_TIMEOUT_SECONDS;
		} catch {
			signal?.throwIfAborted();
			return LONGEST_TIMEOUT_SECONDS;
		}
	}
}

function invalid(reason: string): LambdaExecutorError {
	return new LambdaExecutorError("executor-lambda/invalid-option", `lambdaExecutor: ${reason}`, {
		failureClass: "usage",
	});
}

function shutDown(ran: boolean): LambdaExecutorError {
	return new LambdaExecutorError("executor-lambda/shut-down", "the Lambda executor has been shut down", {
		failureClass: "cancelled",
		ran,
	});
}

function tooLarge(bytes: number): LambdaExecutorError {
	return new LambdaExecutorError(
		"executor-lambda/payload-too-large",
		`the payload has ${bytes} bytes, and AWS Lambda takes at most ${MAX_PAYLOAD_BYTES}`,
		{
			failureClass: "usage",
			remedy: "Make the cells smaller (a finer parent_order), so that each names fewer inputs.",
			context: { bytes, maxPayloadBytes: MAX_PAYLOAD_BYTES },
		},
	);
}
