import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import h5wasm from "h5wasm/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Hdf5Error, type Hdf5File, memorySource, type NumericArray, openFileSource, openHdf5 } from "./index.ts";
import { createHdf5File } from "./writer/index.ts";

const fixtures = join(import.meta.dirname, "../fixtures");

interface ExpectedDataset {
	readonly type: string;
	readonly shape: readonly number[];
	readonly chunks: readonly number[] | null;
	/** Of the values' little-endian bytes as h5py reads them. */
	readonly crc32: number;
}

const expected: Record<string, Record<string, ExpectedDataset>> = JSON.parse(
	readFileSync(join(fixtures, "expected.json"), "utf8"),
);

function bytesOf(data: NumericArray): Uint8Array {
	return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function withFile<Result>(path: string, use: (file: Hdf5File) => Promise<Result>): Promise<Result> {
	return openFileSource(path).then(async (source) => {
		try {
			return await use(await openHdf5(source));
		} finally {
			await source.close();
		}
	});
}

describe.each(Object.keys(expected))("the fixture %s, written by h5py", (name) => {
	it.each(Object.entries(expected[name]!))("%s reads as h5py reads it", async (path, dataset) => {
		await withFile(join(fixtures, name), async (file) => {
			const read = await file.dataset(path);
			expect(read.type).toBe(dataset.type);
			expect(read.shape).toEqual(dataset.shape);
			expect(read.chunkShape).toEqual(dataset.chunks);
			expect(crc32(bytesOf(await read.read()))).toBe(dataset.crc32);
		});
	});
});

describe("windows of rows", () => {
	it("hold what the whole dataset holds there, wherever they begin and end", async () => {
		for (const name of ["earliest.h5", "latest.h5"]) {
			await withFile(join(fixtures, name), async (file) => {
				for (const [path, { shape }] of Object.entries(expected[name]!)) {
					if (shape.length === 0 || shape[0] === 0 || shape[0]! > 2000) continue;
					const dataset = await file.dataset(path);
					const whole = await dataset.read();
					const width = shape.slice(1).reduce((product, length) => product * length, 1);
					const edge = dataset.chunkShape?.[0] ?? 1;
					const place = fc.oneof(fc.nat(shape[0]!), fc.constant(Math.min(edge, shape[0]!)), fc.constant(shape[0]!));
					await fc.assert(
						fc.asyncProperty(place, place, async (one, other) => {
							const [start, end] = [Math.min(one, other), Math.max(one, other)];
							expect(await dataset.read({ rows: [start, end] })).toEqual(whole.slice(start * width, end * width));
						}),
						{ numRuns: 6 },
					);
				}
			});
		}
	});

	it("are refused outside the dataset", async () => {
		await withFile(join(fixtures, "earliest.h5"), async (file) => {
			const dataset = await file.dataset("layouts/chunked_1d");
			for (const rows of [
				[-1, 3],
				[0, 451],
				[5, 4],
				[0.5, 2],
			] as const) {
				await expect(dataset.read({ rows })).rejects.toMatchObject({ code: "hdf5/usage" });
			}
		});
	});
});

describe("paths", () => {
	it("list what a group holds, and say what is absent", async () => {
		await withFile(join(fixtures, "earliest.h5"), async (file) => {
			expect(await file.list("/")).toEqual(expect.arrayContaining(["fill", "filters", "layouts"]));
			expect(await file.has("layouts/chunked_1d")).toBe(true);
			expect(await file.has("/layouts/none")).toBe(false);
			expect(await file.has("/none/chunked_1d")).toBe(false);
			await expect(file.dataset("/layouts/none")).rejects.toMatchObject({ code: "hdf5/not-found" });
			await expect(file.dataset("/layouts")).rejects.toMatchObject({ code: "hdf5/wrong-kind" });
			await expect(file.list("/layouts/chunked_1d")).rejects.toMatchObject({ code: "hdf5/wrong-kind" });
		});
	});
});

describe("what is read of a file", () => {
	let folder: string;
	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), "zagg-hdf5-"));
	});
	afterAll(() => rm(folder, { recursive: true, force: true }));

	it("is little for a small window of a large dataset", async () => {
		const path = join(folder, "large.h5");
		const values = Float64Array.from({ length: 500_000 }, (_, row) => Math.sin(row));
		const writer = await createHdf5File(path);
		await writer.writeDataset("/values", values, { chunkShape: [10_000], deflateLevel: 1, shuffle: true });
		await writer.close();
		await withFile(path, async (file) => {
			const window = await (await file.dataset("values")).read({ rows: [250_000, 260_000] });
			expect(window).toEqual(values.slice(250_000, 260_000));
			expect(file.source.statistics.bytesRead).toBeLessThan(file.source.size / 5);
			expect(file.source.statistics.requests).toBeLessThan(10);
		});
	});

	it.each([
		["nothing", new Uint8Array(), "hdf5/not-hdf5"],
		["text", new TextEncoder().encode("this is not an HDF5 file".repeat(100)), "hdf5/not-hdf5"],
	])("is refused when it holds %s", async (_what, bytes, code) => {
		await expect(openHdf5(memorySource(bytes, "a.h5"))).rejects.toMatchObject({
			code,
			message: expect.stringContaining("a.h5"),
		});
	});

	it("is refused when it is absent or a folder", async () => {
		await expect(openFileSource(join(folder, "none.h5"))).rejects.toMatchObject({ code: "hdf5/no-file" });
		await expect(openFileSource(folder)).rejects.toMatchObject({ code: "hdf5/no-file" });
		const short = join(folder, "short.h5");
		await writeFile(short, readFileSync(join(fixtures, "earliest.h5")).subarray(0, 600));
		await expect(withFile(short, (file) => file.list("/"))).rejects.toBeInstanceOf(Hdf5Error);
	});
});

