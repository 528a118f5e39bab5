import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { defaultConfig, gridFromConfig, type PipelineConfig, parseJson } from "@zagg/aggregate";
import { packWord } from "@zagg/grid";
import { type S3TestServer, startS3Server } from "@zagg/test-servers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { localObjects, storedObjects, type TestShard, track, writeGranule } from "../testing.ts";
import { handleEvent } from "./handle.ts";

const context = { awsRequestId: "id-1", functionName: "process-shard", memoryLimitInMB: "2048" };
const SECRETS = ["read-secret", "read-token", "write-secret"];
const s3_credentials = { accessKeyId: "ASIA", secretAccessKey: SECRETS[0], sessionToken: SECRETS[1] };
const atl06 = defaultConfig("atl06");

let folder: string;
let server: S3TestServer;
let lines: string[];
let granules: string[];
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "zagg-function-"));
	server = await startS3Server({ buckets: ["out", "granules"], requireAuthorization: true });
	// Events do not name the place of granules: it is AWS, or what the environment says.
	process.env.AWS_ENDPOINT_URL_S3 = server.url;
	granules = [join(folder, "a.h5"), join(folder, "b.h5")];
	await writeGranule(granules[0]!, [track([-80.2, 20], [-80.6, 20.5], 900), track([-80.2, 21], [-80.5, 21.5], 700)]);
	await writeGranule(granules[1]!, [track([-80.6, 19.8], [-80.1, 20.6], 800)]);
	for (const path of granules) server.put("granules", basename(path), await readFile(path));
});
afterAll(async () => {
	delete process.env.AWS_ENDPOINT_URL_S3;
	await server.close();
	await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
	lines = [];
	server.fault = undefined;
	for (const key of server.keys("out")) server.delete("out", key);
	server.requests.length = 0;
});

/** Sends an event through JSON, as the runtime does. */
async function send(event: Record<string, unknown>) {
	const text = JSON.stringify(event, (_, value) => (typeof value === "bigint" ? Number(value) : value));
	const environment = { log: (line: string) => void lines.push(line), region: "us-west-2" };
	const { statusCode, body } = await handleEvent(JSON.parse(text), context, environment);
	return { statusCode, body: parseJson(body) as Record<string, unknown>, text: body };
}

const output = () => ({
	store_path: "s3://out/x.zarr",
	output_credentials: { accessKeyId: "AKIA", secretAccessKey: SECRETS[2], endpointUrl: server.url },
});
function orders({ output: { grid } }: PipelineConfig): Record<string, unknown> {
	const { parent_order = null, child_order = null } = grid as Record<string, unknown>;
	return { parent_order, child_order };
}
const setUp = (config: PipelineConfig, shardCount: number | null = null) =>
	send({ mode: "setup", ...orders(config), n_parent_cells: shardCount, config, ...output() });
const eventOf = (config: PipelineConfig, chunkIndex: readonly number[], shard: TestShard) => ({
	chunk_idx: chunkIndex,
	shard_key: shard.shardKey,
	...orders(config),
	granule_urls: shard.granules.map((path) => `s3://granules/${basename(path)}`),
	s3_credentials,
	config,
	...output(),
});

function withGrid(config: PipelineConfig, grid: Record<string, unknown>): PipelineConfig {
	return { ...config, output: { ...config.output, grid } };
}
const projected = withGrid(atl06, {
	type: "rectilinear",
	crs: "EPSG:3031",
	resolution: 5000,
	bounds: [0, 0, 1_500_000, 1_500_000],
	chunk_shape: [50, 50],
});
const dense = withGrid(atl06, { ...(atl06.output.grid as object), layout: "dense" });
const vectors: PipelineConfig = {
	...atl06,
	aggregation: {
		...atl06.aggregation,
		variables: {
			count: { function: "len", source: "h_li", dtype: "int32", fill_value: 0 },
			spread: {
				function: "quantile",
				source: "h_li",
				params: { q: [0.1, 0.5, 0.9] },
				kind: "vector",
				trailing_shape: [3],
			},
		},
	},
};

/** The shards that the granules meet. */
async function shardsOf(config: PipelineConfig): Promise<TestShard[]> {
	const { latitudes, longitudes } = track([-80.2, 20], [-80.6, 20.5], 900);
	return gridFromConfig(config, { populatedShards: [] })
		.shardKeysOf(latitudes, longitudes)
		.map((shardKey) => ({ shardKey, granules }));
}

