import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { configToRecord, defaultConfig, gridFromConfig, parseJson, stringifyJson } from "@zagg/aggregate";
import { type S3TestServer, startS3Server } from "@zagg/test-servers";
import { build } from "tsup";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { zipFunction } from "../scripts/zip-function.ts";
import { functionBundle } from "../tsup.function.ts";
import { type LambdaDevServer, startLambdaDevServer } from "./dev/dev-server.ts";
import { localObjects, storedObjects, type TestShard, track, writeGranule } from "./testing.ts";

const AIM_ZIPPED_BYTES = 5e6;
// The aim is 300 ms on a machine that does nothing else; tests share theirs.
const LONGEST_IMPORT_MILLISECONDS = 1500;

const shared = join(import.meta.dirname, "../../../../shared");
const realGranules = join(shared, "data/atl06");
const expectedShards = join(shared, "golden/atl06/expected.json");

let folder: string;
let bundle: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "zagg-bundle-"));
	bundle = join(folder, "index.mjs");
	await build({ ...functionBundle, outDir: folder, silent: true, config: false });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the function's bundle", () => {
	test("imports alone, and soon", () => {
		const script = `const start = performance.now(); const { handler } = await import(${JSON.stringify(bundle)}); console.log(typeof handler, performance.now() - start);`;
		const told = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
			cwd: folder,
			encoding: "utf8",
			env: {},
		});
		const [kind, milliseconds] = told.split(" ");
		expect(kind).toBe("function");
		expect(Number(milliseconds)).toBeLessThan(LONGEST_IMPORT_MILLISECONDS);
	});

	test("makes one small ZIP file, the same in every time zone", async () => {
		const { TZ } = process.env;
		const zips: Buffer[] = [];
		for (const zone of ["UTC", "Asia/Tokyo"]) {
			process.env.TZ = zone;
			const target = join(folder, "function.zip");
			await zipFunction(bundle, target);
			zips.push(await readFile(target));
		}
		if (TZ === undefined) delete process.env.TZ;
		else process.env.TZ = TZ;
		expect(zips[0]!.equals(zips[1]!)).toBe(true);
		expect(zips[0]!.length).toBeLessThan(AIM_ZIPPED_BYTES);
		expect(zips[0]!.length).toBeLessThan((await stat(bundle)).size);
	});
});

describe("the bundle on the local Lambda, through the AWS SDK", () => {
	const SECRETS = ["read-secret", "read-token", "write-secret"];
	const config = defaultConfig("atl06");
	const log: string[] = [];
	let s3: S3TestServer;
	let lambda: LambdaDevServer;
	let client: LambdaClient;
	beforeAll(async () => {
		s3 = await startS3Server({ buckets: ["out", "granules"], requireAuthorization: true });
		lambda = await startLambdaDevServer({
			bundle,
			concurrency: 2,
			environment: { AWS_ENDPOINT_URL_S3: s3.url },
			onLog: (line) => log.push(line),
		});
		client = new LambdaClient({
			endpoint: lambda.url,
			region: "us-west-2",
			maxAttempts: 1,
			credentials: { accessKeyId: "a", secretAccessKey: "b" },
		});
	});
	afterAll(async () => {
		client.destroy();
		await lambda.close();
		await s3.close();
	});
	beforeEach(() => {
		log.length = 0;
		for (const key of s3.keys("out")) s3.delete("out", key);
	});

	async function invoke(event: object): Promise<{ statusCode: number; body: Record<string, unknown> }> {
		const output_credentials = { accessKeyId: "AKIA", secretAccessKey: SECRETS[2], endpointUrl: s3.url };
		const Payload = stringifyJson({ ...event, store_path: "s3://out/x.zarr", output_credentials });
		const reply = await client.send(new InvokeCommand({ FunctionName: "process-shard", Payload }));
		const text = reply.Payload!.transformToString();
		expect(reply.FunctionError, text).toBeUndefined();
		const { statusCode, body } = JSON.parse(text) as { statusCode: number; body: string };
		return { statusCode, body: parseJson(body) as Record<string, unknown> };
	}

	/** Sets up, runs every shard, finalizes. @returns the metadata of the shards */
	async function runAll(shards: readonly TestShard[]): Promise<Record<string, unknown>[]> {
		for (const path of new Set(shards.flatMap(({ granules }) => granules))) {
			s3.put("granules", basename(path), await readFile(path));
		}
		const grid = gridFromConfig(config);
		const record = configToRecord(config);
		const orders = { parent_order: 6, child_order: 12 };
		const setUp = await invoke({ mode: "setup", ...orders, n_parent_cells: null, overwrite: false, config: record });
		expect(setUp).toEqual({ statusCode: 200, body: { ok: true, mode: "setup" } });
		const replies = [];
		for (const { shardKey, granules } of shards) {
			const { statusCode, body } = await invoke({
				chunk_idx: grid.blockIndex(shardKey),
				shard_key: shardKey,
				...orders,
				granule_urls: granules.map((path) => `s3://granules/${basename(path)}`),
				s3_credentials: { accessKeyId: "ASIA", secretAccessKey: SECRETS[0], sessionToken: SECRETS[1] },
				config: record,
			});
			expect([statusCode, body.shard_key]).toEqual([body.error === null ? 200 : 500, shardKey]);
			replies.push(body);
		}
		const finalized = await invoke({ mode: "finalize" });
		expect(finalized).toEqual({ statusCode: 200, body: { ok: true, mode: "finalize" } });
		expect(lambda.coldStarts()).toBe(1);
		for (const secret of SECRETS) expect(log.join()).not.toContain(secret);
		return replies;
	}

	test("makes the local backend's store, byte for byte, from small granules", async () => {
		const granules = [join(folder, "a.h5"), join(folder, "b.h5")];
		const path = track([-80.2, 20], [-80.6, 20.5], 900);
		await writeGranule(granules[0]!, [path, track([-80.2, 21], [-80.5, 21.5], 700)]);
		await writeGranule(granules[1]!, [track([-80.6, 19.8], [-80.1, 20.6], 800)]);
		const keys = gridFromConfig(config).shardKeysOf(path.latitudes, path.longitudes);
		const shards = keys.map((shardKey) => ({ shardKey, granules }));
		const replies = await runAll(shards);
		expect(replies.map(({ error }) => error)).toEqual(shards.map(() => null));
		expect(replies.reduce((sum, { total_obs }) => sum + Number(total_obs), 0)).toBeGreaterThan(800);
		expect(storedObjects(s3, "out", "x.zarr/")).toEqual(await localObjects(config, shards, folder));
	}, 60_000);

	test.skipIf(!existsSync(realGranules))(
		"makes the local backend's store, byte for byte, from five real granules (needs ../shared)",
		async () => {
			const expected = parseJson(readFileSync(expectedShards, "utf8")) as Record<
				string,
				{ granules: string[]; block: number[]; meta: object }
			>;
			const shards = Object.entries(expected).map(([key, { granules }]) => ({
				shardKey: BigInt(key),
				granules: granules.map((name) => join(realGranules, name)),
			}));
			const replies = await runAll(shards);
			for (const { shard_key, total_obs, cells_with_data, error } of replies) {
				expect(expected[String(shard_key)]!.meta).toMatchObject({ total_obs, cells_with_data, error });
			}
			const stored = storedObjects(s3, "out", "x.zarr/");
			expect(stored).toEqual(await localObjects(config, shards, folder));
			expect(stored.size).toBeGreaterThan(60);
		},
		60_000,
	);
});
