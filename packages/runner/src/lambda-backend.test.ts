import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultConfig, gridFromConfig, gridSignature, type PipelineConfig, parseJson } from "@zagg/aggregate";
import { type ShardMap, writeShardMap } from "@zagg/catalog";
import { type LambdaInvocation, type LambdaReply, type LambdaTestServer, startLambdaServer } from "@zagg/test-servers";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type AggOptions, agg } from "./agg.ts";
import type { LambdaSummary } from "./summary.ts";

const config = defaultConfig("atl06");
const SECRETS = ["AKIA-read", "read-secret", "read-token", "write-secret"] as const;
const credentials = { accessKeyId: SECRETS[0], secretAccessKey: SECRETS[1], sessionToken: SECRETS[2] };

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "zagg-lambda-backend-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A map of so many shards, the n-th with the n-th count of granules. */
async function catalogOf(granuleCounts: readonly number[], of: PipelineConfig = config): Promise<string> {
	const grid = gridFromConfig(of, { populatedShards: [] });
	const map: ShardMap = {
		metadata: {},
		gridSignature: gridSignature(grid, of),
		shardKeys: granuleCounts.map((_, index) => 12711972898206646278n + BigInt(index) * (1n << 50n)),
		granules: granuleCounts.map((count) =>
			Array.from({ length: count }, (_, index) => ({ id: `${index}`, s3: `s3://bucket/${index}.h5`, https: null })),
		),
	};
	const path = join(folder, `${Math.random()}.json`);
	await writeShardMap(path, map);
	return path;
}

const modeOf = ({ event }: LambdaInvocation): string => (JSON.parse(event) as { mode?: string }).mode ?? "process";
const reply = (statusCode: number, body: unknown): LambdaReply => ({
	body: JSON.stringify({ statusCode, body: JSON.stringify(body) }),
});
/** Answers set-up and finalize; cells by the function. */
const answering =
	(cell: (index: number, invocation: LambdaInvocation) => LambdaReply) =>
	(invocation: LambdaInvocation): LambdaReply =>
		modeOf(invocation) === "process" ? cell(invocation.index - 1, invocation) : reply(200, { ok: true });

async function run(
	server: { answer: (invocation: LambdaInvocation) => LambdaReply; accountLimit?: number | null },
	options: AggOptions & { granuleCounts?: readonly number[] } = {},
): Promise<{ summary: LambdaSummary; server: LambdaTestServer; lines: string[] }> {
	const running = await startLambdaServer(server);
	onTestFinished(() => running.close());
	const lines: string[] = [];
	const log = (message: string): void => void lines.push(message);
	const { granuleCounts = [1, 3, 2], ...rest } = options;
	const summary = await agg(config, {
		catalog: await catalogOf(granuleCounts),
		store: "s3://out/x.zarr",
		backend: "lambda",
		granuleAccess: async () => ({ s3: { credentials: { ...credentials, expiration: "2026-01-01T00:00:00Z" } } }),
		lambda: { endpoint: running.url, credentials: { accessKeyId: "a", secretAccessKey: "b" } },
		log: { info: log, warn: log },
		...rest,
	});
	return { summary: summary as LambdaSummary, server: running, lines };
}

