import { createHash, randomUUID } from "node:crypto";
import { isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
	type AttemptOutcome,
	type CellCost,
	type Executor,
	emptyRunReport,
	type RetryPolicy,
	retryPolicy,
	zeroCost,
} from "@zagg/dispatch";
import { type AccountedUse, readAccountedUse } from "./accounting.ts";
import { type ArrayRunner, createArrayRunner } from "./array-runner.ts";
import { type AttachedRun, attachedRun } from "./attached-run.ts";
import { type DispatcherLock, lockRun } from "./dispatcher-lock.ts";
import { ClusterExecutorError } from "./errors.ts";
import { jobArguments } from "./job-script.ts";
import type { Meter } from "./lines.ts";
import type { ClusterExecutorOptions } from "./options.ts";
import { unpackError } from "./packed-error.ts";
import type { PendingCell } from "./pending-cell.ts";
import { readLimits } from "./preflight.ts";
import { type ClusterLimits, runCommand } from "./slurm.ts";
import { type JobRecord, openSpool, type Spool } from "./spool.ts";
import { toWire } from "./wire-json.ts";

const DEFAULT_CELLS_IN_FLIGHT = 10_000;
const SECONDS_PER_HOUR = 3600;

/** For a cluster: four attempts, as nodes fail and jobs are preempted. */
export const CLUSTER_RETRY: RetryPolicy = retryPolicy({ maxAttempts: 4, baseSeconds: 1, maxSeconds: 30 });

/** Runs cells in Slurm job arrays. */
export interface ClusterExecutor<Payload, Result> extends Executor<Payload, Result> {
	/** The run's folder in the spool; attach to it with `runName`. */
	readonly runDirectory: string;
	/**
	 * What Slurm's accounting holds of the run's tasks so far, all of it soon after `shutdown`; to be set against the cost of its cells: the rest is start-up,
	 * idle ends of tasks, and what died with them. Null where the site keeps no accounts.
	 */
	accountedUse(): Promise<AccountedUse | null>;
}

/**
 * Makes an executor that gathers cells into waves of Slurm array tasks, each of which works through many. Payloads and
 * results pass through a folder that all nodes share.
 *
 * @throws ClusterExecutorError `executor-cluster/invalid-option`
 */
