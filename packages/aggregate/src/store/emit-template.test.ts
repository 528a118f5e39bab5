import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { consolidateMetadata } from "./consolidate.ts";
import { assertTemplate, emitTemplate } from "./emit-template.ts";
import { collect } from "./fixtures/collect.ts";
import documents from "./fixtures/documents.json" with { type: "json" };
import { field, healpixColumns, healpixGrid, rectilinearColumns, rectilinearGrid } from "./fixtures/sample-template.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { openLocalStore } from "./local-store.ts";
import { storedBlocks } from "./stored-blocks.ts";
import { storeTemplate } from "./template.ts";
import type { ZarrStore } from "./zarr-store.ts";

const healpix = storeTemplate(healpixGrid, healpixColumns);
const rectilinear = storeTemplate(rectilinearGrid, rectilinearColumns);

async function newStore(): Promise<ZarrStore> {
	return openLocalStore(await temporaryDirectory(), { create: true });
}

async function textOf(store: ZarrStore, key: string): Promise<string> {
	return new TextDecoder().decode(await store.get(`/${key}`));
}

async function keysOf(store: ZarrStore): Promise<string[]> {
	return (await collect(store.list("/"))).sort();
}

describe("emitTemplate", () => {
	test("writes every document to the byte as zarr-python does, and so does the consolidation", async () => {
		const store = await newStore();
		expect(await emitTemplate(store, healpix)).toBe("created");
		expect(await emitTemplate(store, rectilinear)).toBe("created");
		const { "zarr.json (before consolidation)": rootBefore, "zarr.json": consolidated, ...nodes } = documents;
		expect(await textOf(store, "zarr.json")).toBe(rootBefore);
		for (const [key, text] of Object.entries(nodes)) expect(await textOf(store, key), key).toBe(text);

		await consolidateMetadata(store);
		expect(await textOf(store, "zarr.json")).toBe(consolidated);
		const chunks = ["/rectilinear/x/c/0", "/rectilinear/y/c/0", "/rectilinear/y/c/1"];
		expect(await keysOf(store)).toEqual(
			[...Object.keys(nodes).map((key) => `/${key}`), "/zarr.json", ...chunks].sort(),
		);
		await consolidateMetadata(store);
		expect(await textOf(store, "zarr.json")).toBe(consolidated);
	});

	test("writes the axes in chunks of the axis's own length, padded with zeros", async () => {
		const store = await newStore();
		await emitTemplate(store, rectilinear);
		const blocks = await collect(storedBlocks(store, "rectilinear/y"));
		expect(blocks).toEqual([
			{ blockIndex: [0], data: Float64Array.of(5.5, 4.5, 3.5, 2.5) },
			{ blockIndex: [1], data: Float64Array.of(1.5, 0.5, 0, 0) },
		]);
	});

	test("keeps a group that is the same, with its chunks, and writes axis values again", async () => {
		const store = await newStore();
		await emitTemplate(store, rectilinear);
		await store.set("/rectilinear/count/c/0/0", new Uint8Array(12));
		await store.set("/rectilinear/x/c/0", new Uint8Array(32));
		await consolidateMetadata(store);
		const before = await textOf(store, "zarr.json");
		expect(await emitTemplate(store, rectilinear)).toBe("kept");
		expect(await textOf(store, "zarr.json")).toBe(before);
		expect(await store.get("/rectilinear/count/c/0/0")).toHaveLength(12);
		const [x] = await collect(storedBlocks(store, "rectilinear/x"));
		expect(x?.data).toEqual(Float64Array.of(0.5, 1.5, 2.5, 3.5));
	});

	test("compares what documents say, not how they are laid out", async () => {
		const store = await newStore();
		await emitTemplate(store, healpix);
		const { storage_transformers: _, ...count } = JSON.parse(await textOf(store, "4/count/zarr.json"));
		const relaid = JSON.stringify(Object.fromEntries(Object.entries(count).reverse()));
		await store.set("/4/count/zarr.json", new TextEncoder().encode(relaid));
		expect(await emitTemplate(store, healpix)).toBe("kept");
		expect(await textOf(store, "4/count/zarr.json")).toBe(relaid);
	});

	test("refuses another group, says what differs, and leaves it alone", async () => {
		const store = await newStore();
		await emitTemplate(store, healpix);
		const before = await keysOf(store);
		const other = storeTemplate(
			{ ...healpixGrid, groupAttributes: { dggs: { name: "healpix", refinement_level: 5 } } },
			{
				coordinateFields: healpixColumns.coordinateFields,
				fields: [field("count", { dtype: "int64", fillValue: 0n }), field("h_new")],
			},
		);
		await expect(emitTemplate(store, other)).rejects.toMatchObject({
			code: "store/contains-other",
			message: expect.stringContaining(
				`${store.location}/4 already holds something else: 4: attributes.dggs.refinement_level 4 instead of 5;`,
			),
			remedy: expect.stringContaining("--overwrite"),
			context: {
				differences: expect.arrayContaining([
					'4/count: data_type "int32" instead of "int64"',
					"4/h_new is missing",
					"4/h_mean is not part of this configuration",
				]),
			},
		});
		expect(await keysOf(store)).toEqual(before);
	});

	test("completes a group that was interrupted before it had data, and refuses one that has some", async () => {
		const whole = await newStore();
		await emitTemplate(whole, rectilinear);
		const store = await newStore();
		for (const key of [
			"/zarr.json",
			`/${rectilinear.nodes[0]!.path}/zarr.json`,
			`/${rectilinear.nodes[1]!.path}/zarr.json`,
		]) {
			await store.set(key as `/${string}`, (await whole.get(key as `/${string}`))!);
		}
		expect(await emitTemplate(store, rectilinear)).toBe("kept");
		expect(await keysOf(store)).toEqual(await keysOf(whole));
		for (const key of await keysOf(whole))
			expect(await textOf(store, key.slice(1))).toBe(await textOf(whole, key.slice(1)));

		const last = rectilinear.nodes.at(-1)!.path;
		await store.deletePrefix(`/${last}/`);
		await store.set(`/${rectilinear.nodes.at(-2)!.path}/c/0/0`, Uint8Array.of(1));
		await expect(emitTemplate(store, rectilinear)).rejects.toThrow(`${last} is missing`);
	});

	test("overwrite clears the group, chunks included, and no other group", async () => {
		const store = await newStore();
		await emitTemplate(store, healpix);
		await emitTemplate(store, rectilinear);
		await store.set("/4/h_old/c/7", new Uint8Array(64));
		await store.set("/4/count/c/7", new Uint8Array(64));
		await store.set("/rectilinear/count/c/0/0", new Uint8Array(12));
		expect(await emitTemplate(store, healpix, { overwrite: true })).toBe("replaced");
		expect(await store.get("/4/h_old/c/7")).toBeUndefined();
		expect(await store.get("/4/count/c/7")).toBeUndefined();
		expect(await store.get("/rectilinear/count/c/0/0")).toHaveLength(12);
		await assertTemplate(store, healpix);
	});

	test("chunks without a group's document are not taken over silently", async () => {
		const store = await newStore();
		await emitTemplate(store, healpix);
		await store.set("/4/count/c/7", new Uint8Array(64));
		await store.delete("/4/zarr.json");
		await expect(emitTemplate(store, healpix)).rejects.toThrow("4 holds data, but is no Zarr group");
		expect(await emitTemplate(store, healpix, { overwrite: true })).toBe("replaced");
		expect(await store.get("/4/count/c/7")).toBeUndefined();
	});

	test.each([
		["an array", '{"zarr_format": 3, "node_type": "array"}', "a single Zarr array"],
		["no Zarr document", '{"hello": 1}', "a zarr.json that is no Zarr v3 group"],
		["no JSON", "{", "a zarr.json that is no Zarr v3 group"],
	])("a root that is %s is refused even with overwrite", async (_, root, what) => {
		const directory = await temporaryDirectory();
		await writeFile(join(directory, "zarr.json"), root);
		const store = await openLocalStore(directory);
		await expect(emitTemplate(store, healpix, { overwrite: true })).rejects.toMatchObject({
			code: "store/contains-other",
			message: `${store.location} holds ${what}; nothing was written`,
		});
		expect(await readdir(directory)).toEqual(["zarr.json"]);
	});

	test("a directory with somebody's other data is refused even with overwrite", async () => {
		const directory = await temporaryDirectory();
		await mkdir(join(directory, "4"));
		await writeFile(join(directory, "4", "thesis.tex"), "years of work");
		const store = await openLocalStore(directory, { create: true });
		await expect(emitTemplate(store, healpix, { overwrite: true })).rejects.toThrow("no zarr.json at its root");
		expect(await readdir(directory, { recursive: true })).toEqual(["4", join("4", "thesis.tex")]);
	});
});

