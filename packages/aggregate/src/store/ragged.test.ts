import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RaggedColumn } from "../reduce/index.ts";
import { emitTemplate } from "./emit-template.ts";
import { collect } from "./fixtures/collect.ts";
import { field, healpixGrid } from "./fixtures/sample-template.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { openLocalStore } from "./local-store.ts";
import { raggedCells, readRagged, writeRagged } from "./ragged.ts";
import { storeTemplate } from "./template.ts";
import { writeShard } from "./write-shard.ts";

const template = storeTemplate(healpixGrid, {
	coordinateFields: [],
	fields: [
		field("digest", { kind: "ragged", innerShape: [2] }),
		field("heights", { kind: "ragged", dtype: "int32", fillValue: 0, innerShape: [1] }),
	],
});
const path = "4/digest_ragged";

function digest(rowsOfCells: ReadonlyMap<number, readonly number[]>): RaggedColumn {
	const offsets = [0];
	for (const rows of rowsOfCells.values()) offsets.push(offsets.at(-1)! + rows.length / 2);
	return {
		kind: "ragged",
		name: "digest",
		dtype: "float32",
		innerShape: [2],
		data: Float32Array.from([...rowsOfCells.values()].flat()),
		cellRanks: Uint32Array.from(rowsOfCells.keys()),
		offsets: Uint32Array.from(offsets),
	};
}

async function newStore() {
	const store = await openLocalStore(await temporaryDirectory(), { create: true });
	await emitTemplate(store, template);
	return store;
}

describe("ragged fields", () => {
	test("come back as compressed sparse rows, cell by cell", async () => {
		const store = await newStore();
		const column = digest(
			new Map([
				[0, [1, 2, 3, 4]],
				[2, [5, 6]],
				[5, [7, 8, 9, 10, 11, 12]],
			]),
		);
		await writeShard(store, template, [7], [column]);
		const block = await readRagged(store, path, [7]);
		expect(block).toEqual({
			innerShape: [2],
			data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
			cellRanks: Uint32Array.of(0, 2, 5),
			offsets: Uint32Array.of(0, 2, 3, 6),
		});
		expect([...raggedCells(block)]).toEqual([
			{ rank: 0, rows: Float32Array.of(1, 2, 3, 4) },
			{ rank: 2, rows: Float32Array.of(5, 6) },
			{ rank: 5, rows: Float32Array.of(7, 8, 9, 10, 11, 12) },
		]);
		expect((await readRagged(store, path, [8])).offsets).toEqual(Uint32Array.of(0));
	});

	test("two shards of one field share no object", async () => {
		const store = await newStore();
		const column = digest(new Map([[3, [1, 2]]]));
		await writeShard(store, template, [7], [column]);
		await writeShard(store, template, [8], [column]);
		const keys = (await collect(store.list(`/${path}/`))).filter((key) => !key.endsWith("zarr.json")).sort();
		expect(keys).toEqual(
			[7, 8]
				.flatMap((block) => [`/${path}/offsets/c/${block}/0`])
				.concat([7, 8].map((block) => `/${path}/values/c/${block}/0/0`)),
		);
	});

	test("rows beyond one chunk go into the next, and a later run with fewer takes them away", async () => {
		const store = await newStore();
		const layout = { ...template.ragged.get("heights")!, path: "4/heights_ragged" };
		const rows = layout.rowsPerChunk + 3;
		const long: RaggedColumn = {
			kind: "ragged",
			name: "heights",
			dtype: "int32",
			innerShape: [1],
			data: Int32Array.from({ length: rows }, (_, index) => index - 5),
			cellRanks: Uint32Array.of(15),
			offsets: Uint32Array.of(0, rows),
		};
		await writeRagged(store, layout, [0], long);
		expect((await readRagged(store, layout.path, [0])).data).toEqual(long.data);
		expect(await store.get("/4/heights_ragged/values/c/0/1/0")).toBeDefined();

		const short = { ...long, data: Int32Array.of(9), offsets: Uint32Array.of(0, 1) };
		await writeRagged(store, layout, [0], short);
		expect(await store.get("/4/heights_ragged/values/c/0/1/0")).toBeUndefined();
		expect((await readRagged(store, layout.path, [0])).data).toEqual(short.data);

		const none = { ...long, data: new Int32Array(0), cellRanks: new Uint32Array(0), offsets: Uint32Array.of(0) };
		await writeRagged(store, layout, [0], none);
		expect((await collect(store.list("/4/heights_ragged/"))).every((key) => key.endsWith("zarr.json"))).toBe(true);
	});

	test("any cells come back as they were, the empty ones left out", async () => {
		const store = await newStore();
		const cells = fc.array(fc.array(fc.float({ noNaN: true }), { maxLength: 6 }), { minLength: 16, maxLength: 16 });
		await fc.assert(
			fc.asyncProperty(cells, async (rowsOfRanks) => {
				const entries = rowsOfRanks.map((rows, rank) => [rank, rows.slice(0, rows.length & ~1)] as const);
				const filled = new Map(entries.filter(([, rows]) => rows.length > 0));
				await writeShard(store, template, [1], [digest(filled)]);
				const read = [...raggedCells(await readRagged(store, path, [1]))];
				expect(new Map(read.map(({ rank, rows }) => [rank, [...rows]]))).toEqual(filled);
			}),
			{ numRuns: 30 },
		);
	});

	test.each([
		["one offset too few", { offsets: Uint32Array.of(0) }, "offsets must begin with 0 and be one more than cells"],
		["rows that do not add up", { offsets: Uint32Array.of(0, 2) }, "the last offset must be the number of rows"],
		["a cell outside the shard", { cellRanks: Uint32Array.of(16) }, "cell ranks must ascend within the shard"],
		["another inner shape", { innerShape: [1, 2] }, "inner shape (1, 2) is not (2,)"],
	])("refuses %s", async (_, change, message) => {
		const store = await newStore();
		const column = { ...digest(new Map([[3, [1, 2]]])), ...change };
		await expect(writeShard(store, template, [0], [column])).rejects.toThrow(`ragged field 'digest': ${message}`);
	});
});
