import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHdf5File } from "./index.ts";

let directory: string;
beforeAll(async () => {
	directory = await mkdtemp(join(tmpdir(), "zagg-hdf5-options-"));
});
afterAll(() => rm(directory, { recursive: true }));

describe("a wrong call is refused, and the file stays usable", () => {
	const values = Float64Array.of(1, 2, 3, 4, 5, 6);
	test.each([
		["shape [2,2] does not hold the 6 values", "/x", { shape: [2, 2] }],
		["must be integers of at least 0", "/x", { shape: [-2, -3] }],
		["as many dimensions as shape [2,3]", "/x", { shape: [2, 3], chunkShape: [6] }],
		["must be integers of at least 1", "/x", { chunkShape: [0] }],
		["larger than the 4 GiB", "/x", { chunkShape: [2 ** 29] }],
		["work on chunks; give a chunkShape", "/x", { deflateLevel: 6 }],
		["work on chunks; give a chunkShape", "/x", { shuffle: true }],
		["deflateLevel 10 is not an integer from 0 to 9", "/x", { chunkShape: [6], deflateLevel: 10 }],
		["every name between slashes", "/x//y", {}],
		["every name between slashes", "/", {}],
		["every name between slashes", "/x/.", {}],
		["something with this name was written before", "/taken", {}],
		["something with this name was written before", "/group", {}],
		["taken is a dataset, which cannot hold others", "/taken/below", {}],
	])("… %s (%s)", async (message, path, options) => {
		await using file = await createHdf5File(join(directory, "file.h5"));
		await file.writeDataset("/taken", Int8Array.of(1));
		file.createGroup("/group");
		await expect(file.writeDataset(path, values, options)).rejects.toMatchObject({
			code: "hdf5/usage",
			failureClass: "usage",
			message: expect.stringContaining(message),
		});
		await file.writeDataset("/free", values);
		await file.close();
	});

	test("… a fraction as the fill value of integers", async () => {
		await using file = await createHdf5File(join(directory, "file.h5"));
		await expect(file.writeDataset("/x", BigInt64Array.of(1n), { fillValue: 1.5 })).rejects.toThrow(
			"fill value 1.5 is not an integer, as int64 needs",
		);
	});
});
