import { fixedText } from "@zagg/aggregate";
import {
	dispatch,
	failureClassOf,
	LAMBDA_MEMORY_GB,
	LAMBDA_PRICE_PER_GB_SECOND,
	LAMBDA_RETRY,
	priceRun,
	type RetryPolicy,
} from "@zagg/dispatch";
import {
	concurrencyLogLines,
	type LambdaClientOptions,
	type LambdaExecutor,
	lambdaExecutor,
} from "@zagg/executor-lambda";
import { RunError } from "./errors.ts";
import { finalizeStore } from "./finalize-store.ts";
import {
	deliveredResult,
	failedResult,
	handlerSeconds,
	hasData,
	isWithoutData,
	type LambdaCellResult,
	type LambdaReply,
	parseReply,
} from "./lambda-cell-result.ts";
import {
	eventCredentials,
	eventText,
	finalizeEvent,
	type LambdaEventContext,
	processEvent,
	setupEvent,
} from "./lambda-event.ts";
import type { LambdaTask } from "./lambda-task.ts";
import { outputCredentialsBlock } from "./output-credentials.ts";
import { runGrid } from "./run-grid.ts";
import type { RunPlan } from "./run-plan.ts";
import { doneLine } from "./shard-run.ts";
import { irregularities, type LambdaSummary } from "./summary.ts";

/** What only the Lambda backend needs. */
export interface LambdaOptions extends Pick<LambdaClientOptions, "endpoint" | "cloudWatchEndpoint" | "credentials"> {
	/** Name or ARN. Default: process-shard. */
	readonly functionName?: string | undefined;
}

const DEFAULT_FUNCTION_NAME = "process-shard";

/** The rate of a run is logged every so many cells. */
const LOG_EVERY = 50;

// Without valid credentials no further cell can succeed.
const RETRY: RetryPolicy = {
	...LAMBDA_RETRY,
	classify: (error) => (failureClassOf(error) === "access-denied" ? "stop" : LAMBDA_RETRY.classify(error)),
};

/**
 * Runs the plan's cells as invocations of the deployed function: preflight, set-up of the store, fan-out with the biggest
 * shards first, consolidation. Results hold every cell, failed ones too.
 *
 * @param biggestFirst false keeps the order of the catalog
 * @throws RunError `run/setup-failed` when the function could not set up the store
 */
