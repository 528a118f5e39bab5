import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { NumericArray, NumericType } from "@zagg/hdf5";
import { describe, expect, test } from "vitest";
import type { DenseColumn } from "../reduce/index.ts";
import { emitTemplate } from "./emit-template.ts";
import { collect } from "./fixtures/collect.ts";
import { field, healpixColumns, healpixGrid, rectilinearColumns, rectilinearGrid } from "./fixtures/sample-template.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { openLocalStore } from "./local-store.ts";
import { openArray, readChunk } from "./open-array.ts";
import { storeTemplate } from "./template.ts";
import { writeShard } from "./write-shard.ts";

const template = storeTemplate(healpixGrid, healpixColumns);

function dense(name: string, dtype: NumericType, data: NumericArray, trailingShape: number[] = []): DenseColumn {
	return { kind: "dense", name, dtype, trailingShape, data };
}

async function storeWith(emitted = template) {
	const store = await openLocalStore(await temporaryDirectory(), { create: true });
	await emitTemplate(store, emitted);
	return store;
}

const sixteen = Array.from({ length: 16 }, (_, index) => index);

describe("writeShard", () => {
	test("writes one chunk per column: raw little-endian values in rank order", async () => {
		const store = await storeWith();
		const values = Float32Array.from(sixteen, (i) => i / 4);
		await writeShard(
			store,
			template,
			[161],
			[
				dense("h_mean", "float32", values),
				dense(
					"cell_ids",
					"uint64",
					BigUint64Array.from(sixteen, (i) => BigInt(161 * 16 + i)),
				),
				dense(
					"edges",
					"int64",
					BigInt64Array.from({ length: 32 }, (_, i) => BigInt(-i)),
					[2],
				),
				dense(
					"spectra",
					"float64",
					Float64Array.from({ length: 96 }, (_, i) => i),
					[2, 3],
				),
			],
		);
		expect(new Uint8Array((await store.get("/4/h_mean/c/161"))!)).toEqual(new Uint8Array(values.buffer));
		expect(await store.get("/4/cell_ids/c/161")).toHaveLength(128);
		expect(await store.get("/4/edges/c/161/0")).toHaveLength(256);
		expect(await store.get("/4/spectra/c/161/0/0")).toHaveLength(768);
		const cellIds = await readChunk(await openArray(store, "4/cell_ids"), [161]);
		expect(cellIds[15]).toBe(2591n);
	});

	test("casts to the array's type", async () => {
		const store = await storeWith();
		await writeShard(
			store,
			template,
			[0],
			[
				dense(
					"count",
					"float64",
					Float64Array.from(sixteen, (i) => i + 0.9),
				),
			],
		);
		const stored = await readChunk(await openArray(store, "4/count"), [0]);
		expect(stored).toEqual(Int32Array.from(sixteen));
	});

	test("does not store a chunk that is all fill value, and removes one that is there", async () => {
		const store = await storeWith();
		const write = (data: Float32Array) => writeShard(store, template, [3], [dense("h_mean", "float32", data)]);
		await write(Float32Array.from(sixteen));
		expect(await store.get("/4/h_mean/c/3")).toHaveLength(64);
		await write(new Float32Array(16).fill(Number.NaN));
		expect(await store.get("/4/h_mean/c/3")).toBeUndefined();
		const rest = [
			dense("count", "int32", new Int32Array(16)),
			dense("h_min", "float32", new Float32Array(16).fill(0.1)),
			dense("h_limit", "uint64", new BigUint64Array(16).fill(2n ** 64n - 1n)),
			dense("edges", "int64", new BigInt64Array(32).fill(-(2n ** 63n)), [2]),
		];
		await writeShard(store, template, [3], rest);
		for (const { name } of rest) expect(await readdir(join(store.location, "4", name))).toEqual(["zarr.json"]);
	});

	test("minus zero is not a fill value of zero", async () => {
		const store = await storeWith();
		await writeShard(store, template, [3], [dense("spectra", "float64", new Float64Array(96).fill(-0), [2, 3])]);
		const stored = await readChunk(await openArray(store, "4/spectra"), [3, 0, 0]);
		expect(Object.is(stored[0], -0)).toBe(true);
		await writeShard(store, template, [3], [dense("spectra", "float64", new Float64Array(96), [2, 3])]);
		expect(await store.get("/4/spectra/c/3/0/0")).toBeUndefined();
	});

	test("places a projected shard at its row and column of blocks", async () => {
		const projected = storeTemplate(rectilinearGrid, rectilinearColumns);
		const store = await storeWith(projected);
		await writeShard(store, projected, [1, 0], [dense("count", "uint16", Uint16Array.of(1, 2, 3, 4, 5, 6))]);
		expect(await readdir(join(store.location, "rectilinear/count/c/1"))).toEqual(["0"]);
	});

	test("leaves out coordinates that the template does not have, and writes nothing for no columns", async () => {
		const bare = storeTemplate(healpixGrid, { coordinateFields: [], fields: [field("h_mean")] });
		const store = await storeWith(bare);
		await writeShard(store, bare, [0], [dense("morton", "uint64", new BigUint64Array(16).fill(1n))]);
		await writeShard(store, bare, [0], []);
		expect((await collect(store.list("/4/"))).sort()).toEqual(["/4/h_mean/zarr.json", "/4/zarr.json"]);
	});

	test("refuses columns that do not fit, before it writes any", async () => {
		const store = await storeWith();
		const good = dense("h_mean", "float32", Float32Array.from(sixteen));
		const cases: [DenseColumn, string][] = [
			[dense("h_min", "float32", new Float32Array(8)), "Expected 16 rows for chunk_shape=(16,), got 8"],
			[
				dense("edges", "int64", new BigInt64Array(64), [4]),
				"vector field 'edges': trailing chunk (2,) must equal trailing shape (4,) (the payload dim must be one whole chunk)",
			],
			[dense("h_new", "float32", new Float32Array(16)), "group 4 of the template has no place for column 'h_new'"],
		];
		for (const [column, message] of cases) {
			await expect(writeShard(store, template, [0], [good, column])).rejects.toMatchObject({
				code: "store/invalid",
				message,
			});
		}
		expect(await store.get("/4/h_mean/c/0")).toBeUndefined();
	});

	test("a failing write is reported once all others have ended, and leaves no part of a chunk", async () => {
		const store = await storeWith();
		const finished: string[] = [];
		const failing = {
			...store,
			async set(key: `/${string}`, value: Uint8Array) {
				if (key === "/4/count/c/0") throw new Error("disk on fire");
				await store.set(key, value);
				finished.push(key);
			},
		};
		const columns = [
			dense("count", "int32", Int32Array.from(sixteen)),
			dense("h_mean", "float32", Float32Array.from(sixteen)),
		];
		await expect(writeShard(failing, template, [0], columns)).rejects.toThrow("disk on fire");
		expect(finished).toEqual(["/4/h_mean/c/0"]);
		expect(await store.get("/4/count/c/0")).toBeUndefined();
	});
});
