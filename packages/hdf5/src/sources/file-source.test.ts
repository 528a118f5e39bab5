import { chmod, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf } from "../testing.ts";
import { openFileSource } from "./file-source.ts";

let directory: string;
beforeAll(async () => {
	directory = await mkdtemp(join(tmpdir(), "zagg-hdf5-source-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function writtenFile(name: string, content: Uint8Array): Promise<string> {
	const path = join(directory, name);
	await writeFile(path, content);
	return path;
}

test("reads exactly the bytes asked for and counts them", async () => {
	const path = await writtenFile(
		"ten.bin",
		Uint8Array.from({ length: 10 }, (_, index) => index),
	);
	const source = await openFileSource(path);
	expect([source.name, source.size]).toEqual([path, 10]);
	expect([...(await source.read(3, 4))]).toEqual([3, 4, 5, 6]);
	expect(await source.read(10, 0)).toHaveLength(0);
	expect(source.statistics).toEqual({ bytesRead: 4, requests: 1 });
	await source.close();
});

test("a missing file is an error with its path and what to do", async () => {
	const path = join(directory, "missing.h5");
	const error = await errorOf(openFileSource(path), "hdf5/no-file");
	expect(error.message).toBe(`${path} does not exist. Check the path`);
	expect(error.context).toEqual({ path });
});

test("a directory is no file, and neither is a path through a file", async () => {
	expect((await errorOf(openFileSource(directory), "hdf5/no-file")).message).toContain("is a directory");
	const path = await writtenFile("plain", new Uint8Array(1));
	await errorOf(openFileSource(join(path, "below.h5")), "hdf5/no-file");
});

describe.skipIf(process.getuid?.() === 0)("without permission (needs a user other than root)", () => {
	test("the error says so", async () => {
		const path = await writtenFile("secret.h5", new Uint8Array(1));
		await chmod(path, 0);
		expect((await errorOf(openFileSource(path), "hdf5/access-denied")).failureClass).toBe("access-denied");
	});
});

test("a range that leaves the file is refused", async () => {
	const source = await openFileSource(await writtenFile("range.bin", new Uint8Array(10)));
	await errorOf(source.read(8, 3), "hdf5/truncated");
	await errorOf(source.read(-1, 3), "hdf5/usage");
	await source.close();
});

test("a file that shrinks while it is open is reported as truncated", async () => {
	const path = await writtenFile("shrinking.bin", new Uint8Array(100));
	const source = await openFileSource(path);
	await truncate(path, 50);
	expect((await errorOf(source.read(40, 20), "hdf5/truncated")).message).toContain("became shorter");
	await source.close();
});

test("closing twice is fine; reading afterwards is an error", async () => {
	const source = await openFileSource(await writtenFile("closed.bin", new Uint8Array(10)));
	await source.close();
	await source.close();
	await errorOf(source.read(0, 1), "hdf5/usage");
});

test("an aborted signal stops a read before it starts", async () => {
	const source = await openFileSource(await writtenFile("aborted.bin", new Uint8Array(10)));
	const error = await errorOf(source.read(0, 1, { signal: AbortSignal.abort("enough") }), "hdf5/cancelled");
	expect([error.failureClass, error.cause]).toEqual(["cancelled", "enough"]);
	await source.close();
});
