import { fork } from "node:child_process";

/** Seconds and peak memory of one shard, from granules to written chunks. */
export interface ShardFigures {
	readonly seconds: number;
	readonly peakMebibytes: number;
	readonly observations: number;
}

/**
 * Runs one shard in a process of its own, so that its peak memory is its own.
 *
 * @param place latitude and longitude of a point in the shard, in degrees
 * @param config built-in name, or path of a YAML file
 */
export function shardBench(
	granules: readonly string[],
	place: { readonly latitude: number; readonly longitude: number },
	config: string,
): Promise<ShardFigures> {
	return new Promise((resolve, reject) => {
		const { latitude, longitude } = place;
		const child = fork(new URL("./shard-process.ts", import.meta.url), [
			config,
			String(latitude),
			String(longitude),
			...granules,
		]);
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
