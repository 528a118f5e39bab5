import { describe, expect, test } from "vitest";
import { consolidateMetadata } from "./consolidate.ts";
import { describeStore } from "./describe.ts";
import { emitTemplate } from "./emit-template.ts";
import { collect } from "./fixtures/collect.ts";
import { healpixColumns, healpixGrid, rectilinearColumns, rectilinearGrid } from "./fixtures/sample-template.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { openLocalStore } from "./local-store.ts";
import { openArray, readChunk } from "./open-array.ts";
import { storedBlockIndices, storedBlocks } from "./stored-blocks.ts";
import { storeTemplate } from "./template.ts";

async function sampleStore() {
	const store = await openLocalStore(await temporaryDirectory(), { create: true });
	await emitTemplate(store, storeTemplate(healpixGrid, healpixColumns));
	await emitTemplate(store, storeTemplate(rectilinearGrid, rectilinearColumns));
	return store;
}

describe("describeStore", () => {
	test("lists groups and arrays by path, with types, shapes, chunks and fill values", async () => {
		const store = await sampleStore();
		const description = await describeStore(store);
		expect(description.location).toBe(store.location);
		expect(description.groups.map(({ path }) => path)).toEqual(["", "4", "4/h_digest_ragged", "rectilinear"]);
		expect(description.groups[3]?.attributes.crs).toBe("EPSG:3031");
		expect(description.arrays.find(({ path }) => path === "4/h_limit")).toEqual({
			path: "4/h_limit",
			name: "h_limit",
			dtype: "uint64",
			shape: [3072],
			chunkShape: [16],
			fillValue: 2n ** 64n - 1n,
			dimensionNames: ["cells"],
			attributes: {},
		});
		expect(description.arrays.find(({ name }) => name === "h_inf")?.fillValue).toBe("-Infinity");
		expect(description.isConsolidated).toBe(false);
		await consolidateMetadata(store);
		expect((await describeStore(store)).isConsolidated).toBe(true);
	});

	test("a directory that is no store is not found", async () => {
		const store = await openLocalStore(await temporaryDirectory());
		await expect(describeStore(store)).rejects.toMatchObject({ code: "store/not-found" });
		await expect(consolidateMetadata(store)).rejects.toMatchObject({
			code: "store/not-found",
			message: `no root group at ${store.location}/zarr.json`,
		});
	});
});

describe("stored blocks", () => {
	test("come in order of their index, in two dimensions too", async () => {
		const store = await sampleStore();
		for (const index of ["1/0", "0/1", "0/0"])
			await store.set(`/rectilinear/count/c/${index}`, new Uint8Array(12).fill(1));
		for (const index of ["10", "9", "100"])
			await store.set(`/4/h_class/c/${index}`, new Uint8Array(16).fill(Number(index)));
		expect(await storedBlockIndices(store, "rectilinear/count")).toEqual([
			[0, 0],
			[0, 1],
			[1, 0],
		]);
		const blocks = await collect(storedBlocks(store, "4/h_class"));
		expect(blocks.map(({ blockIndex, data }) => [blockIndex[0], data[0]])).toEqual([
			[9, 9],
			[10, 10],
			[100, 100],
		]);
		expect(await storedBlockIndices(store, "4/count")).toEqual([]);
	});

	test("a chunk that is not stored reads as fill, 64-bit fills exactly", async () => {
		const store = await sampleStore();
		expect(await readChunk(await openArray(store, "4/h_limit"), [0])).toEqual(
			new BigUint64Array(16).fill(2n ** 64n - 1n),
		);
		expect((await readChunk(await openArray(store, "4/h_mean"), [0]))[5]).toBeNaN();
	});

	test("a chunk of the wrong length is an error that names it", async () => {
		const store = await sampleStore();
		await store.set("/4/count/c/3", new Uint8Array(60));
		await expect(collect(storedBlocks(store, "4/count"))).rejects.toMatchObject({
			code: "store/invalid",
			message: `chunk 3 of ${store.location}/4/count cannot be read: it holds 15 values, not 16`,
		});
		await store.set("/4/count/c/3", new Uint8Array(63));
		await expect(collect(storedBlocks(store, "4/count"))).rejects.toMatchObject({ code: "store/invalid" });
	});

	test("arrays that are missing, not numeric or sharded are refused", async () => {
		const store = await sampleStore();
		await expect(openArray(store, "4/h_none")).rejects.toMatchObject({ code: "store/not-found" });
		await expect(openArray(store, "4")).rejects.toMatchObject({ code: "store/not-found" });
		const count = JSON.parse(new TextDecoder().decode(await store.get("/4/count/zarr.json")));
		for (const change of [
			{ data_type: "string" },
			{ data_type: "complex64" },
			{ codecs: [{ name: "sharding_indexed" }] },
		]) {
			await store.set("/4/odd/zarr.json", new TextEncoder().encode(JSON.stringify({ ...count, ...change })));
			await expect(openArray(store, "4/odd"), JSON.stringify(change)).rejects.toMatchObject({
				code: "store/unsupported",
			});
		}
	});
});