export function clusterExecutor<Payload = unknown, Result = unknown>(
	options: ClusterExecutorOptions<Payload>,
): ClusterExecutor<Payload, Result> {
	const shared = options as unknown as ClusterExecutorOptions<never>;
	const { cpusPerTask = 1, pricePerCoreHour = 0, maxCellsInFlight = DEFAULT_CELLS_IN_FLIGHT } = options;
	checkOptions(shared);
	const run = options.runCommand ?? runCommand;
	const runName =
		options.runName ?? `zagg-${new Date().toISOString().replace(/[:.]/g, "-")}-${randomUUID().slice(0, 8)}`;
	const runDirectory = join(resolve(options.spoolDirectory), runName);
	const meters = new Map<string, Meter[]>();
	const inFlight = new Map<AbortSignal, { readonly cells: Set<PendingCell>; readonly onAbort: () => void }>();
	let opened: { readonly spool: Spool; readonly attached: AttachedRun; readonly lock: DispatcherLock } | undefined;
	let runner: ArrayRunner | undefined;
	let lastSubmission = 0;
	let failures = 0;
	let isShutDown = false;
	let ending: Promise<void> | undefined;
	let endedJobs: JobRecord[] | undefined;

	async function open(limits: ClusterLimits): Promise<void> {
		if (opened === undefined) {
			const spool = await openSpool(runDirectory);
			const lock = await lockRun(runDirectory);
			const attached = await attachedRun(spool, run);
			lastSubmission = attached.lastSubmission;
			await spool.writeManifest({
				version: 1,
				module: moduleAddress(options.module),
				exportName: options.exportName ?? "default",
				cellTimeoutSeconds: options.cellTimeoutSeconds ?? null,
				cellMemoryMegabytes: options.cellMemoryMegabytes ?? null,
			});
			opened = { spool, attached, lock };
		}
		runner ??= createArrayRunner(shared, opened.spool, limits, run, opened.attached.lastWave);
	}

	function enter(cell: PendingCell, signal: AbortSignal): void {
		let group = inFlight.get(signal);
		if (group === undefined) {
			const cells = new Set<PendingCell>();
			const onAbort = (): void => {
				const gone = [...cells];
				for (const each of gone) each.settle({ error: cancelled(each.cell), meter: null });
				runner?.abandon(gone).catch(() => {});
			};
			group = { cells, onAbort };
			inFlight.set(signal, group);
			signal.addEventListener("abort", onAbort);
		}
		group.cells.add(cell);
	}

	/** @returns whether the cell was still in flight */
	function leave(cell: PendingCell, signal: AbortSignal): boolean {
		const group = inFlight.get(signal);
		if (!group?.cells.delete(cell)) return false;
		if (group.cells.size === 0) {
			signal.removeEventListener("abort", group.onAbort);
			inFlight.delete(signal);
		}
		return true;
	}

	function noteMeter(index: number, attempt: number, meter: Meter): void {
		const key = `${index} ${attempt}`;
		const noted = meters.get(key);
		if (noted === undefined) meters.set(key, [meter]);
		else noted.push(meter);
	}

	function takeMeter({ index, attempt }: AttemptOutcome<Result>): Meter | undefined {
		const key = `${index} ${attempt}`;
		const noted = meters.get(key);
		// Two runs may share an executor; their attempts are costed in the order in which they ended.
		const meter = noted?.shift();
		if (noted?.length === 0) meters.delete(key);
		return meter;
	}

	return {
		name: "cluster",
		specVersion: 1,
		runDirectory,
		capabilities: {
			cancelsRunningWork: true,
			isolatesCrashes: true,
			runsInParallel: true,
			transfer: "json",
			maxPayloadBytes: null,
			costSource: "meter",
		},

		async preflight(cellCount, { signal } = {}) {
			if (isShutDown) throw shutDown();
			signal?.throwIfAborted();
			const limits = await readLimits(run, shared, jobArguments(shared));
			signal?.throwIfAborted();
			await open(limits);
			return { workers: Math.max(1, Math.min(cellCount, maxCellsInFlight)), detail: limits };
		},

		async submit(payload, { signal, index, attempt, runId }) {
			if (isShutDown) throw shutDown();
			if (opened === undefined || runner === undefined) {
				throw new ClusterExecutorError("executor-cluster/not-ready", "preflight() must run before submit()", {
					failureClass: "usage",
				});
			}
			const encoded = encode(payload, index);
			const cell = options.cellKey?.(payload) ?? createHash("sha256").update(encoded).digest("hex").slice(0, 32);
			if (signal.aborted) throw cancelled(cell);
			const { known } = opened.attached;
			const earlier = known.get(cell);
			known.delete(cell);
			if (earlier?.result !== undefined) {
				noteMeter(index, attempt, earlier.result);
				return earlier.result.result as Result;
			}
			const submission = earlier?.submission ?? ++lastSubmission;
			const head = toWire({ cell, submission, attempt, index, runId });
			return new Promise<Result>((resolvePromise, reject) => {
				const pending: PendingCell = {
					cell,
					submission,
					text: `${head.slice(0, -1)},"payload":${encoded}}`,
					settle(outcome) {
						if (!leave(pending, signal)) return;
						const meter = "end" in outcome ? outcome.end : outcome.meter;
						if (meter !== null) noteMeter(index, attempt, meter);
						if ("end" in outcome && outcome.end.ok) resolvePromise(outcome.end.result as Result);
						else {
							failures++;
							reject("error" in outcome ? outcome.error : unpackError(outcome.end.error!));
						}
					},
				};
				enter(pending, signal);
				if (earlier?.place) runner!.adopt(pending, earlier.place);
				else runner!.enqueue(pending);
			});
		},

		measureCost(outcome: AttemptOutcome<Result>): CellCost {
			const meter = takeMeter(outcome);
			if (meter === undefined) return zeroCost();
			const coreSeconds = meter.wallSeconds * (meter.cpus ?? cpusPerTask);
			return {
				computeTimeSeconds: coreSeconds,
				gbSeconds: (meter.wallSeconds * meter.peakMemoryMebibytes) / 1024,
				costUsd: (coreSeconds / SECONDS_PER_HOUR) * pricePerCoreHour,
			};
		},

		finalize: async () => emptyRunReport(),

		async accountedUse() {
			const jobs = endedJobs ?? (await opened?.spool.readJobs()) ?? [];
			return readAccountedUse(
				run,
				jobs.flatMap(({ jobId }) => jobId ?? []),
			);
		},

		async shutdown() {
			ending ??= end();
			await ending;
		},
	};

	async function end(): Promise<void> {
		isShutDown = true;
		for (const { cells } of [...inFlight.values()]) {
			for (const cell of [...cells]) cell.settle({ error: shutDown(), meter: null });
		}
		await runner?.stop();
		meters.clear();
		endedJobs = await opened?.spool.readJobs();
		await opened?.lock.release();
		if (failures === 0 && !options.keepSpool) await opened?.spool.remove();
	}
}

