import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHdf5File } from "@zagg/hdf5/writer";
import { type HttpTestServer, type S3TestServer, startHttpServer, startS3Server } from "@zagg/test-servers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { defaultConfig, gridFromConfig, resolvePipeline } from "../config/index.ts";
import { emitTemplate, openStore, storeTemplate } from "../store/index.ts";
import { granuleOpener } from "./open-granule.ts";
import { runShard, type ShardTask } from "./run-shard.ts";

const BEAMS = ["gt1l", "gt2r", "gt3l"];
const SEGMENTS = 40_000;
const TOKEN = "eyJ0eXAiOiJKV1Qi-token";

const config = defaultConfig("atl06");
const grid = gridFromConfig(config);

let folder: string;
let paths: string[];
let shardKey: bigint;
let http: HttpTestServer;
let s3: S3TestServer;

/** A track along a meridian: a tenth of it, in the middle, is about what one shard sees. */
async function writeGranule(path: string, longitude: number): Promise<void> {
	await using file = await createHdf5File(path);
	for (const [beam, name] of BEAMS.entries()) {
		const group = `/${name}/land_ice_segments`;
		const layout = { chunkShape: [2000], deflateLevel: 1 };
		const latitude = Float64Array.from({ length: SEGMENTS }, (_, index) => -75 + (index * 10) / SEGMENTS);
		const noise = Float32Array.from({ length: SEGMENTS }, (_, index) => Math.sin(index * 12.9898 + beam) * 100);
		await file.writeDataset(`${group}/latitude`, latitude, layout);
		await file.writeDataset(`${group}/longitude`, new Float64Array(SEGMENTS).fill(longitude + beam * 0.05), layout);
		await file.writeDataset(`${group}/h_li`, noise, layout);
		await file.writeDataset(
			`${group}/h_li_sigma`,
			noise.map((value) => 0.1 + Math.abs(value) / 1000),
			layout,
		);
		await file.writeDataset(`${group}/atl06_quality_summary`, new Int8Array(SEGMENTS), layout);
		// What no config reads: it must not travel.
		await file.writeDataset(`${group}/dem/dem_h`, Float64Array.from(noise), layout);
	}
	await file.close();
}

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "zagg-remote-"));
	paths = ["a.h5", "b.h5", "c.h5"].map((name) => join(folder, name));
	for (const [index, path] of paths.entries()) await writeGranule(path, 20 + index * 0.1);
	shardKey = grid.shardKeysOf(Float64Array.of(-70), Float64Array.of(20.1))[0]!;
	[http, s3] = await Promise.all([startHttpServer(), startS3Server({ buckets: ["out"], requireAuthorization: true })]);
	for (const path of paths) {
		const bytes = new Uint8Array(await readFile(path));
		http.files.set(path, bytes);
		s3.put("granules", path.slice(1), bytes);
	}
});
afterAll(async () => {
	await Promise.all([http?.close(), s3?.close()]);
	await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
	for (const server of [http, s3]) {
		server.fault = undefined;
		server.requests.length = 0;
	}
});

const credentials = { accessKeyId: "AKIA", secretAccessKey: "secret" };

function taskFor(driver: string, storePath: string): ShardTask {
	const address = { file: "", https: http.url, s3: "s3://granules" }[driver]!;
	const s3Access = { credentials, endpointUrl: s3.url };
	return {
		config,
		shardKey,
		granules: paths.map((path) => address + path),
		driver,
		granuleAccess: { bearerToken: TOKEN, s3: s3Access },
		storePath,
		storeOptions: s3Access,
	};
}

async function run(task: ShardTask) {
	const warnings: string[] = [];
	const store = await openStore(task.storePath, { ...task.storeOptions, create: true });
	await emitTemplate(store, storeTemplate(grid, resolvePipeline(config)));
	const tree = new Map<string, string>();
	try {
		const metadata = await runShard(task, { log: { info: () => {}, warn: (line) => warnings.push(line) } });
		for await (const key of store.list("/")) tree.set(key, Buffer.from((await store.get(key))!).toString("base64"));
		return { metadata, tree, warnings };
	} finally {
		store.close?.();
	}
}

