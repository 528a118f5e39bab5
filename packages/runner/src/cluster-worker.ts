import { runShard, type ShardMetadata, type ShardTask } from "@zagg/aggregate";
import type { ClusterWorkContext } from "@zagg/executor-cluster";
import { readShardAccess } from "./shard-access.ts";
import type { ShardLogMessage } from "./shard-worker.ts";

/** A shard on its way to a node: without secrets, which are in a file that it names. */
export interface ClusterTask extends ShardTask {
	readonly accessFile?: string;
}

/** What a node of the cluster runs: one shard, its log lines emitted to the run. */
export default async function clusterWorker(task: ClusterTask, context: ClusterWorkContext): Promise<ShardMetadata> {
	const { accessFile, ...rest } = task;
	const access = accessFile === undefined ? {} : await readShardAccess(accessFile);
	const { granuleAccess, storeCredentials } = access;
	const emit =
		(level: ShardLogMessage["level"]) =>
		(message: string): void =>
			context.emit({ level, message } satisfies ShardLogMessage);
	return runShard(
		{
			...rest,
			...(granuleAccess && { granuleAccess }),
			...(storeCredentials && { storeOptions: { ...rest.storeOptions, credentials: storeCredentials } }),
		},
		{ log: { info: emit("info"), warn: emit("warn") }, signal: context.signal },
	);
}