describe("a shard with data", () => {
	test.each([
		["HEALPix", atl06],
		["projected", projected],
		["dense", dense],
		["vector", vectors],
	])("makes the objects of the local backend, byte for byte: %s", async (_, config) => {
		const shards = await shardsOf(config);
		expect(shards.length).toBeGreaterThan(0);
		const grid = gridFromConfig(config, { populatedShards: shards.map(({ shardKey }) => shardKey) });
		expect((await setUp(config, config === dense ? shards.length : null)).text).toBe('{"ok": true, "mode": "setup"}');
		let observations = 0;
		for (const shard of shards) {
			const { statusCode, body } = await send(eventOf(config, grid.blockIndex(shard.shardKey), shard));
			expect([statusCode, body.error, body.shard_key]).toEqual([
				200,
				null,
				shard.shardKey < 2n ** 53n ? Number(shard.shardKey) : shard.shardKey,
			]);
			observations += Number(body.total_obs);
		}
		// Nine tenths are of good quality; the second beam leaves the shards.
		expect(observations).toBeGreaterThan(800);
		expect((await send({ mode: "finalize", ...output() })).statusCode).toBe(200);
		expect(storedObjects(server, "out", "x.zarr/")).toEqual(await localObjects(config, shards, folder));
		expect(lines).toContain("  Writing data to s3://out/x.zarr...");
		for (const secret of SECRETS) expect(lines.join()).not.toContain(secret);
	});

	test("is not written without its chunk index", async () => {
		const [shard] = await shardsOf(atl06);
		await setUp(atl06);
		const { chunk_idx: _, ...event } = eventOf(atl06, [0], shard!);
		const { statusCode, body } = await send(event);
		expect([statusCode, body.error]).toEqual([500, "Failed to write zarr: 'chunk_idx'"]);
		expect(body.total_obs).toBeGreaterThan(0);
		expect(lines).toContain("Failed to write zarr to s3://out/x.zarr: 'chunk_idx'");
		expect(lines.at(-2)).toBe("Lambda invocation completed successfully");
		expect(server.keys("out").filter((key) => key.includes("/c/"))).toEqual([]);
	});

	test("is not written into another shard's chunk, which is known before anything is read", async () => {
		const [shard] = await shardsOf(atl06);
		const block = gridFromConfig(atl06).blockIndex(shard!.shardKey);
		await setUp(atl06);
		const { statusCode, body } = await send(eventOf(atl06, [block[0]! + 1], shard!));
		expect([statusCode, body.error]).toEqual([
			500,
			`Failed to write zarr: chunk_idx [${block[0]! + 1}] is not the block of shard ${shard!.shardKey}, which is [${block}]`,
		]);
		expect(server.requests.filter(({ bucket }) => bucket === "granules")).toEqual([]);
	});

	test("tells what it read when it cannot be written", async () => {
		const [shard] = await shardsOf(atl06);
		await setUp(atl06);
		server.fault = ({ method, key }) =>
			method === "PUT" && key.includes("/c/") ? { status: 403, code: "AccessDenied" } : undefined;
		const block = gridFromConfig(atl06).blockIndex(shard!.shardKey);
		const { statusCode, body, text } = await send(eventOf(atl06, block, shard!));
		expect([statusCode, body.files_processed]).toEqual([500, 2]);
		expect(body.error).toMatch(/^Failed to write zarr: could not write s3:\/\/out\/x\.zarr\/12\/.*AccessDenied/);
		for (const secret of SECRETS) expect(text + lines.join()).not.toContain(secret);
	});

	test("names the granules that it could not read, and fails when it could read none", async () => {
		const [shard] = await shardsOf(atl06);
		await setUp(atl06);
		const block = gridFromConfig(atl06).blockIndex(shard!.shardKey);
		const some = await send(
			eventOf(atl06, block, { shardKey: shard!.shardKey, granules: [...granules, "missing.h5"] }),
		);
		expect([some.statusCode, some.body.files_processed]).toEqual([200, 2]);
		expect(some.body.read_errors).toMatchObject([{ granule: "s3://granules/missing.h5", code: "hdf5/no-file" }]);
		const none = await send(eventOf(atl06, block, { shardKey: shard!.shardKey, granules: ["missing.h5"] }));
		expect([none.statusCode, none.body.shard_key]).toEqual([500, shard!.shardKey]);
		expect(none.body.error).toMatch(/^shard \d+: nothing could be read from its 1 granule; first failure: s3:/);
		expect(none.body.read_errors).toMatchObject([{ granule: "s3://granules/missing.h5" }]);
		expect(none.body.duration_s).toBeGreaterThan(0);
	});

	test("costs time also when something unforeseen happens", async () => {
		await setUp(atl06);
		const { body } = await send({ ...eventOf(atl06, [0], { shardKey: packWord(0n, 6), granules: [] }), config: 5 });
		expect(Object.keys(body)).toEqual(["error", "shard_key", "request_id", "duration_s"]);
		expect(body.error).toMatch(/^Unhandled exception: the config must be a mapping/);
		expect(body.duration_s).toBeGreaterThan(0);
		expect(lines.at(-1)).toMatch(/^Unhandled exception in Lambda handler: the config must be a mapping/);
	});
});

test("a store that a worker may not read is told as a failed write", async () => {
	const [shard] = await shardsOf(atl06);
	server.fault = ({ bucket }) => (bucket === "out" ? { status: 403, code: "AccessDenied" } : undefined);
	const { statusCode, body } = await send(eventOf(atl06, [0], shard!));
	expect([statusCode, body.granule_count]).toEqual([500, 2]);
	expect(body.error).toMatch(/^Failed to write zarr: could not read s3:\/\/out\/x\.zarr\/.*AccessDenied/);
});

test.each(["setup", "process"])("a fill value that JSON.parse has rounded is refused: %s", async (mode) => {
	const variables = {
		count: { function: "len", source: "h_li", dtype: "int64", fill_value: 2 ** 60 },
	};
	const config = { ...atl06, aggregation: { ...atl06.aggregation, variables } };
	const event = eventOf(config, [0], { shardKey: packWord(0n, 6), granules: [] });
	const { statusCode, body } = await send({ mode, n_parent_cells: null, ...event });
	expect(statusCode).toBe(500);
	expect(body.error).toContain("Variable 'count': its fill_value is beyond ±2^53 and loses digits");
});
