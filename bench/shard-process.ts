// One shard, start to end; started by shard.ts.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	emitTemplate,
	gridFromConfig,
	openStore,
	resolveConfig,
	resolvePipeline,
	runShard,
	storeTemplate,
} from "@zagg/aggregate";
import type { ShardFigures } from "./shard.ts";

const [configName = "atl06", latitude, longitude, ...granules] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), "zagg-bench-"));
try {
	const config = await resolveConfig(configName);
	const grid = gridFromConfig(config);
	const [shardKey] = grid.shardKeysOf(Float64Array.of(Number(latitude)), Float64Array.of(Number(longitude)));
	if (shardKey === undefined) throw new Error(`${latitude}, ${longitude} is not on the grid of ${configName}`);
	const storePath = join(folder, "out.zarr");
	const store = await openStore(storePath, { create: true });
	await emitTemplate(store, storeTemplate(grid, resolvePipeline(config)), { overwrite: false });
	const started = performance.now();
	const metadata = await runShard(
		{ config, shardKey, granules, driver: "file", storePath },
		{ log: { info: () => {}, warn: (message) => console.error(message) } },
	);
	process.send!({
		seconds: (performance.now() - started) / 1000,
		peakMebibytes: process.resourceUsage().maxRSS / 1024,
		observations: metadata.total_obs,
	} satisfies ShardFigures);
} finally {
	await rm(folder, { recursive: true, force: true });
}
