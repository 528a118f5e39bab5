import type { ShardMetadata, ShardTask } from "@zagg/aggregate";
import { LOCAL_RETRY } from "@zagg/dispatch";
import { localExecutor } from "@zagg/executor-local";
import type { RunPlan, ShardExecutor } from "./run-plan.ts";
import { runShards } from "./shard-run.ts";
import type { ShardLogMessage } from "./shard-worker.ts";
import { type LocalSummary, shardSummary } from "./summary.ts";

// The worker stands beside this module: as a source file, or as a built one.
const shardWorker = new URL(
	import.meta.url.endsWith(".ts") ? "./shard-worker.ts" : "./shard-worker.js",
	import.meta.url,
);

/** Runs the plan's cells on this machine, in worker threads, or on an executor that the caller brings. */
export async function runLocal(plan: RunPlan, executor?: ShardExecutor): Promise<LocalSummary> {
	const outcome = await runShards(plan, {
		executor: () => executor ?? threadExecutor(plan),
		retry: LOCAL_RETRY,
		keepExecutor: executor !== undefined,
	});
	return shardSummary(plan.storePath, executor?.name ?? "local", outcome);
}

function threadExecutor(plan: RunPlan): ShardExecutor {
	return localExecutor<ShardTask, ShardMetadata>({
		module: shardWorker,
		workers: plan.workers,
		onMessage: (message) => {
			const line = message as ShardLogMessage;
			plan.log[line.level](line.message);
		},
	});
}
