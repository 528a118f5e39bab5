import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import h5wasm, { Dataset, File, Group } from "h5wasm/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Hdf5Error } from "./errors.ts";
import { openHdf5 } from "./file.ts";
import { openFileSource } from "./sources/file-source.ts";
import { bytesOf } from "./testing.ts";

beforeAll(() => h5wasm.ready);

/** Compares every dataset of the file with what the HDF5 library reads; returns how many were numbers. */
async function compareWithLibrary(path: string): Promise<{ numeric: number; refused: number }> {
	const oracle = new File(path, "r");
	const file = await openHdf5(await openFileSource(path));
	const counts = { numeric: 0, refused: 0 };

	async function compare(group: Group, groupPath: string): Promise<void> {
		const names = group.keys();
		expect(await file.list(groupPath)).toEqual([...names].sort());
		for (const name of names) {
			const item = group.get(name);
			const itemPath = `${groupPath}/${name}`;
			if (item instanceof Group) await compare(item, itemPath);
			if (item instanceof Dataset) await compareDataset(item, itemPath);
		}
	}

	async function compareDataset(expected: Dataset, itemPath: string): Promise<void> {
		const isNumber = expected.metadata.type === 0 || expected.metadata.type === 1;
		if (!isNumber) {
			counts.refused += 1;
			const refusal = await file.dataset(itemPath).catch((error: unknown) => error);
			expect(refusal).toBeInstanceOf(Hdf5Error);
			return;
		}
		counts.numeric += 1;
		const dataset = await file.dataset(itemPath);
		expect(dataset.shape).toEqual(expected.shape);
		expect(dataset.chunkShape).toEqual(expected.metadata.chunks);
		const values = expected.value as ArrayBufferView;
		const wanted = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
		// Buffers compare fast; a failing comparison names the dataset.
		expect({ itemPath, same: Buffer.compare(bytesOf(await dataset.read()), wanted) }).toEqual({ itemPath, same: 0 });
	}

	try {
		await compare(oracle, "");
	} finally {
		oracle.close();
		await file.close();
	}
	return counts;
}

const shared = fileURLToPath(new URL("../../../../shared/data", import.meta.url));
const granules = (product: string) => (existsSync(join(shared, product)) ? readdirSync(join(shared, product)) : []);

describe.skipIf(!existsSync(shared))("real granules, as the HDF5 library reads them (needs ../shared)", () => {
	test.each(granules("atl06"))("%s", async (name) => {
		expect(await compareWithLibrary(join(shared, "atl06", name))).toEqual({ numeric: 442, refused: 7 });
	});

	test.each(granules("atl03"))("%s", async (name) => {
		expect(await compareWithLibrary(join(shared, "atl03", name))).toEqual({ numeric: 80, refused: 0 });
	});

	test("take few requests: one beam's columns of a 3.9 MB granule no more than 12", async () => {
		const name = "processed_ATL06_20190613065109_11610303_002_01.h5";
		const file = await openHdf5(await openFileSource(join(shared, "atl06", name)));
		for (const column of ["latitude", "longitude", "h_li", "h_li_sigma", "atl06_quality_summary"]) {
			expect(await (await file.dataset(`/gt1l/land_ice_segments/${column}`)).read()).toHaveLength(4152);
		}
		expect(file.source.statistics.requests).toBeLessThanOrEqual(12);
		await file.close();
	});
});

describe("files that the HDF5 library writes here", () => {
	let directory: string;
	beforeAll(async () => {
		directory = await mkdtemp(join(tmpdir(), "zagg-hdf5-library-"));
	});
	afterAll(() => rm(directory, { recursive: true }));

	test("groups, chunked, deflated and contiguous datasets of many types", async () => {
		const path = join(directory, "library.h5");
		const file = new File(path, "w");
		const group = file.create_group("gt1l").create_group("heights");
		const count = 25_000;
		const ramp = Float64Array.from({ length: count }, (_, index) => Math.sin(index) * 90);
		const columns = {
			latitude: ramp,
			height: Float32Array.from(ramp),
			quality: Int8Array.from(ramp),
			identifier: BigInt64Array.from(ramp, (value) => BigInt(Math.round(value * 1e15))),
			channel: Uint16Array.from(ramp, (value) => value + 1000),
		};
		for (const [name, data] of Object.entries(columns)) {
			group.create_dataset({ name, data, shape: [count], chunks: [10_000], compression: 6 });
			group.create_dataset({ name: `${name}_contiguous`, data, shape: [count / 5, 5] });
		}
		group.create_dataset({ name: "growing", data: ramp, shape: [count / 5, 5], maxshape: [null, 5], chunks: [300, 2] });
		file.close();
		expect(await compareWithLibrary(path)).toEqual({ numeric: 11, refused: 0 });
	});
});