export async function runLambda(plan: RunPlan, options: LambdaOptions, biggestFirst: boolean): Promise<LambdaSummary> {
	const { log, signal, onEvent } = plan;
	const functionName = options.functionName || DEFAULT_FUNCTION_NAME;
	// A stable sort: the longest cells start first, so that none of them ends long after the others.
	const cells = biggestFirst
		? plan.cells.toSorted((left, right) => right.granules.length - left.granules.length)
		: plan.cells;
	// Asked once up front, so that a login that does not work is known before anything is paid for.
	const credentials = async () => eventCredentials(await plan.granuleAccess?.());
	await credentials();
	const context = eventContext(plan);
	const counts = { withData: 0, errors: 0, observations: 0 };
	const results: LambdaCellResult[] = [];
	const executor = lambdaExecutor<LambdaTask, LambdaReply>({
		...options,
		functionName,
		region: plan.region,
		workers: plan.workers,
		encode: ({ event }) => event,
		decode: parseReply,
		durationSeconds: handlerSeconds,
	});
	const take = (result: LambdaCellResult, index: number): void => {
		results.push(result);
		if (hasData(result)) {
			counts.withData++;
			counts.observations += Number(result.body.total_obs ?? 0);
		} else if (!isWithoutData(result)) {
			counts.errors++;
			log.warn(`  [${index}/${cells.length}] shard ${result.shard_key}: ${result.error}`);
		}
		if (index % LOG_EVERY === 0) log.info(rateLine(index, cells.length, (performance.now() - started) / 1000));
		plan.onProgress?.(index, cells.length);
	};

	async function* tasks(): AsyncGenerator<LambdaTask> {
		for (const cell of cells) {
			const event = eventText(processEvent(cell, context, await credentials()));
			yield { shardKey: cell.shardKey, granuleCount: cell.granules.length, event };
		}
	}

	let started = performance.now();
	let seconds: number;
	let cancelled: boolean;
	let finalizeError: string | null;
	try {
		const { workers, detail } = await executor.preflight(cells.length, signal && { signal });
		for (const { level, message } of concurrencyLogLines(detail, workers)) log[level](message);
		await setUp(executor, plan, context);
		started = performance.now();
		const report = await dispatch(executor, tasks(), {
			workers,
			retry: RETRY,
			...(signal && { signal }),
			...(onEvent && { onEvent }),
			accumulate: (_report, index, reply, record) => take(deliveredResult(reply, record), index),
			onFailure: (_report, index, failure) => take(failedResult(failure), index),
		});
		seconds = report.cost.computeTimeSeconds;
		cancelled = report.completionReason === "cancelled";
		finalizeError = cancelled
			? null
			: await finalizeStore(() => invokeMode(executor, "finalize", eventText(finalizeEvent(context)), signal), log);
	} finally {
		await executor.shutdown();
	}
	const wallTimeSeconds = (performance.now() - started) / 1000;
	const { gbSeconds, costUsd } = priceRun(seconds, LAMBDA_MEMORY_GB, LAMBDA_PRICE_PER_GB_SECOND);
	log.info(doneLine(counts.withData, counts.observations, counts.errors, wallTimeSeconds));
	log.info(
		`Lambda compute: ${fixedText(seconds, 0)}s total, ${fixedText(gbSeconds, 0)} GB-s, ~$${fixedText(costUsd, 2)}`,
	);
	return {
		total_cells: cells.length,
		cells_with_data: counts.withData,
		cells_error: counts.errors,
		total_obs: counts.observations,
		wall_time_s: wallTimeSeconds,
		lambda_time_s: seconds,
		gb_seconds: gbSeconds,
		price_per_gb_sec: LAMBDA_PRICE_PER_GB_SECOND,
		estimated_cost_usd: costUsd,
		store_path: plan.storePath,
		backend: "lambda",
		function_name: functionName,
		results,
		...irregularities(cancelled, finalizeError),
	};
}

function eventContext(plan: RunPlan): LambdaEventContext {
	const { config, pipeline, storePath, region, outputCredentials, outputEndpointUrl } = plan;
	const grid = runGrid(plan);
	const isHealpix = (pipeline.grid.type ?? "healpix") === "healpix";
	const order = (key: string): number | null => (isHealpix ? Number(pipeline.grid[key]) : null);
	return {
		config,
		grid,
		storePath,
		parentOrder: order("parent_order"),
		childOrder: order("child_order"),
		outputCredentials: outputCredentialsBlock(outputCredentials, region, outputEndpointUrl),
	};
}

async function setUp(
	executor: LambdaExecutor<LambdaTask, LambdaReply>,
	plan: RunPlan,
	context: LambdaEventContext,
): Promise<void> {
	const isDense = plan.pipeline.grid.layout === "dense";
	const event = setupEvent(context, {
		shardCount: isDense ? plan.map.shardKeys.length : null,
		overwrite: plan.overwrite,
	});
	try {
		await invokeMode(executor, "setup", eventText(event), plan.signal);
	} catch (error) {
		if (!(error instanceof ModeFailure)) throw error;
		throw new RunError("run/setup-failed", error.message, {
			remedy: "Nothing was run. Check the function's log, and that it may write to the store.",
		});
	}
}

/** A set-up or finalize call that the function answered with a failure. */
class ModeFailure extends Error {}

async function invokeMode(
	executor: LambdaExecutor<LambdaTask, LambdaReply>,
	mode: "setup" | "finalize",
	event: string,
	signal: AbortSignal | undefined,
): Promise<void> {
	const { functionError, text } = await executor.invoke(event, { signal });
	if (functionError !== undefined) throw new ModeFailure(`Lambda ${mode} failed: ${text}`);
	const { statusCode, bodyText } = parseReply(text);
	if (statusCode !== 200) throw new ModeFailure(`Lambda ${mode} error: ${bodyText}`);
}

function rateLine(done: number, total: number, elapsedSeconds: number): string {
	const rate = elapsedSeconds > 0 ? done / elapsedSeconds : 0;
	return `  [${String(done).padStart(4)}/${total}] ${fixedText(rate, 1)} cells/s`;
}
