import { defaultConfig, gridFromConfig, parseJson } from "@zagg/aggregate";
import { packWord } from "@zagg/grid";
import { type S3TestServer, startS3Server } from "@zagg/test-servers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { handleEvent } from "./handle.ts";
import { exactShardKey } from "./shard-key.ts";

const SHARD_KEY = 12711972898206646278n;
const SECRET = "wJalrXUtnFEMI-secret";
const context = {
	awsRequestId: "id-1",
	functionName: "process-shard",
	memoryLimitInMB: "2048",
	getRemainingTimeInMillis: () => 719_600,
};
const s3_credentials = { accessKeyId: "ASIA", secretAccessKey: "read-secret", sessionToken: "read-token" };

let server: S3TestServer;
let lines: string[];
beforeAll(async () => {
	server = await startS3Server({ buckets: ["out"], requireAuthorization: true });
});
afterAll(() => server.close());
beforeEach(() => {
	lines = [];
	server.fault = undefined;
	for (const key of server.keys("out")) server.delete("out", key);
});

/** Sends an event through JSON, as the runtime does. */
async function send(
	event: Record<string, unknown>,
): Promise<{ statusCode: number; body: Record<string, unknown>; text: string }> {
	const text = JSON.stringify(event, (_, value) => (typeof value === "bigint" ? Number(value) : value));
	const environment = { log: (line: string) => void lines.push(line), region: "us-west-2" };
	const { statusCode, body } = await handleEvent(JSON.parse(text), context, environment);
	return { statusCode, body: parseJson(body) as Record<string, unknown>, text: body };
}

const output = (): Record<string, unknown> => ({
	store_path: "s3://out/x.zarr",
	output_credentials: { accessKeyId: "AKIA", secretAccessKey: SECRET, region: "us-west-2", endpointUrl: server.url },
});
const config = defaultConfig("atl06");
const setup = (extra: Record<string, unknown> = {}) =>
	send({
		mode: "setup",
		parent_order: 6,
		child_order: 12,
		n_parent_cells: null,
		overwrite: false,
		config,
		...output(),
		...extra,
	});
const event = (extra: Record<string, unknown> = {}): Record<string, unknown> => ({
	chunk_idx: gridFromConfig(config).blockIndex(SHARD_KEY),
	shard_key: SHARD_KEY,
	parent_order: 6,
	granule_urls: [],
	s3_credentials,
	child_order: 12,
	config,
	...output(),
	...extra,
});
const without = (key: string) => {
	const { [key]: _, ...rest } = event();
	return rest;
};

describe("setup", () => {
	test("creates the template that the local backend creates", async () => {
		expect((await setup()).text).toBe('{"ok": true, "mode": "setup"}');
		expect(lines).toEqual(["Setup mode: creating template at s3://out/x.zarr"]);
		expect(server.keys("out").slice(0, 2)).toEqual(["x.zarr/12/cell_ids/zarr.json", "x.zarr/12/count/zarr.json"]);
		expect(server.keys("out")).toHaveLength(13);
	});

	test("keeps what is there, and clears it first when told to overwrite", async () => {
		await setup();
		server.put("out", "x.zarr/12/h_mean/c/1", new Uint8Array(4));
		expect((await setup()).statusCode).toBe(200);
		expect(server.get("out", "x.zarr/12/h_mean/c/1")).toBeDefined();
		expect((await setup({ overwrite: true })).statusCode).toBe(200);
		expect(server.get("out", "x.zarr/12/h_mean/c/1")).toBeUndefined();
	});

	test("makes a dense array of as many shards as there are", async () => {
		const grid = { ...(config.output.grid as object), layout: "dense" };
		await setup({ n_parent_cells: 3, config: { ...config, output: { ...config.output, grid } } });
		const document = Buffer.from(server.get("out", "x.zarr/12/count/zarr.json")!).toString();
		expect(JSON.parse(document).shape).toEqual([3 * 4096]);
	});

	test.each([
		["a config that is not valid", { config: { ...config, data_source: {} } }, "data_source"],
		["no config", { config: undefined }, "'config' is missing"],
		["no store", { store_path: undefined }, "'store_path' is missing"],
		[
			"credentials without a key",
			{ output_credentials: { accessKeyId: "A" } },
			"output_credentials missing keys: secretAccessKey",
		],
	])("refuses %s before anything is written", async (_, extra, message) => {
		const { statusCode, body } = await setup(extra);
		expect([statusCode, body.mode]).toEqual([500, "setup"]);
		expect(body.error).toContain(message);
		expect(server.keys("out")).toEqual([]);
	});
});

describe("finalize", () => {
	test("consolidates", async () => {
		await setup();
		expect((await send({ mode: "finalize", ...output() })).text).toBe('{"ok": true, "mode": "finalize"}');
		expect(Buffer.from(server.get("out", "x.zarr/zarr.json")!).toString()).toContain("consolidated_metadata");
	});

	test("says why it cannot, without a secret", async () => {
		server.fault = () => ({ status: 403, code: "AccessDenied" });
		const { statusCode, body, text } = await send({ mode: "finalize", ...output() });
		expect([statusCode, body.mode]).toEqual([500, "finalize"]);
		expect(body.error).toContain("AccessDenied");
		expect(text + lines.join()).not.toContain(SECRET);
	});
});