function encode(payload: unknown, index: number): string {
	try {
		return toWire(payload);
	} catch (error) {
		throw new ClusterExecutorError(
			"executor-cluster/payload-not-json",
			`the payload of cell ${index} cannot travel as JSON: ${(error as Error).message}`,
			{ failureClass: "usage", remedy: "Send plain data: numbers, bigints, texts, arrays and objects." },
		);
	}
}

function checkOptions(options: ClusterExecutorOptions<never>): void {
	const invalid = (reason: string): ClusterExecutorError =>
		new ClusterExecutorError("executor-cluster/invalid-option", `clusterExecutor: ${reason}`, {
			failureClass: "usage",
		});
	if (!options.spoolDirectory) throw invalid("spoolDirectory must be a folder that all nodes share");
	if (typeof options.module === "string" && !isAbsolute(options.module) && !URL.canParse(options.module)) {
		throw invalid(`module must be a URL or an absolute path (got ${options.module})`);
	}
	for (const name of ["cpusPerTask", "maxRunningTasks", "maxCellsInFlight"] as const) {
		const value = options[name];
		if (value !== undefined && (!Number.isInteger(value) || value < 1)) {
			throw invalid(`${name} must be a whole number of at least 1 (got ${value})`);
		}
	}
	for (const name of [
		"cellTimeoutSeconds",
		"pollIntervalSeconds",
		"targetChunkSeconds",
		"stallTimeoutSeconds",
		"resultGraceSeconds",
	] as const) {
		const value = options[name];
		if (value !== undefined && !(value > 0)) throw invalid(`${name} must be above 0 (got ${value})`);
	}
	if (options.runName !== undefined && !/^[\w.-]+$/.test(options.runName)) {
		throw invalid(`runName must be a plain name (got ${options.runName})`);
	}
}

function moduleAddress(module: URL | string): string {
	if (typeof module !== "string") return module.href;
	return isAbsolute(module) ? pathToFileURL(module).href : module;
}

function cancelled(cell: string): ClusterExecutorError {
	return new ClusterExecutorError("executor-cluster/cancelled", `cell ${cell} was cancelled`, {
		failureClass: "cancelled",
	});
}

function shutDown(): ClusterExecutorError {
	return new ClusterExecutorError("executor-cluster/shut-down", "the cluster executor has been shut down", {
		failureClass: "cancelled",
	});
}
