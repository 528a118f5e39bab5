import { resolve } from "node:path";
import type { ShardMetadata, ShardTask } from "@zagg/aggregate";
import { CLUSTER_RETRY, clusterExecutor } from "@zagg/executor-cluster";
import type { ClusterTask } from "./cluster-worker.ts";
import { RunError } from "./errors.ts";
import type { RunPlan, ShardExecutor } from "./run-plan.ts";
import { writeShardAccess } from "./shard-access.ts";
import { runShards, storeOptions } from "./shard-run.ts";
import type { ShardLogMessage } from "./shard-worker.ts";
import { type ClusterSummary, shardSummary } from "./summary.ts";

// The worker stands beside this module: as a source file, or as a built one.
const clusterWorker = new URL(
	import.meta.url.endsWith(".ts") ? "./cluster-worker.ts" : "./cluster-worker.js",
	import.meta.url,
);

/** What only the cluster backend needs. */
export interface ClusterOptions {
	/** A folder that this machine and all nodes share, as they must the store and local granules. */
	readonly spoolDirectory: string;
	/** A run of this name that is still in the spool is attached to. Default: a new name. */
	readonly runName?: string | undefined;
	readonly partition?: string | undefined;
	readonly account?: string | undefined;
	/** Time limit of one task, as sbatch takes it. */
	readonly timeLimit?: string | undefined;
	/** Memory of one task, as sbatch takes it. */
	readonly memory?: string | undefined;
	readonly cellTimeoutSeconds?: number | undefined;
	readonly pollIntervalSeconds?: number | undefined;
	/** US dollars. */
	readonly pricePerCoreHour?: number | undefined;
}

/** Runs the plan's cells in Slurm job arrays. Secrets reach the nodes through a file that only this user may read. */
export async function runCluster(plan: RunPlan, options: ClusterOptions | undefined): Promise<ClusterSummary> {
	if (!options?.spoolDirectory) {
		throw new RunError("run/no-spool", "the cluster backend needs a spool folder that all nodes share", {
			remedy: "Give one with --spool.",
		});
	}
	const spoolDirectory = resolve(options.spoolDirectory);
	const storePath = plan.storePath.startsWith("s3://") ? plan.storePath : resolve(plan.storePath);
	const { credentials, ...store } = storeOptions(plan);
	const granuleAccess = plan.driver === "file" ? undefined : plan.granuleAccess;
	const access =
		granuleAccess || credentials ? await writeShardAccess(spoolDirectory, granuleAccess, credentials) : undefined;
	const executor = clusterExecutor<ClusterTask, ShardMetadata>({
		...options,
		spoolDirectory,
		module: clusterWorker,
		cellKey: ({ shardKey }) => String(shardKey),
		maxRunningTasks: plan.workers === plan.cells.length ? undefined : plan.workers,
		onMessage: (message) => {
			const line = message as ShardLogMessage;
			plan.log[line.level](line.message);
		},
	});
	const { submit } = executor;
	const withoutSecrets: ShardExecutor = {
		...executor,
		submit: ({ granuleAccess: _, ...task }: ShardTask, submitOptions) =>
			submit({ ...task, storePath, storeOptions: store, ...(access && { accessFile: access.path }) }, submitOptions),
	};
	try {
		const outcome = await runShards(plan, { executor: () => withoutSecrets, retry: CLUSTER_RETRY });
		const { computeTimeSeconds, gbSeconds, costUsd } = outcome.report.cost;
		const use = await executor.accountedUse();
		if (use !== null) {
			const inCells = `${computeTimeSeconds.toFixed(1)} of them in cells`;
			plan.log.info(`Slurm's accounting: ${use.coreSeconds} core-seconds in ${use.tasks} tasks, ${inCells}`);
		}
		const { store_path, backend: _backend, results, ...rest } = shardSummary(plan.storePath, "cluster", outcome);
		const { completion_reason, finalize_error, ...counts } = rest;
		return {
			...counts,
			core_time_s: computeTimeSeconds,
			memory_gb_seconds: gbSeconds,
			price_per_core_hour: options.pricePerCoreHour ?? null,
			estimated_cost_usd: options.pricePerCoreHour === undefined ? null : costUsd,
			store_path,
			backend: "cluster",
			results,
			...(completion_reason && { completion_reason }),
			...(finalize_error !== undefined && { finalize_error }),
		};
	} finally {
		await access?.close();
	}
}
