import { type CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { GetAccountSettingsCommand, GetFunctionConcurrencyCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { fileDescriptorSafeWorkers, openFileLimits } from "@zagg/dispatch";

const DEFAULT_PADDING_SHARE = 0.05;
const DEFAULT_PADDING_FLOOR = 100;
const METRIC_PERIOD_SECONDS = 60;
const LOOK_BACK_SECONDS = 300;

/** How many invocations the account has room for. */
export interface ConcurrencyReport {
	/** Null when it could not be read. */
	readonly accountLimit: number | null;
	/** Most invocations at once in the last five minutes, in the whole account. */
	readonly currentConcurrent: number;
	/** Left free for others. */
	readonly padding: number;
	/** Null when the limit could not be read. */
	readonly available: number | null;
	/** The function's reserved concurrency; it is told, and does not clamp. */
	readonly functionReserved: number | null;
	/** Reads that failed, each as the line to warn with. */
	readonly warnings: readonly string[];
}

/** How much is left free. */
export interface PaddingOptions {
	/** Share of the account's limit. Default: 0.05. */
	readonly paddingShare?: number | undefined;
	/** Least number. Default: 100. */
	readonly paddingFloor?: number | undefined;
}

/**
 * Asks AWS how many invocations there is room for: the account's limit, its present use, the function's reserve. A read
 * that fails becomes a warning and a neutral value.
 */
export async function probeConcurrency(
	lambda: LambdaClient,
	cloudWatch: CloudWatchClient,
	functionName: string,
	options: PaddingOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<ConcurrencyReport> {
	const { paddingShare = DEFAULT_PADDING_SHARE, paddingFloor = DEFAULT_PADDING_FLOOR, signal } = options;
	const request = signal ? { abortSignal: signal } : {};
	const warnings: string[] = [];
	async function attempt<T>(what: string, read: () => Promise<T>, neutral: T): Promise<T> {
		try {
			return await read();
		} catch (error) {
			signal?.throwIfAborted();
			warnings.push(`Could not read ${what}: ${error instanceof Error ? error.message : String(error)}`);
			return neutral;
		}
	}

	const accountLimit = await attempt<number | null>(
		"account concurrency ceiling (lambda:GetAccountSettings)",
		async () => {
			const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}), request);
			return wholeOrNull(AccountLimit?.ConcurrentExecutions);
		},
		null,
	);
	const currentConcurrent = await attempt(
		"current concurrency (cloudwatch:GetMetricStatistics)",
		async () => {
			const now = Date.now();
			const { Datapoints = [] } = await cloudWatch.send(
				new GetMetricStatisticsCommand({
					Namespace: "AWS/Lambda",
					MetricName: "ConcurrentExecutions",
					StartTime: new Date(now - LOOK_BACK_SECONDS * 1000),
					EndTime: new Date(now),
					Period: METRIC_PERIOD_SECONDS,
					Statistics: ["Maximum"],
				}),
				request,
			);
			return Math.trunc(Datapoints.reduce((most, { Maximum = 0 }) => Math.max(most, Maximum), 0));
		},
		0,
	);
	const functionReserved = await attempt<number | null>(
		`function concurrency (lambda:GetFunctionConcurrency) for ${functionName}`,
		async () => {
			const command = new GetFunctionConcurrencyCommand({ FunctionName: functionName });
			const { ReservedConcurrentExecutions } = await lambda.send(command, request);
			return wholeOrNull(ReservedConcurrentExecutions);
		},
		null,
	);
	const room = roomFor(accountLimit, currentConcurrent, { paddingShare, paddingFloor });
	return { accountLimit, currentConcurrent, ...room, functionReserved, warnings };
}

/**
 * What an account has room for: `available = max(1, limit - current - padding)` with
 * `padding = max(floor, trunc(limit * share))`; null without a limit.
 */
export function roomFor(
	accountLimit: number | null,
	currentConcurrent: number,
	{ paddingShare = DEFAULT_PADDING_SHARE, paddingFloor = DEFAULT_PADDING_FLOOR }: PaddingOptions = {},
): { padding: number; available: number | null } {
	if (accountLimit === null) return { padding: paddingFloor, available: null };
	const padding = Math.max(paddingFloor, Math.trunc(accountLimit * paddingShare));
	return { padding, available: Math.max(1, accountLimit - currentConcurrent - padding) };
}

/**
 * Cells at once: what was asked for, within what the account has room for and what the open-file limit allows, at least 1.
 *
 * @param softLimit the open-file limit; default: this process's
 */
export function availableWorkers(
	requested: number,
	{ available }: Pick<ConcurrencyReport, "available">,
	softLimit: number = openFileLimits()?.soft ?? Number.POSITIVE_INFINITY,
): number {
	const bounds = [requested, fileDescriptorSafeWorkers(softLimit), available ?? Number.POSITIVE_INFINITY];
	return Math.max(1, Math.min(...bounds));
}

/** One line for the run's log. */
export interface ConcurrencyLogLine {
	readonly level: "info" | "warn";
	readonly message: string;
}

/** What a run's log says about the width that was found. */
export function concurrencyLogLines(report: ConcurrencyReport, workers: number): ConcurrencyLogLine[] {
	const { accountLimit, currentConcurrent, padding, available, functionReserved } = report;
	const lines: ConcurrencyLogLine[] = report.warnings.map((message) => ({ level: "warn", message }));
	if (functionReserved !== null) {
		lines.push({ level: "info", message: `Function reserved concurrency: ${functionReserved}` });
	}
	lines.push(
		accountLimit === null
			? {
					level: "warn",
					message: `Account concurrency unreadable (missing IAM?); bounding workers by file-descriptor limit only -> ${workers}`,
				}
			: {
					level: "info",
					message: `Account concurrency: limit=${accountLimit}, current=${currentConcurrent}, padding=${padding}, available=${available} -> using ${workers} workers`,
				},
	);
	return lines;
}

function wholeOrNull(value: number | undefined): number | null {
	return value === undefined ? null : Math.trunc(value);
}
