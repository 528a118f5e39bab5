import { mkdir, mkdtemp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
	consolidateMetadata,
	emitTemplate,
	gridFromConfig,
	openStore,
	type PipelineConfig,
	resolvePipeline,
	runShard,
	storeTemplate,
} from "@zagg/aggregate";
import { createHdf5File } from "@zagg/hdf5/writer";
import type { S3TestServer } from "@zagg/test-servers";

/** A shard and the paths of its granules. */
export interface TestShard {
	readonly shardKey: bigint;
	readonly granules: readonly string[];
}

/** Observations along a line: heights with their errors, every tenth of bad quality. */
export interface TestTrack {
	readonly latitudes: Float64Array;
	readonly longitudes: Float64Array;
}

/** A straight track of so many points. */
export function track(from: readonly [number, number], to: readonly [number, number], length: number): TestTrack {
	const between = (start: number, end: number) =>
		Float64Array.from({ length }, (_, index) => start + ((end - start) * index) / (length - 1));
	return { latitudes: between(from[0], to[0]), longitudes: between(from[1], to[1]) };
}

/** Writes an ATL06 granule with one beam for each track, from the left on. */
export async function writeGranule(path: string, tracks: readonly TestTrack[]): Promise<void> {
	await using file = await createHdf5File(path);
	for (const [beam, { latitudes, longitudes }] of tracks.entries()) {
		const group = `/${["gt1l", "gt1r", "gt2l"][beam]}/land_ice_segments`;
		const { length } = latitudes;
		const layout = { chunkShape: [500], deflateLevel: 4 };
		const numbers = (value: (index: number) => number) => Float32Array.from({ length }, (_, index) => value(index));
		await file.writeDataset(`${group}/latitude`, latitudes, layout);
		await file.writeDataset(`${group}/longitude`, longitudes, layout);
		await file.writeDataset(
			`${group}/h_li`,
			numbers((index) => 100 * (beam + 1) + 20 * Math.sin(index / 7)),
			layout,
		);
		await file.writeDataset(
			`${group}/h_li_sigma`,
			numbers((index) => 0.01 + (index % 9) / 100),
			layout,
		);
		const quality = Int8Array.from({ length }, (_, index) => (index % 10 === 0 ? 1 : 0));
		await file.writeDataset(`${group}/atl06_quality_summary`, quality, { ...layout, shuffle: true });
	}
	await file.close();
}

/** Every object of the store that running the shards here, from files, gives; by its key. */
export async function localObjects(
	config: PipelineConfig,
	shards: readonly TestShard[],
	folder: string,
): Promise<Map<string, Uint8Array>> {
	await mkdir(folder, { recursive: true });
	const storePath = await mkdtemp(join(folder, "store-"));
	const populatedShards = shards.map(({ shardKey }) => shardKey);
	const store = await openStore(storePath);
	await emitTemplate(store, storeTemplate(gridFromConfig(config, { populatedShards }), resolvePipeline(config)));
	const log = { info: () => {}, warn: () => {} };
	for (const { shardKey, granules } of shards) {
		await runShard({ config, shardKey, granules, driver: "file", storePath, populatedShards }, { log });
	}
	await consolidateMetadata(store);
	const objects = new Map<string, Uint8Array>();
	for (const entry of await readdir(storePath, { recursive: true, withFileTypes: true })) {
		if (!entry.isFile()) continue;
		const path = join(entry.parentPath, entry.name);
		objects.set(path.slice(storePath.length + 1), new Uint8Array(await readFile(path)));
	}
	return objects;
}

/** Every object below a prefix, by the rest of its key. */
export function storedObjects(server: S3TestServer, bucket: string, prefix: string): Map<string, Uint8Array> {
	const keys = server.keys(bucket).filter((key) => key.startsWith(prefix));
	return new Map(keys.map((key) => [key.slice(prefix.length), new Uint8Array(server.get(bucket, key)!)]));
}