describe("damaged files", () => {
	it.each(["earliest.h5", "latest.h5", "v108.h5"])("%s: a typed error or values, never anything else", async (name) => {
		const original = readFileSync(join(fixtures, name));
		const paths = Object.entries(expected[name]!)
			.filter(([, { shape }]) => (shape[0] ?? 1) <= 2000)
			.map(([path]) => path);
		const edit = fc.tuple(fc.nat(original.length - 1), fc.nat(255));
		await fc.assert(
			fc.asyncProperty(
				fc.array(edit, { maxLength: 4 }),
				fc.option(fc.nat(original.length), { freq: 4 }),
				fc.constantFrom(...paths),
				async (edits, length, path) => {
					const bytes = new Uint8Array(original.subarray(0, length ?? original.length));
					for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
					try {
						const file = await openHdf5(memorySource(bytes, name));
						const dataset = await file.dataset(path);
						const size = dataset.shape.reduce((product, count) => product * count, 1);
						if (size < 1e6) expect((await dataset.read()).length).toBe(size);
					} catch (error) {
						if (!(error instanceof Hdf5Error)) throw error;
						expect(error.code).toMatch(/^hdf5\//);
					}
				},
			),
			{ numRuns: 150 },
		);
	});
});

const shared = join(import.meta.dirname, "../../../../shared/data");

describe.skipIf(!existsSync(shared))("real granules, against h5wasm (needs ../shared)", () => {
	const granules = ["atl06", "atl03"].flatMap((folder) =>
		existsSync(join(shared, folder)) ? readdirSync(join(shared, folder)).map((name) => join(shared, folder, name)) : [],
	);

	it.each(granules.map((path) => [path.split("/").at(-1)!, path]))("%s", async (_name, path) => {
		await h5wasm.ready;
		const oracle = new h5wasm.File(path, "r");
		let compared = 0;
		await withFile(path, async (file) => {
			const visit = async (group: string): Promise<void> => {
				for (const name of await file.list(group)) {
					const child = `${group === "/" ? "" : group}/${name}`;
					const node = oracle.get(child);
					if (node instanceof h5wasm.Group) await visit(child);
					if (!(node instanceof h5wasm.Dataset)) continue;
					const isNumeric = typeof node.dtype === "string" && /[bBhHiIqQfd]$/.test(node.dtype);
					if (!isNumeric || node.shape === null) continue;
					const dataset = await file.dataset(child);
					expect(dataset.shape).toEqual(node.shape);
					const value = node.value;
					const values = ArrayBuffer.isView(value) ? (value as unknown as NumericArray) : [value];
					expect([...(await dataset.read())], child).toEqual([...(values as Iterable<unknown>)]);
					compared++;
				}
			};
			await visit("/");
		});
		oracle.close();
		expect(compared).toBeGreaterThan(20);
	});
});