describe("a shard of three granules", () => {
	test("is the same from files, over HTTPS and from S3, and in a store on S3", async () => {
		const local = await run(taskFor("file", join(folder, "file.zarr")));
		expect(local.metadata.total_obs).toBeGreaterThan(3000);
		expect(local.metadata.files_processed).toBe(3);
		expect(local.metadata).not.toHaveProperty("bytes_read");
		expect([...local.tree.keys()].filter((key) => key.includes("/c/")).length).toBeGreaterThan(5);
		for (const driver of ["https", "s3"]) {
			const remote = await run(taskFor(driver, `s3://out/${driver}.zarr`));
			expect(remote.tree, driver).toEqual(local.tree);
			const { duration_s, bytes_read, requests, ...metadata } = remote.metadata;
			expect({ ...metadata, duration_s: local.metadata.duration_s }).toEqual(local.metadata);
			expect([duration_s >= 0, bytes_read! > 0, requests! > 0]).toEqual([true, true, true]);
		}
	});

	test("asks for less than all of the granules, and counts what came", async () => {
		const { metadata } = await run(taskFor("https", join(folder, "counted.zarr")));
		const all = [...http.files.values()].reduce((sum, { length }) => sum + length, 0);
		const sent = http.requests.reduce((sum, { bytesSent }) => sum + bytesSent, 0);
		expect([metadata.bytes_read, metadata.requests]).toEqual([sent, http.requests.length]);
		expect(sent).toBeLessThan(all * 0.5);
		expect(http.requests.length).toBeLessThan(100);
	});

	test("reads the beams of a granule together, and opens the next granule meanwhile", async () => {
		let underWay = 0;
		let most = 0;
		http.fault = () => {
			most = Math.max(most, ++underWay);
			setTimeout(() => underWay--, 20);
			return { delayMilliseconds: 20 };
		};
		await run(taskFor("https", join(folder, "together.zarr")));
		expect(most).toBeGreaterThan(BEAMS.length);
		const order = http.requests.map(({ path }) => paths.indexOf(path));
		expect(order.indexOf(1)).toBeLessThan(order.lastIndexOf(0));
		expect(order.indexOf(2)).toBeGreaterThan(order.lastIndexOf(0));
	});

	test("goes on without a granule that is not there, and names it", async () => {
		const task = taskFor("https", join(folder, "missing.zarr"));
		const missing = `${http.url}/none.h5`;
		const { metadata, warnings } = await run({ ...task, granules: [missing, ...task.granules] });
		expect([metadata.granule_count, metadata.files_processed]).toEqual([4, 3]);
		expect(metadata.read_errors).toMatchObject([{ granule: missing, group: null, code: "hdf5/no-file" }]);
		expect(warnings).toEqual([expect.stringContaining(`Error processing file ${missing}: `)]);
	});

	test.each(["https", "s3"])("fails as access denied where every granule is refused: %s", async (driver) => {
		const server = driver === "https" ? http : s3;
		server.fault = () => ({ status: 403, code: "AccessDenied" });
		const error = await run(taskFor(driver, join(folder, `denied-${driver}.zarr`))).then(
			() => expect.unreachable(),
			(thrown: Error) => thrown,
		);
		expect(error).toMatchObject({ code: "shard/read-failed", failureClass: "access-denied" });
		expect(
			JSON.stringify({ ...error, shardKey: "" }, (_, value) => (typeof value === "bigint" ? "" : value)),
		).not.toContain(TOKEN);
	});

	test("stops when it is cancelled, with nothing left open", async () => {
		http.fault = () => ({ delayMilliseconds: 30 });
		const task = taskFor("https", join(folder, "cancelled.zarr"));
		const store = await openStore(task.storePath, { create: true });
		await emitTemplate(store, storeTemplate(grid, resolvePipeline(config)));
		const controller = new AbortController();
		setTimeout(() => controller.abort(new Error("enough")), 80);
		const options = { log: { info: () => {}, warn: () => {} }, signal: controller.signal };
		await expect(runShard(task, options)).rejects.toThrow("enough");
		const asked = http.requests.length;
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect(http.requests.length).toBe(asked);
		expect((await readdir(join(folder, "cancelled.zarr/12/h_mean"))).sort()).toEqual(["zarr.json"]);
	});
});

describe("the bearer token", () => {
	test.each([
		["https://data.nsidc.earthdatacloud.nasa.gov/a.h5", true],
		["https://n5eil01u.ecs.nsidc.org/a.h5", true],
		["https://evil.example/a.h5", false],
		["https://nasa.gov.evil.example/a.h5", false],
		["https://notnasa.gov/a.h5", false],
	])("goes to NASA's archives only: %s %s", async (url, isSent) => {
		const authorizations: (string | null)[] = [];
		const original = globalThis.fetch;
		globalThis.fetch = async (_input, init) => {
			authorizations.push(new Headers(init?.headers).get("authorization"));
			return new Response(null, { status: 404 });
		};
		try {
			const { open } = await granuleOpener("https", { bearerToken: TOKEN });
			await expect(open(url, {})).rejects.toMatchObject({ code: "hdf5/no-file" });
		} finally {
			globalThis.fetch = original;
		}
		expect(authorizations).toEqual([isSent ? `Bearer ${TOKEN}` : null]);
	});

	test("reaches a server of this machine, which asks for it", async () => {
		await run(taskFor("https", join(folder, "token.zarr")));
		expect(new Set(http.requests.map(({ headers }) => headers.authorization))).toEqual(new Set([`Bearer ${TOKEN}`]));
	});
});

test("a driver that is not known is refused with those that are", async () => {
	await expect(granuleOpener("ftp")).rejects.toMatchObject({
		code: "config/invalid",
		message: "Unknown driver: 'ftp' (expected file, https or s3)",
	});
});
