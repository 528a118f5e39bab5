import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type S3TestServer, startS3Server } from "@zagg/test-servers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { consolidateMetadata } from "./consolidate.ts";
import { emitTemplate } from "./emit-template.ts";
import { collect } from "./fixtures/collect.ts";
import { healpixColumns, healpixGrid, rectilinearColumns, rectilinearGrid } from "./fixtures/sample-template.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { openLocalStore } from "./local-store.ts";
import { openStore } from "./open-store.ts";
import { storeTemplate } from "./template.ts";
import { writeShard } from "./write-shard.ts";
import type { ZarrStore } from "./zarr-store.ts";

const SECRET = "wJalrXUtnFEMI-secret";
const TOKEN = "FwoGZXIvYXdzE-token";
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

let server: S3TestServer;
let store: ZarrStore;
beforeAll(async () => {
	server = await startS3Server({ buckets: ["out"], pageSize: 2, requireAuthorization: true });
});
afterAll(() => server.close());

const open = (address: string): Promise<ZarrStore> =>
	openStore(address, {
		endpointUrl: server.url,
		credentials: { accessKeyId: "AKIA", secretAccessKey: SECRET, sessionToken: TOKEN },
	});

beforeEach(async () => {
	server.fault = undefined;
	for (const key of server.keys("out")) server.delete("out", key);
	store = await open("s3://out/a/b.zarr/");
	return () => store.close?.();
});

describe("a store on S3", () => {
	test("keeps objects below its prefix, and knows when there is none", async () => {
		expect(store.location).toBe("s3://out/a/b.zarr");
		await store.set("/12/zarr.json", bytes(1, 2, 3));
		expect(server.keys("out")).toEqual(["a/b.zarr/12/zarr.json"]);
		expect([...(await store.get("/12/zarr.json"))!]).toEqual([1, 2, 3]);
		expect(await store.get("/12/other")).toBeUndefined();
		await store.delete("/12/zarr.json");
		await store.delete("/12/zarr.json");
		expect(server.keys("out")).toEqual([]);
	});

	test("reads parts, shorter where the object ends", async () => {
		await store.set("/k", bytes(0, 1, 2, 3, 4));
		const part = async (range: { offset: number; length: number } | { suffixLength: number }) => [
			...((await store.getRange("/k", range)) ?? [-1]),
		];
		expect(await part({ offset: 1, length: 2 })).toEqual([1, 2]);
		expect(await part({ offset: 3, length: 9 })).toEqual([3, 4]);
		expect(await part({ offset: 9, length: 2 })).toEqual([]);
		expect(await part({ offset: 0, length: 0 })).toEqual([]);
		expect(await part({ suffixLength: 2 })).toEqual([3, 4]);
		expect(await store.getRange("/none", { offset: 0, length: 0 })).toBeUndefined();
	});

	test("lists and deletes across pages, and nothing outside of the prefix", async () => {
		server.put("out", "a/b.zarr.other/x", bytes(1));
		const keys = ["/1", "/x/1", "/x/2", "/x/deep/3", "/y/4", "/zarr.json"] as const;
		for (const key of keys) await store.set(key, bytes(1));
		expect((await collect(store.list("/"))).sort()).toEqual(keys);
		expect((await collect(store.listDirectories("/"))).sort()).toEqual(["x", "y"]);
		expect(await collect(store.listDirectories("/x/"))).toEqual(["deep"]);
		await store.deletePrefix("/x/");
		expect((await collect(store.list("/"))).sort()).toEqual(["/1", "/y/4", "/zarr.json"]);
		await store.deletePrefix("/");
		expect(server.keys("out")).toEqual(["a/b.zarr.other/x"]);
	});

	test("may be a whole bucket", async () => {
		const whole = await open("s3://out");
		await whole.set("/zarr.json", bytes(1));
		expect([whole.location, server.keys("out")]).toEqual(["s3://out", ["zarr.json"]]);
		expect(await collect(whole.list("/"))).toEqual(["/zarr.json"]);
		whole.close?.();
	});

	test.each([
		["healpix", storeTemplate(healpixGrid, healpixColumns), [161]],
		["rectilinear", storeTemplate(rectilinearGrid, rectilinearColumns), [1, 1]],
	] as const)("holds the very tree that a local store holds: %s", async (_, template, block) => {
		const directory = await temporaryDirectory();
		const local = await openLocalStore(directory, { create: true });
		for (const each of [local, store]) {
			expect(await emitTemplate(each, template)).toBe("created");
			const name = block.length === 1 ? "h_mean" : rectilinearColumns.fields[0]!.name;
			const cells = block.length === 1 ? 16 : 6;
			const data = Float32Array.from({ length: cells }, (_unused, index) => index / 3);
			await writeShard(each, template, block, [{ kind: "dense", name, dtype: "float32", trailingShape: [], data }]);
			await consolidateMetadata(each);
			expect(await emitTemplate(each, template)).toBe("kept");
		}
		const keys = (await collect(store.list("/"))).sort();
		expect(keys).toEqual((await collect(local.list("/"))).sort());
		expect(keys.length).toBeGreaterThan(8);
		for (const key of keys) {
			const file = await readFile(join(directory, key));
			expect(Buffer.from((await store.get(key))!).equals(file), key).toBe(true);
		}
	});
});

describe("failures of S3", () => {
	test.each([
		[403, "AccessDenied", "store/not-writable", "access-denied"],
		[400, "ExpiredToken", "store/not-writable", "access-denied"],
		[404, "NoSuchBucket", "store/not-writable", "usage"],
		[400, "MalformedThing", "store/io", "transport"],
		[429, "TooManyRequests", "store/io", "throttled"],
	])("status %i %s is %s of class %s, and tells no secret", async (status, name, code, failureClass) => {
		server.fault = () => ({ status, code: name });
		const error = await store.set("/k", bytes(1)).then(
			() => expect.unreachable(),
			(thrown: Error) => thrown,
		);
		expect(error).toMatchObject({ code, failureClass });
		expect(error.message).toBe(`could not write s3://out/a/b.zarr/k: ${name}: as scripted`);
		const told = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String(error.stack);
		expect(told).not.toContain(SECRET);
		expect(told).not.toContain(TOKEN);
	});

	test("a request that fails now and then is sent again", async () => {
		let calls = 0;
		server.fault = () => (++calls <= 2 ? { status: 503, code: "SlowDown" } : undefined);
		await store.set("/k", bytes(7));
		expect([calls, server.get("out", "a/b.zarr/k")]).toEqual([3, bytes(7)]);
	});

	test("a dead endpoint is named as a transport failure", async () => {
		const dead = await openStore("s3://out", {
			endpointUrl: "http://127.0.0.1:1",
			credentials: { accessKeyId: "a", secretAccessKey: SECRET },
		});
		await expect(dead.get("/k")).rejects.toMatchObject({ code: "store/io", failureClass: "transport" });
		dead.close?.();
	});
});
