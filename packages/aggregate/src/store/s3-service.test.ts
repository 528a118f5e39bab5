import { randomUUID } from "node:crypto";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { createS3Reader } from "@zagg/hdf5/s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { consolidateMetadata } from "./consolidate.ts";
import { emitTemplate } from "./emit-template.ts";
import { collect } from "./fixtures/collect.ts";
import { healpixColumns, healpixGrid } from "./fixtures/sample-template.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { openLocalStore } from "./local-store.ts";
import { openStore } from "./open-store.ts";
import { storeTemplate } from "./template.ts";
import { writeShard } from "./write-shard.ts";
import type { ZarrStore } from "./zarr-store.ts";

const endpointUrl = process.env.ZAGG_TEST_S3_ENDPOINT;
const credentials = {
	accessKeyId: process.env.ZAGG_TEST_S3_ACCESS_KEY ?? "testing",
	secretAccessKey: process.env.ZAGG_TEST_S3_SECRET_KEY ?? "testing",
};

describe.skipIf(endpointUrl === undefined)("another S3 service (needs ZAGG_TEST_S3_ENDPOINT)", () => {
	const bucket = `zagg-${randomUUID()}`;
	let store: ZarrStore;

	beforeAll(async () => {
		const client = new S3Client({ endpoint: endpointUrl!, region: "us-east-1", credentials, forcePathStyle: true });
		await client.send(new CreateBucketCommand({ Bucket: bucket }));
		client.destroy();
		store = await openStore(`s3://${bucket}/a/out.zarr`, { endpointUrl, credentials, region: "us-east-1" });
	});
	afterAll(() => store?.close?.());

	test("holds the very tree that a local store holds", async () => {
		const local = await openLocalStore(await temporaryDirectory(), { create: true });
		const template = storeTemplate(healpixGrid, healpixColumns);
		const data = Float32Array.from({ length: 16 }, (_, index) => index / 3);
		for (const each of [local, store]) {
			await emitTemplate(each, template);
			const column = { kind: "dense", name: "h_mean", dtype: "float32", trailingShape: [], data } as const;
			await writeShard(each, template, [161], [column]);
			await consolidateMetadata(each);
		}
		const keys = (await collect(store.list("/"))).sort();
		expect(keys).toEqual((await collect(local.list("/"))).sort());
		for (const key of keys) expect(await store.get(key), key).toEqual(new Uint8Array((await local.get(key))!));
	});

	test("gives parts, lists directories and deletes a prefix", async () => {
		await store.set("/x/1", Uint8Array.of(0, 1, 2, 3));
		await store.set("/x/y/2", Uint8Array.of(1));
		expect(await store.getRange("/x/1", { offset: 1, length: 2 })).toEqual(Uint8Array.of(1, 2));
		expect(await store.getRange("/x/1", { suffixLength: 1 })).toEqual(Uint8Array.of(3));
		expect(await store.getRange("/x/1", { offset: 9, length: 1 })).toEqual(new Uint8Array());
		expect(await store.get("/x/none")).toBeUndefined();
		expect(await collect(store.listDirectories("/x/"))).toEqual(["y"]);
		await store.deletePrefix("/x/");
		expect(await collect(store.list("/x/"))).toEqual([]);
	});

	test("is told when the bucket is not there", async () => {
		const elsewhere = await openStore(`s3://${bucket}-none/out.zarr`, { endpointUrl, credentials });
		await expect(elsewhere.set("/k", Uint8Array.of(1))).rejects.toMatchObject({
			code: "store/not-writable",
			failureClass: "usage",
		});
		elsewhere.close?.();
	});

	test("serves granules by ranges", async () => {
		const granule = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7) ^ (index >> 8));
		await store.set("/granule.h5", granule);
		const reader = createS3Reader({ endpointUrl, credentials, region: "us-east-1" });
		const source = await reader.open(`s3://${bucket}/a/out.zarr/granule.h5`);
		expect([source.size, await source.read(200_000, 1000)]).toEqual([300_000, granule.subarray(200_000, 201_000)]);
		await expect(reader.open(`s3://${bucket}/none.h5`)).rejects.toMatchObject({ code: "hdf5/no-file" });
		reader.close();
	});
});