describe("assertTemplate", () => {
	test("names the document that is missing", async () => {
		const store = await newStore();
		await expect(assertTemplate(store, healpix)).rejects.toMatchObject({
			code: "store/template-missing",
			message: `Zarr template not found at ${store.location}/4/zarr.json`,
		});
		await emitTemplate(store, healpix);
		await store.delete("/4/h_mean/zarr.json");
		await expect(assertTemplate(store, healpix)).rejects.toThrow(`not found at ${store.location}/4/h_mean/zarr.json`);
	});

	test("accepts other attributes, and refuses arrays that are stored differently", async () => {
		const store = await newStore();
		await emitTemplate(store, healpix);
		await assertTemplate(store, storeTemplate({ ...healpixGrid, groupAttributes: {} }, healpixColumns));
		const coarser = storeTemplate({ ...healpixGrid, chunkShape: [64], cellsPerShard: 64 }, healpixColumns);
		await expect(assertTemplate(store, coarser)).rejects.toMatchObject({
			code: "store/contains-other",
			message: expect.stringContaining("4/cell_ids: chunk_grid.configuration.chunk_shape [16] instead of [64]"),
		});
	});
});

describe("storeTemplate", () => {
	test("lists the group, axes, coordinates, variables and ragged groups in this order", () => {
		expect(rectilinear.nodes.map(({ path }) => path)).toEqual([
			"rectilinear",
			"rectilinear/x",
			"rectilinear/y",
			"rectilinear/count",
			"rectilinear/h_inf",
		]);
		expect(healpix.nodes.map(({ path }) => path)).toEqual([
			...["4", "4/cell_ids", "4/morton", "4/count", "4/h_mean", "4/h_min", "4/h_limit", "4/h_class"],
			...[
				"4/edges",
				"4/spectra",
				"4/h_digest",
				"4/h_digest_ragged",
				"4/h_digest_ragged/offsets",
				"4/h_digest_ragged/values",
			],
		]);
	});

	test.each(["", "..", "a/b", "__a", "zarr.json", "100%", "a#b"])("refuses the name '%s'", (name) => {
		expect(() => storeTemplate(healpixGrid, { coordinateFields: [], fields: [field(name)] })).toThrow(
			`'${name}' cannot be the name of a Zarr array`,
		);
	});

	test("refuses two outputs of one name", () => {
		expect(() => storeTemplate(rectilinearGrid, { coordinateFields: [], fields: [field("x")] })).toThrow(
			"two outputs would be stored at rectilinear/x",
		);
	});
});
