import { fork } from "node:child_process";

/** Seconds and peak memory of one shard, from granules to written chunks. */
export interface ShardFigures {
	readonly seconds: number;
	readonly peakMebibytes: number;
	readonly observations: number;
}

/** Runs one shard in a process of its own, so that its peak memory is its own. */
export function shardBench(granules: readonly string[], shardKey: bigint, config: string): Promise<ShardFigures> {
	return new Promise((resolve, reject) => {
		const child = fork(new URL("./shard-process.ts", import.meta.url), [config, String(shardKey), ...granules]);
		let figures: ShardFigures | undefined;
		child.on("message", (message) => {
			figures = message as ShardFigures;
		});
		child.on("error", reject);
		child.on("exit", (code) => {
			if (figures !== undefined && code === 0) resolve(figures);
			else reject(new Error(`the shard process ended with ${code}`));
		});
	});
}
