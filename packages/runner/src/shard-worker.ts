import { runShard, type ShardMetadata, type ShardTask } from "@zagg/aggregate";
import type { WorkContext } from "@zagg/executor-local";

/** A line that a shard logs in its thread, on its way to the run's log. */
export interface ShardLogMessage {
	readonly level: "info" | "warn";
	readonly message: string;
}

/** What a worker thread runs: one shard, its log lines emitted to the run. */
export default async function shardWorker(task: ShardTask, context: WorkContext): Promise<ShardMetadata> {
	const emit =
		(level: ShardLogMessage["level"]) =>
		(message: string): void =>
			context.emit({ level, message } satisfies ShardLogMessage);
	return runShard(task, { log: { info: emit("info"), warn: emit("warn") }, signal: context.signal });
}
