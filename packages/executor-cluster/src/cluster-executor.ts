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
import { type ArrayRunner, createArrayRunner, type PendingCell } from "./array-runner.ts";
import { attachedCells, type KnownCell } from "./attached-cells.ts";
import { ClusterExecutorError } from "./errors.ts";
import { jobArguments } from "./job-script.ts";
import type { Meter } from "./lines.ts";
import type { ClusterExecutorOptions } from "./options.ts";
import { unpackError } from "./packed-error.ts";
import { readLimits } from "./preflight.ts";
import { type ClusterLimits, runCommand } from "./slurm.ts";
import { openSpool, type Spool } from "./spool.ts";
import { fromWire, toWire } from "./wire-json.ts";

const DEFAULT_CELLS_IN_FLIGHT = 10_000;
const SECONDS_PER_HOUR = 3600;

/** For a cluster: four attempts, as nodes fail and jobs are preempted. */
export const CLUSTER_RETRY: RetryPolicy = retryPolicy({ maxAttempts: 4, baseSeconds: 1, maxSeconds: 30 });

/** Runs cells in Slurm job arrays. */
export interface ClusterExecutor<Payload, Result> extends Executor<Payload, Result> {
	/** The run's folder in the spool; attach to it with `runName`. */
	readonly runDirectory: string;
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
	const meters = new Map<string, Meter>();
	const inFlight = new Map<PendingCell, AbortSignal>();
	const watched = new Set<AbortSignal>();
	let opened: { spool: Spool; known: Map<string, KnownCell[]>; lastWave: number } | undefined;
	let runner: ArrayRunner | undefined;
	let failures = 0;
	let isShutDown = false;
	const attempts = new Map<string, number>();

	async function open(limits: ClusterLimits): Promise<void> {
		if (opened === undefined) {
			const spool = await openSpool(runDirectory);
			const { known, lastWave } = await attachedCells(spool);
			for (const [cell, each] of known) attempts.set(cell, Math.max(...each.map(({ attempt }) => attempt)));
			await spool.writeManifest({
				version: 1,
				module: moduleAddress(options.module),
				exportName: options.exportName ?? "default",
				cellTimeoutSeconds: options.cellTimeoutSeconds ?? null,
				cellMemoryMegabytes: options.cellMemoryMegabytes ?? null,
			});
			opened = { spool, known, lastWave };
		}
		runner ??= createArrayRunner(shared, opened.spool, limits, run, opened.lastWave);
	}

	function watch(signal: AbortSignal): void {
		if (watched.has(signal)) return;
		watched.add(signal);
		const onAbort = (): void => {
			const cells = [...inFlight].flatMap(([cell, of]) => (of === signal ? [cell] : []));
			for (const cell of cells) cell.settle({ error: cancelled(cell.line.cell), meter: null });
			runner?.abandon(cells).catch(() => {});
		};
		signal.addEventListener("abort", onAbort, { once: true });
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

		async preflight(cellCount) {
			if (isShutDown) throw shutDown();
			const limits = await readLimits(run, shared, jobArguments(shared));
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
			const meterKey = `${runId} ${index} ${attempt}`;
			const takeKnown = attempt === 1 ? opened.known.get(cell)?.shift() : undefined;
			if (takeKnown?.result !== undefined) {
				meters.set(meterKey, takeKnown.result);
				return takeKnown.result.result as Result;
			}
			const number = takeKnown?.attempt ?? (attempts.get(cell) ?? 0) + 1;
			attempts.set(cell, Math.max(number, attempts.get(cell) ?? 0));
			watch(signal);
			return new Promise<Result>((resolvePromise, reject) => {
				const pending: PendingCell = {
					line: { cell, attempt: number, index, runId, payload: fromWire(encoded) },
					settle(outcome) {
						if (!inFlight.delete(pending)) return;
						const meter = "end" in outcome ? outcome.end : outcome.meter;
						if (meter !== null) meters.set(meterKey, meter);
						if ("end" in outcome && outcome.end.ok) resolvePromise(outcome.end.result as Result);
						else {
							failures++;
							reject("error" in outcome ? outcome.error : unpackError(outcome.end.error!));
						}
					},
				};
				inFlight.set(pending, signal);
				if (takeKnown?.place) runner!.adopt(pending, takeKnown.place);
				else runner!.enqueue(pending);
			});
		},

		measureCost(outcome: AttemptOutcome<Result>): CellCost {
			const meter = takeMeter(outcome);
			if (meter === undefined) return zeroCost();
			const coreSeconds = meter.wallSeconds * cpusPerTask;
			return {
				computeTimeSeconds: coreSeconds,
				gbSeconds: (meter.wallSeconds * meter.peakMemoryMebibytes) / 1024,
				costUsd: (coreSeconds / SECONDS_PER_HOUR) * pricePerCoreHour,
			};
		},

		finalize: async () => emptyRunReport(),

		async shutdown() {
			if (isShutDown) return;
			isShutDown = true;
			for (const [cell] of inFlight) cell.settle({ error: shutDown(), meter: null });
			await runner?.stop();
			if (failures === 0 && !options.keepSpool) await opened?.spool.remove();
			meters.clear();
		},
	};

	function takeMeter({ index, attempt }: AttemptOutcome<Result>): Meter | undefined {
		const suffix = ` ${index} ${attempt}`;
		for (const [key, meter] of meters) {
			if (!key.endsWith(suffix)) continue;
			meters.delete(key);
			return meter;
		}
		return undefined;
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