describe("agg on Lambda", () => {
	it("sets up, runs every cell with the biggest first, finalizes, and summarises with the published keys", async () => {
		const { summary, server, lines } = await run({
			answer: answering(() => reply(200, { total_obs: 3, duration_s: 2, error: null })),
		});
		expect(server.invocations.map(modeOf)).toEqual(["setup", "process", "process", "process", "finalize"]);
		const { wall_time_s, results, ...rest } = summary;
		expect(Object.keys(summary)).toEqual([
			...["total_cells", "cells_with_data", "cells_error", "total_obs", "wall_time_s", "lambda_time_s", "gb_seconds"],
			...["price_per_gb_sec", "estimated_cost_usd", "store_path", "backend", "function_name", "results"],
		]);
		expect(rest).toEqual({
			total_cells: 3,
			cells_with_data: 3,
			cells_error: 0,
			total_obs: 9,
			lambda_time_s: 6,
			gb_seconds: 12,
			price_per_gb_sec: 0.0000133334,
			estimated_cost_usd: 12 * 0.0000133334,
			store_path: "s3://out/x.zarr",
			backend: "lambda",
			function_name: "process-shard",
		});
		expect(wall_time_s).toBeGreaterThan(0);
		expect(results.map(({ granule_count }) => granule_count).sort()).toEqual([1, 2, 3]);
		const { wall_time, ...first } = results.find(({ granule_count }) => granule_count === 3)!;
		expect(first).toEqual({
			shard_key: 12713098798113488902n,
			status_code: 200,
			body: { total_obs: 3, duration_s: 2, error: null },
			lambda_duration: 2,
			error: null,
			retries: 0,
			timeout: false,
			granule_count: 3,
		});
		expect(Object.keys(results[0]!)).toEqual([
			...["shard_key", "status_code", "body", "wall_time", "lambda_duration", "error", "retries", "timeout"],
			"granule_count",
		]);
		expect(lines).toEqual([
			"Processing 3 of 3 cells (lambda)",
			"Account concurrency: limit=1000, current=0, padding=100, available=900 -> using 3 workers",
			expect.stringMatching(/^Done: 3 cells, 9 obs, 0 errors, \d+\.\ds$/),
			"Lambda compute: 6s total, 12 GB-s, ~$0.00",
		]);
	});

	it("starts with the cells of most granules, unless one cell was asked for", async () => {
		const answer = answering(() => reply(200, { total_obs: 0, duration_s: 0 }));
		const { server } = await run({ answer }, { maxWorkers: 1, granuleCounts: [1, 3, 2, 3] });
		const counts = server.invocations
			.filter((invocation) => modeOf(invocation) === "process")
			.map(({ event }) => (JSON.parse(event) as { granule_urls: string[] }).granule_urls.length);
		expect(counts).toEqual([3, 3, 2, 1]);
	});

	it("sends the events of the Python system, to the byte", async () => {
		const { server } = await run(
			{ answer: answering(() => reply(200, {})) },
			{
				granuleCounts: [2],
				overwrite: true,
				outputCredentials: { aws_access_key_id: "AKIA-w", aws_secret_access_key: SECRETS[3], endpoint_url: "http://s" },
			},
		);
		const output = `"output_credentials": {"accessKeyId": "AKIA-w", "secretAccessKey": "write-secret", "region": "us-west-2", "endpointUrl": "http://s"}}`;
		const [setup, cell, finalize] = server.invocations.map(({ event }) => event);
		const configText = /"config": (\{"data_source": .*"bounds": null\})/.exec(cell!)![1]!;
		expect(cell).toBe(
			`{"chunk_idx": [${JSON.parse(cell!).chunk_idx}], "shard_key": 12711972898206646278, "parent_order": 6, "granule_urls": ["s3://bucket/0.h5", "s3://bucket/1.h5"], "store_path": "s3://out/x.zarr", "s3_credentials": {"accessKeyId": "AKIA-read", "secretAccessKey": "read-secret", "sessionToken": "read-token"}, "child_order": 12, "config": ${configText}, ${output}`,
		);
		expect(setup).toBe(
			`{"mode": "setup", "store_path": "s3://out/x.zarr", "parent_order": 6, "child_order": 12, "n_parent_cells": null, "overwrite": true, "config": ${configText}, ${output}`,
		);
		expect(finalize).toBe(`{"mode": "finalize", "store_path": "s3://out/x.zarr", ${output}`);
		expect(Object.keys(parseJson(configText) as object)).toEqual([
			...["data_source", "aggregation", "output", "catalog", "bounds"],
		]);
	});

	it("counts cells without data as neither done nor failed, and every other refusal as failed", async () => {
		const answers = ["No granules found", "No data after filtering", "Failed to write zarr: denied"];
		const { summary, lines } = await run(
			{ answer: answering((index) => reply(500, { error: answers[index], duration_s: 1 })) },
			{ maxWorkers: 1 },
		);
		expect(summary).toMatchObject({ cells_with_data: 0, cells_error: 1, total_obs: 0, lambda_time_s: 3 });
		expect(summary.results.map(({ error }) => error)).toEqual(answers);
		expect(lines.filter((line) => line.includes("shard"))).toEqual([
			"  [3/3] shard 12711972898206646278: Failed to write zarr: denied",
		]);
	});

	it("keeps failed cells in the results, with what they cost", async () => {
		const { summary, server } = await run({
			answer: answering(() => ({
				delayMilliseconds: 30,
				functionError: "Unhandled",
				body: '{"errorMessage":"Task timed out after 3.00 seconds"}',
			})),
		});
		expect(server.invocations).toHaveLength(5);
		expect(summary).toMatchObject({ cells_error: 3, cells_with_data: 0 });
		expect(summary.lambda_time_s).toBeGreaterThan(0.08);
		expect(summary.results[0]).toMatchObject({
			status_code: null,
			body: {},
			error: 'Lambda timeout: {"errorMessage":"Task timed out after 3.00 seconds"}',
			retries: 0,
			timeout: true,
		});
	});

	it("keeps the cost of the worked example, computed once from the summed seconds", async () => {
		const durations = [0.1, 0.2, 0.3, 12.7];
		const { summary } = await run(
			{ answer: answering((index) => reply(200, { duration_s: durations[index] })) },
			{ maxWorkers: 1, granuleCounts: [1, 1, 1, 1] },
		);
		expect(summary).toMatchObject({
			lambda_time_s: 13.299999999999999,
			gb_seconds: 26.599999999999998,
			estimated_cost_usd: 0.00035466843999999996,
		});
	});

	it("finalizes once more when that fails, and keeps the results when it fails again", async () => {
		const failing = (failures: number) => {
			let left = failures;
			return (invocation: LambdaInvocation): LambdaReply => {
				if (modeOf(invocation) === "finalize" && left-- > 0) return reply(500, { error: "busy", mode: "finalize" });
				return reply(200, { duration_s: 1, total_obs: 1 });
			};
		};
		const once = await run({ answer: failing(1) });
		expect(once.summary).not.toHaveProperty("finalize_error");
		expect(once.server.invocations.map(modeOf).filter((mode) => mode === "finalize")).toHaveLength(2);
		const twice = await run({ answer: failing(2) });
		expect(twice.summary).toMatchObject({
			cells_with_data: 3,
			finalize_error: 'Lambda finalize error: {"error":"busy","mode":"finalize"}',
		});
	});

	it("runs nothing when the store cannot be set up", async () => {
		let invocations = 0;
		const answer = (): LambdaReply => {
			invocations++;
			return reply(500, { error: "no bucket", mode: "setup" });
		};
		await expect(run({ answer })).rejects.toMatchObject({
			code: "run/setup-failed",
			message: 'Lambda setup error: {"error":"no bucket","mode":"setup"}',
		});
		expect(invocations).toBe(1);
		await expect(run({ answer: () => ({ functionError: "Unhandled", body: "broken" }) })).rejects.toThrow(
			"Lambda setup failed: broken",
		);
	});

	it("stops the run when credentials are refused on the way", async () => {
		const counts: number[] = [];
		const answer = answering((index) => {
			counts.push(index);
			return { status: 403, errorName: "ExpiredTokenException" };
		});
		await expect(run({ answer }, { granuleCounts: Array(20).fill(1), maxWorkers: 1 })).rejects.toMatchObject({
			code: "dispatch/run-fatal",
		});
		expect(counts).toHaveLength(1);
	});

	it("stops when it is cancelled, and finalizes nothing", async () => {
		const controller = new AbortController();
		const { summary, server } = await run(
			{ answer: answering(() => reply(200, { duration_s: 1 })) },
			{ maxWorkers: 1, signal: controller.signal, onProgress: (done) => done === 1 && controller.abort() },
		);
		expect(summary.completion_reason).toBe("cancelled");
		expect(server.invocations.map(modeOf)).toEqual(["setup", "process"]);
	});

	it("asks for temporary credentials and a store on S3 before anything else", async () => {
		const catalog = await catalogOf([1]);
		const options = { catalog, backend: "lambda" };
		await expect(agg(config, { ...options, store: "out.zarr" })).rejects.toThrow(
			"Lambda backend requires s3:// store path, got: out.zarr",
		);
		await expect(agg(config, { ...options, store: "s3://out/x.zarr" })).rejects.toThrow(
			"missing: accessKeyId, secretAccessKey, sessionToken",
		);
		const access = { granuleAccess: async () => ({ s3: { credentials } }) };
		await expect(
			agg(config, { ...options, ...access, store: "s3://out/x", outputCredentials: { sessionToken: "t" } }),
		).rejects.toThrow("output_credentials is missing required field(s): accessKeyId, secretAccessKey (accepts");
	});

	it("tells no secret in its lines and summary", async () => {
		const { summary, lines } = await run(
			{ answer: answering((index) => (index === 0 ? { drop: true } : reply(500, { error: "no" }))) },
			{ outputCredentials: { accessKeyId: "AKIA-w", secretAccessKey: SECRETS[3] }, granuleCounts: [1, 1] },
		);
		const told = JSON.stringify([summary, lines], (_, value) => (typeof value === "bigint" ? `${value}` : value));
		expect(SECRETS.filter((secret) => told.includes(secret))).toEqual([]);
	});
});