describe("a shard", () => {
	test.each([
		["shard_key", "Missing required parameters: shard_key"],
		["granule_urls", "Missing required parameters: granule_urls"],
		["s3_credentials", "Missing required parameters: s3_credentials"],
		["child_order", "Missing required parameters: child_order"],
	])("needs its %s", async (key, error) => {
		const { statusCode, body } = await send(without(key));
		expect([statusCode, body]).toEqual([400, { error }]);
	});

	test("does not take the old name of its key", async () => {
		const { statusCode, body } = await send({ ...without("shard_key"), parent_morton: 1 });
		expect([statusCode, body.error]).toEqual([400, "Missing required parameters: shard_key"]);
	});

	test("needs whole credentials", async () => {
		const { statusCode, body } = await send(event({ s3_credentials: { accessKeyId: "A" } }));
		expect([statusCode, body.error]).toEqual([400, "Missing s3_credentials keys: secretAccessKey, sessionToken"]);
	});

	test("without granules is told by its metadata, its key exact, and in the log", async () => {
		await setup();
		lines = [];
		const { statusCode, body, text } = await send(event());
		expect([statusCode, body.error, body.shard_key]).toEqual([500, "No granules found", SHARD_KEY]);
		expect(Object.keys(body)).toEqual([
			...["shard_key", "cells_with_data", "total_obs", "granule_count", "files_processed", "duration_s", "error"],
		]);
		expect(text.startsWith('{"shard_key": 12711972898206646278, "cells_with_data": 0, ')).toBe(true);
		const rule = "=".repeat(70);
		expect(lines.slice(0, 8)).toEqual([
			rule,
			"Lambda invocation started",
			"Request ID: id-1",
			"Function: process-shard",
			"Memory: 2048 MB",
			"Timeout: 720s",
			rule,
			`{"event_type": "lambda_invocation", "shard_key": 12711972898206646278, "granule_count": 0, "child_order": 12, "request_id": "id-1", "chunk_idx": [${gridFromConfig(config).blockIndex(SHARD_KEY)}]}`,
		]);
		expect(lines.at(-4)).toMatch(
			/^\{"event_type": "processing_complete", "shard_key": 12711972898206646278, .*"error": "No granules found", "request_id": "id-1"\}$/,
		);
		expect(lines.slice(-3)).toEqual([rule, "Lambda invocation completed successfully", rule]);
	});

	test("on a projected grid needs no orders", async () => {
		const grid = {
			type: "rectilinear",
			crs: "EPSG:3031",
			resolution: 5000,
			bounds: [-100000, -100000, 100000, 100000],
			chunk_shape: [10, 10],
		};
		const projected = { ...config, output: { grid } };
		const { statusCode, body } = await setup({ config: projected, parent_order: null, child_order: null });
		expect([statusCode, body]).toEqual([200, { ok: true, mode: "setup" }]);
		const { child_order: _, ...rest } = event({
			config: projected,
			parent_order: null,
			shard_key: 3,
			chunk_idx: [0, 3],
		});
		expect((await send(rest)).body.error).toBe("No granules found");
	});

	test("says that the store has no template", async () => {
		const { statusCode, body } = await send(event({ granule_urls: ["s3://granules/a.h5"] }));
		expect([statusCode, body]).toEqual([
			500,
			{
				shard_key: SHARD_KEY,
				cells_with_data: 0,
				total_obs: 0,
				granule_count: 1,
				files_processed: 0,
				duration_s: expect.any(Number),
				error: "Zarr template not found at s3://out/x.zarr/12/zarr.json",
			},
		]);
	});

	test("whose granules cannot be read is an error that says so, without a secret", async () => {
		await setup();
		const { statusCode, body, text } = await send(event({ granule_urls: ["nonsense"] }));
		expect(statusCode).toBe(500);
		expect(body.error).toContain("nothing could be read from its 1 granule");
		expect(text + lines.join()).not.toMatch(/read-secret|read-token|wJalr/);
	});

	test("of the dense layout has its place from the event", async () => {
		const grid = { ...(config.output.grid as object), layout: "dense" };
		const dense = { ...config, output: { ...config.output, grid } };
		await setup({ n_parent_cells: 3, config: dense });
		expect((await send(event({ config: dense, chunk_idx: [1] }))).body.error).toBe("No granules found");
	});
});

describe("exactShardKey", () => {
	test.each([0, 3, 6, 12, 18, 24])("finds every key of order %i again from its double", (order) => {
		const count = 12n * 4n ** BigInt(order);
		for (let step = 0n; step < 200n; step++) {
			const key = packWord((count * step) / 200n, order);
			expect(exactShardKey(Number(key), order)).toBe(key);
		}
	});

	test("takes small keys, exact ones and texts as they are", () => {
		expect(exactShardKey(17, null)).toBe(17n);
		expect(exactShardKey(SHARD_KEY, 6)).toBe(SHARD_KEY);
		expect(exactShardKey(String(SHARD_KEY), 6)).toBe(SHARD_KEY);
	});

	test("refuses to guess a key that is too fine for a double", () => {
		const key = packWord(12n * 4n ** 26n - 2n, 26);
		expect(() => exactShardKey(Number(key), 26)).toThrow("has lost digits on its way that order 26 does not tell");
		expect(exactShardKey(String(key), 26)).toBe(key);
	});

	test.each([1e18, 1.5, "x", null, Number(SHARD_KEY) + 4096])("refuses %s", (received) => {
		expect(() => exactShardKey(received, 6)).toThrow("is not the key of a shard");
	});
});
