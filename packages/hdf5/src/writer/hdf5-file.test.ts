import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import h5wasm, { Dataset, File, Group } from "h5wasm/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NumericArray } from "../numeric.ts";
import { createHdf5File, type Hdf5FileWriter } from "./index.ts";

let directory: string;
let fileCount = 0;

beforeAll(async () => {
	await h5wasm.ready;
	directory = await mkdtemp(join(tmpdir(), "zagg-hdf5-writer-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** Writes a file with our writer and opens it with the HDF5 library. */
async function written(fill: (file: Hdf5FileWriter) => Promise<void>): Promise<File> {
	const path = join(directory, `file-${fileCount++}.h5`);
	const file = await createHdf5File(path);
	await fill(file);
	await file.close();
	return new File(path, "r");
}

function dataset(file: File, path: string): Dataset {
	const found = file.get(path);
	if (!(found instanceof Dataset)) throw new Error(`${path} is not a dataset`);
	return found;
}

function memberNames(file: File, path: string): string[] {
	const found = file.get(path);
	if (!(found instanceof Group)) throw new Error(`${path} is not a group`);
	return found.keys();
}

const counting = (length: number) => Float64Array.from({ length }, (_, index) => index);

const extremes: Readonly<Record<string, readonly [dtype: string, data: NumericArray]>> = {
	int8: ["<b", Int8Array.of(-128, -1, 0, 1, 127)],
	int16: ["<h", Int16Array.of(-32768, -2, 0, 258, 32767)],
	int32: ["<i", Int32Array.of(-2147483648, -2, 0, 16909060, 2147483647)],
	int64: ["<q", BigInt64Array.of(-(2n ** 63n), -2n, 0n, 72623859790382856n, 2n ** 63n - 1n)],
	uint8: ["<B", Uint8Array.of(0, 1, 2, 128, 255)],
	uint16: ["<H", Uint16Array.of(0, 1, 258, 32768, 65535)],
	uint32: ["<I", Uint32Array.of(0, 1, 16909060, 2147483648, 4294967295)],
	uint64: ["<Q", BigUint64Array.of(0n, 1n, 72623859790382856n, 2n ** 63n, 2n ** 64n - 1n)],
	float32: ["<f", Float32Array.of(-Infinity, -1.5, 0, 3.4028234663852886e38, NaN)],
	float64: ["<d", Float64Array.of(-Infinity, -1.1, 5e-324, 1.7976931348623157e308, NaN)],
};

describe("the HDF5 library reads", () => {
	test.each(Object.entries(extremes))("%s values as they were written, in every layout", async (_, [dtype, data]) => {
		const file = await written(async (writer) => {
			await writer.writeDataset("/contiguous", data);
			await writer.writeDataset("/chunked", data, { chunkShape: [2] });
			await writer.writeDataset("/filtered", data, { chunkShape: [2], shuffle: true, deflateLevel: 6 });
		});
		for (const path of ["contiguous", "chunked", "filtered"]) {
			expect(dataset(file, path).dtype).toBe(dtype);
			expect(dataset(file, path).value).toEqual(data);
		}
		file.close();
	});

	test("the chunk shape and the filters of a dataset", async () => {
		const file = await written(async (writer) => {
			const options = { chunkShape: [10_000], shuffle: true, deflateLevel: 6 };
			await writer.writeDataset("/gt1l/quality", Int8Array.of(0, 1, 0), options);
			await writer.writeDataset("/gt1l/plain", Int8Array.of(0, 1, 0));
		});
		const { metadata, filters } = dataset(file, "gt1l/quality");
		expect(metadata).toMatchObject({ shape: [3], chunks: [10_000] });
		expect(filters.map(({ id, name, cd_values }) => ({ id, name, cd_values }))).toEqual([
			{ id: 2, name: "shuffle", cd_values: [1] },
			{ id: 1, name: "deflate", cd_values: [6] },
		]);
		expect(dataset(file, "gt1l/plain").metadata.chunks).toBeNull();
		file.close();
	});

	test("several dimensions whose lengths the chunks do not divide", async () => {
		const data = Int32Array.from({ length: 5 * 7 * 6 }, (_, index) => index);
		const file = await written((writer) =>
			writer.writeDataset("/cube", data, { shape: [5, 7, 6], chunkShape: [2, 3, 4], shuffle: true, deflateLevel: 1 }),
		);
		const cube = dataset(file, "cube");
		expect(cube.shape).toEqual([5, 7, 6]);
		expect(cube.value).toEqual(data);
		expect(cube.slice([[4, 5], [6, 7], []])).toEqual(Int32Array.of(204, 205, 206, 207, 208, 209));
		file.close();
	});

	test("rows that fill the width of their chunks", async () => {
		const data = Int8Array.from({ length: 25 * 5 }, (_, index) => index);
		const file = await written((writer) =>
			writer.writeDataset("/confidence", data, { shape: [25, 5], chunkShape: [10, 5], deflateLevel: 6 }),
		);
		expect(dataset(file, "confidence").value).toEqual(data);
		expect(dataset(file, "confidence").slice([[10, 11], []])).toEqual(Int8Array.of(50, 51, 52, 53, 54));
		file.close();
	});

	test.each([1, 64, 65, 64 * 64 + 1])("a dataset of %i chunks", async (chunkCount) => {
		const data = counting(chunkCount * 3 - 1);
		const file = await written((writer) => writer.writeDataset("/values", data, { chunkShape: [3] }));
		expect(dataset(file, "values").value).toEqual(data);
		file.close();
	});

	test.each([0, 8, 9, 600])("a group of %i links, each found by name", async (linkCount) => {
		const names = Array.from({ length: linkCount }, (_, index) => `link${index}`);
		const file = await written(async (writer) => {
			writer.createGroup("/group");
			for (const [index, name] of names.entries()) await writer.writeDataset(`/group/${name}`, Int32Array.of(index));
		});
		expect(memberNames(file, "group")).toEqual(names.toSorted());
		for (const [index, name] of names.entries()) {
			expect(dataset(file, `group/${name}`).value).toEqual(Int32Array.of(index));
		}
		file.close();
	});

	test("nested groups, empty groups and names beyond ASCII", async () => {
		const file = await written(async (writer) => {
			writer.createGroup("/gt1l/empty");
			writer.createGroup("/gt1l");
			await writer.writeDataset("/gt1l/land_ice_segments/h_li", Float32Array.of(1.5));
			await writer.writeDataset("höhe/größe", Float32Array.of(2.5));
		});
		expect(memberNames(file, "/")).toEqual(["gt1l", "höhe"]);
		expect(memberNames(file, "gt1l")).toEqual(["empty", "land_ice_segments"]);
		expect(memberNames(file, "gt1l/empty")).toEqual([]);
		expect(dataset(file, "höhe/größe").value).toEqual(Float32Array.of(2.5));
		file.close();
	});

	test("datasets without values, and scalars", async () => {
		const file = await written(async (writer) => {
			await writer.writeDataset("/contiguous", new Float32Array(0));
			await writer.writeDataset("/chunked", new Float32Array(0), { chunkShape: [10_000], deflateLevel: 6 });
			await writer.writeDataset("/scalar", Float64Array.of(42), { shape: [] });
		});
		expect(dataset(file, "contiguous").shape).toEqual([0]);
		expect(dataset(file, "chunked").shape).toEqual([0]);
		expect(dataset(file, "chunked").value).toEqual(new Float32Array(0));
		expect(dataset(file, "scalar").shape).toEqual([]);
		expect(dataset(file, "scalar").value).toBe(42);
		file.close();
	});

	test("a view into a larger buffer as its own values only", async () => {
		const file = await written((writer) => writer.writeDataset("/view", counting(10).subarray(4, 7)));
		expect(dataset(file, "view").value).toEqual(Float64Array.of(4, 5, 6));
		file.close();
	});

	test("the fill value where a dataset is extended past its data", async () => {
		const path = join(directory, "extended.h5");
		const writer = await createHdf5File(path);
		const options = { chunkShape: [4], deflateLevel: 6, fillValue: -99.5 };
		await writer.writeDataset("/heights", Float32Array.of(1, 2, 3), options);
		await writer.close();
		const file = new File(path, "a");
		dataset(file, "heights").resize([6]);
		expect(dataset(file, "heights").value).toEqual(Float32Array.of(1, 2, 3, -99.5, -99.5, -99.5));
		file.close();
	});
});

describe("a file", () => {
	test("starts with superblock 0 and records its own length as the end of file", async () => {
		const path = join(directory, "superblock.h5");
		const file = await createHdf5File(path);
		await file.writeDataset("/values", counting(1000), { chunkShape: [100], deflateLevel: 6 });
		await file.close();
		const bytes = await readFile(path);
		expect([...bytes.subarray(0, 9)]).toEqual([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0]);
		expect(bytes.readBigUInt64LE(40)).toBe(BigInt(bytes.length));
	});

	test("has the same bytes each time the same calls are made", async () => {
		const paths = [join(directory, "first.h5"), join(directory, "second.h5")] as const;
		for (const path of paths) {
			const file = await createHdf5File(path);
			await file.writeDataset("/a/values", counting(5000), { chunkShape: [100], shuffle: true, deflateLevel: 6 });
			await file.writeDataset("/b", Int8Array.of(1, 2, 3));
			await file.close();
		}
		expect((await readFile(paths[0])).equals(await readFile(paths[1]))).toBe(true);
	});

	test("appears under its name only when closed, over an older one", async () => {
		const folder = await mkdtemp(join(directory, "atomic-"));
		const path = join(folder, "granule.h5");
		for (const value of [1, 2]) {
			const before = await readdir(folder);
			const file = await createHdf5File(path);
			await file.writeDataset("/value", Int32Array.of(value));
			expect(await readdir(folder)).toEqual([...before, "granule.h5.partial"]);
			await file.close();
			expect(await readdir(folder)).toEqual(["granule.h5"]);
			const read = new File(path, "r");
			expect(dataset(read, "value").value).toEqual(Int32Array.of(value));
			read.close();
		}
	});

	test("leaves nothing behind when aborted, or left by an error", async () => {
		const folder = await mkdtemp(join(directory, "aborted-"));
		const aborted = await createHdf5File(join(folder, "aborted.h5"));
		await aborted.writeDataset("/value", Int32Array.of(1));
		await aborted.abort();
		await aborted.abort();
		await expect(aborted.close()).rejects.toMatchObject({ code: "hdf5/usage" });

		const failing = async () => {
			await using file = await createHdf5File(join(folder, "failing.h5"));
			await file.writeDataset("/value", Int32Array.of(1));
			throw new Error("the disk of somebody else is full");
		};
		await expect(failing()).rejects.toThrow("the disk of somebody else is full");
		expect(await readdir(folder)).toEqual([]);
	});

	test("in a folder that does not exist is refused with advice", async () => {
		await expect(createHdf5File(join(directory, "absent", "file.h5"))).rejects.toMatchObject({
			code: "hdf5/io",
			failureClass: "fatal",
			remedy: "Check that its folder exists, may be written to and has space left",
		});
	});

	test("takes one dataset at a time", async () => {
		await using file = await createHdf5File(join(directory, "busy.h5"));
		const first = file.writeDataset("/first", counting(1000), { chunkShape: [10], deflateLevel: 6 });
		await expect(file.writeDataset("/second", counting(1))).rejects.toMatchObject({ code: "hdf5/usage" });
		await expect(file.close()).rejects.toThrow("takes no more data: the previous call has not finished");
		await first;
		await file.close();
	});

	test.skipIf(!existsSync("/dev/full"))("on a full disk is never completed (needs /dev/full)", async () => {
		const folder = await mkdtemp(join(directory, "full-"));
		await symlink("/dev/full", join(folder, "file.h5.partial"));
		const file = await createHdf5File(join(folder, "file.h5"));
		await expect(
			file.writeDataset("/values", counting(1000), { chunkShape: [10], deflateLevel: 6 }),
		).rejects.toMatchObject({ code: "hdf5/io", failureClass: "fatal", message: expect.stringContaining("ENOSPC") });
		await expect(file.close()).rejects.toThrow("an earlier write failed; abort the file and write it again");
		await file.abort();
		expect(await readdir(folder)).toEqual([]);
	});

	test("aborted during a write ends that write with an error", async () => {
		const folder = await mkdtemp(join(directory, "interrupted-"));
		const file = await createHdf5File(join(folder, "file.h5"));
		const interrupted = expect(
			file.writeDataset("/values", counting(100_000), { chunkShape: [1000], deflateLevel: 9 }),
		).rejects.toMatchObject({ code: "hdf5/io" });
		await file.abort();
		await interrupted;
		expect(await readdir(folder)).toEqual([]);
	});
});
