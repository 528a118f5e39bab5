import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import h5wasm, { File } from "h5wasm/node";
import { beforeAll, describe, expect, test } from "vitest";
import { openHdf5 } from "./file.ts";
import { memorySource } from "./sources/memory-source.ts";
import { errorOf, observedSource } from "./testing.ts";

const ROWS = 800_000;
const CHUNK_ROWS = 10_000;
/** A 6.4 MB column in 80 chunks, then the same in one run of bytes, and a group to the end. */
let content: Uint8Array;

beforeAll(async () => {
	await h5wasm.ready;
	const directory = await mkdtemp(join(tmpdir(), "zagg-hdf5-requests-"));
	const path = join(directory, "column.h5");
	const file = new File(path, "w");
	const data = Float64Array.from({ length: ROWS }, (_, index) => index / 8);
	file.create_dataset({ name: "chunked", data, shape: [ROWS], chunks: [CHUNK_ROWS] });
	file.create_dataset({ name: "contiguous", data, shape: [ROWS] });
	file.close();
	content = new Uint8Array(await readFile(path));
	await rm(directory, { recursive: true });
});

const rows = (start: number, end: number) =>
	Float64Array.from({ length: end - start }, (_, index) => (start + index) / 8);

describe.each(["chunked", "contiguous"])("a window of a %s dataset", (path) => {
	test("costs no more bytes than its chunks, and one request", async () => {
		const source = observedSource(memorySource(content, "column.h5"));
		const dataset = await (await openHdf5(source)).dataset(path);
		await dataset.read({ rows: [0, 1] }); // brings the chunk index
		const [requests, bytesRead] = [source.reads.length, source.statistics.bytesRead];
		expect(await dataset.read({ rows: [400_000, 410_000] })).toEqual(rows(400_000, 410_000));
		expect(source.reads.length - requests).toBe(1);
		expect(source.statistics.bytesRead - bytesRead).toBe(CHUNK_ROWS * 8);
	});

	test("that is everything takes a handful of large requests", async () => {
		const source = observedSource(memorySource(content, "column.h5"));
		const dataset = await (await openHdf5(source)).dataset(path);
		expect(await dataset.read()).toEqual(rows(0, ROWS));
		expect(source.reads.length).toBeLessThanOrEqual(6);
	});
});

test("chunks far apart are requested together, at most 24 at once per file", async () => {
	const source = observedSource(memorySource(content, "column.h5"), async () => sleep(1));
	const file = await openHdf5(source);
	const dataset = await file.dataset("chunked");
	const windows = Array.from({ length: 60 }, (_, index) => index * CHUNK_ROWS);
	const columns = await Promise.all(windows.map((start) => dataset.read({ rows: [start, start + 1] })));
	expect(columns.map(([first]) => first)).toEqual(windows.map((start) => start / 8));
	expect(source.mostAtOnce()).toBe(24);
});

describe("an aborted signal", () => {
	test("stops a read before it starts", async () => {
		const dataset = await (await openHdf5(memorySource(content, "column.h5"))).dataset("chunked");
		await errorOf(dataset.read({ signal: AbortSignal.abort() }), "hdf5/cancelled");
	});

	test("ends a read while its index or its data is on the way, and leaves the file usable", async () => {
		let delayMilliseconds = 0;
		const source = observedSource(memorySource(content, "column.h5"), () => sleep(delayMilliseconds));
		const dataset = await (await openHdf5(source)).dataset("chunked");
		for (const _phase of ["index", "data"]) {
			delayMilliseconds = 300;
			const controller = new AbortController();
			const reading = errorOf(dataset.read({ rows: [500_000, 500_001], signal: controller.signal }), "hdf5/cancelled");
			await sleep(5);
			controller.abort("no longer needed");
			expect(await reading).toMatchObject({ failureClass: "cancelled", cause: "no longer needed" });
			delayMilliseconds = 0;
			expect(await dataset.read({ rows: [10, 12], signal: new AbortController().signal })).toEqual(rows(10, 12));
		}
	});

	test("stops opening", async () => {
		const source = observedSource(memorySource(content, "column.h5"), async ({ signal }) => {
			expect(signal?.aborted).toBe(false);
			controller.abort();
		});
		const controller = new AbortController();
		await errorOf(openHdf5(source, { signal: controller.signal }), "hdf5/cancelled");
	});

	test("shared by many reads makes no warning about listeners", async () => {
		const warnings: Error[] = [];
		const listener = (warning: Error) => warnings.push(warning);
		process.on("warning", listener);
		const controller = new AbortController();
		const source = observedSource(memorySource(content, "column.h5"), () => sleep(1));
		const dataset = await (await openHdf5(source)).dataset("chunked");
		const windows = Array.from({ length: 50 }, (_, index) => [index * CHUNK_ROWS, index * CHUNK_ROWS + 1] as const);
		await Promise.all(windows.map((window) => dataset.read({ rows: window, signal: controller.signal })));
		await sleep(1);
		process.off("warning", listener);
		expect(warnings).toEqual([]);
	});
});

test("a failed request fails the read with the source's own error", async () => {
	let failing = false;
	const source = observedSource(memorySource(content, "column.h5"), async () => {
		await sleep(1);
		if (failing) throw new Error("connection reset");
	});
	const dataset = await (await openHdf5(source)).dataset("chunked");
	await dataset.read({ rows: [0, 1] });
	failing = true;
	await expect(dataset.read()).rejects.toThrow("connection reset");
});
