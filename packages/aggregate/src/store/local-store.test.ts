import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, realpath, symlink, utimes, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { storeFileError } from "./file-error.ts";
import { collect } from "./fixtures/collect.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { openLocalStore } from "./local-store.ts";
import { openStore, parseS3Path } from "./open-store.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

describe("openLocalStore", () => {
	test("takes relative paths and symbolic links to one absolute location", async () => {
		const directory = await realpath(await temporaryDirectory());
		await mkdir(join(directory, "real"));
		await symlink(join(directory, "real"), join(directory, "link"));
		const path = join(directory, "link", "new", "out.zarr");
		const expected = join(directory, "real", "new", "out.zarr");
		expect((await openLocalStore(path)).location).toBe(expected);
		expect((await openStore(relative(process.cwd(), path))).location).toBe(expected);
		expect(await readdir(join(directory, "real"))).toEqual([]);
	});

	test("a directory that does not exist reads as empty, and is made with create", async () => {
		const path = join(await temporaryDirectory(), "a", "b.zarr");
		const store = await openLocalStore(path);
		expect(await store.get("/zarr.json")).toBeUndefined();
		expect(await collect(store.list("/"))).toEqual([]);
		await openLocalStore(path, { create: true });
		expect(await readdir(path)).toEqual([]);
	});

	test("refuses a file, and a place below a file, before anything is written", async () => {
		const file = join(await temporaryDirectory(), "file");
		await writeFile(file, "text");
		await expect(openLocalStore(file)).rejects.toMatchObject({
			code: "store/not-writable",
			message: expect.stringContaining("file is a file, not a directory"),
		});
		await expect(openLocalStore(join(file, "out.zarr"), { create: true })).rejects.toMatchObject({
			code: "store/not-writable",
			message: expect.stringContaining("out.zarr"),
			remedy: expect.stringContaining("Choose a store path"),
		});
		expect(await readFile(file, "utf8")).toBe("text");
	});

	test("refuses a file system that cannot be written", async () => {
		await expect(openLocalStore("/proc/zagg/out.zarr", { create: true })).rejects.toMatchObject({
			code: "store/not-writable",
		});
	});

	test.each([
		["EACCES", "store/not-writable", "access-denied"],
		["EROFS", "store/not-writable", "access-denied"],
		["ENOSPC", "store/not-writable", "fatal"],
		["EIO", "store/io", "transport"],
	])("%s is %s, of class %s", (code, expectedCode, failureClass) => {
		const cause = Object.assign(new Error(`${code}: it failed`), { code });
		const error = storeFileError(cause, "write", "/data/out.zarr");
		expect(error).toMatchObject({ code: expectedCode, failureClass, cause });
		expect(error.message).toBe(`could not write /data/out.zarr: ${code}: it failed`);
	});
});

describe("a local store", () => {
	test("gives back what was set, whole and in ranges", async () => {
		const store = await openLocalStore(await temporaryDirectory());
		await store.set("/12/h_mean/c/7", bytes(1, 2, 3, 4, 5));
		await store.set("/12/h_mean/c/7", bytes(5, 6, 7, 8));
		expect([...(await store.get("/12/h_mean/c/7"))!]).toEqual([5, 6, 7, 8]);
		const range = async (query: Parameters<typeof store.getRange>[1]) => [
			...(await store.getRange("/12/h_mean/c/7", query))!,
		];
		expect(await range({ offset: 1, length: 2 })).toEqual([6, 7]);
		expect(await range({ offset: 3, length: 9 })).toEqual([8]);
		expect(await range({ offset: 9, length: 1 })).toEqual([]);
		expect(await range({ suffixLength: 3 })).toEqual([6, 7, 8]);
		expect(await range({ suffixLength: 9 })).toEqual([5, 6, 7, 8]);
	});

	test("what is not there is undefined, and deleting it is no error", async () => {
		const store = await openLocalStore(await temporaryDirectory());
		await store.set("/a/b", bytes(1));
		for (const key of ["/x", "/a", "/a/b/c"] as const) {
			expect(await store.get(key)).toBeUndefined();
			expect(await store.getRange("/x", { offset: 0, length: 1 })).toBeUndefined();
		}
		await store.delete("/x/y");
		await store.delete("/a/b");
		await store.deletePrefix("/a/");
		await store.deletePrefix("/a/");
		expect(await collect(store.list("/"))).toEqual([]);
	});

	test("lists all keys below a prefix, and the directories directly below it, without unfinished objects", async () => {
		const directory = await temporaryDirectory();
		const store = await openLocalStore(directory, { create: true });
		for (const key of ["/zarr.json", "/12/zarr.json", "/12/h/c/0", "/12/h/c/10", "/8/zarr.json"] as const) {
			await store.set(key, bytes(1));
		}
		await writeFile(join(directory, ".partial", "unfinished"), "");
		expect((await collect(store.list("/12/"))).sort()).toEqual(["/12/h/c/0", "/12/h/c/10", "/12/zarr.json"]);
		expect((await collect(store.list("/"))).length).toBe(5);
		expect((await collect(store.listDirectories("/"))).sort()).toEqual(["12", "8"]);
		expect(await collect(store.listDirectories("/12/h/"))).toEqual(["c"]);
	});

	test("an object appears by a rename: one that cannot take its place leaves the old state and no leftover", async () => {
		const directory = await temporaryDirectory();
		const store = await openLocalStore(directory, { create: true });
		await store.set("/a/b/c", bytes(1));
		await expect(store.set("/a/b", bytes(2))).rejects.toMatchObject({ code: "store/not-writable" });
		expect([...(await store.get("/a/b/c"))!]).toEqual([1]);
		expect(await readdir(join(directory, ".partial"))).toEqual([]);
	});

	test("a reader sees an object whole while it is being replaced", async () => {
		const store = await openLocalStore(await temporaryDirectory());
		const versions = [1, 2].map((value) => new Uint8Array(1 << 20).fill(value));
		await store.set("/chunk", versions[0]!);
		let isWriting = true;
		const writing = (async () => {
			for (let i = 0; i < 20; i++) await store.set("/chunk", versions[i % 2]!);
			isWriting = false;
		})();
		let reads = 0;
		while (isWriting) {
			const seen = (await store.get("/chunk"))!;
			expect(seen.length).toBe(1 << 20);
			expect(seen.at(-1)).toBe(seen[0]);
			reads++;
		}
		await writing;
		expect(reads).toBeGreaterThan(0);
	});

	test("a process that is killed while it writes leaves no part of an object in place", async () => {
		const directory = await temporaryDirectory();
		const script = `
			import { openLocalStore } from ${JSON.stringify(new URL("./local-store.ts", import.meta.url).href)};
			const store = await openLocalStore(${JSON.stringify(directory)}, { create: true });
			const value = new Uint8Array(64 << 20).fill(7);
			for (let i = 0; ; i++) {
				await store.set("/chunk/" + i, value);
				console.log(i);
			}`;
		const writer = spawn(process.execPath, ["--input-type=module", "--eval", script]);
		await once(writer.stdout, "data"); // one is written, the next is under way
		await setTimeout(20);
		writer.kill("SIGKILL");
		await once(writer, "exit");
		const store = await openLocalStore(directory);
		const keys = await collect(store.list("/"));
		expect(keys.length).toBeGreaterThan(0);
		for (const key of keys) expect((await store.get(key))!.length).toBe(64 << 20);
	});

	test("removeLeftovers takes away what is stale, and the directory of unfinished objects once it is empty", async () => {
		const directory = await temporaryDirectory();
		const store = await openLocalStore(directory, { create: true });
		await store.set("/earlier", bytes(1));
		const [stale, fresh] = ["stale", "fresh"].map((name) => join(directory, ".partial", name)) as [string, string];
		await writeFile(stale, "half a chunk");
		await writeFile(fresh, "being written");
		const twoHoursAgo = Date.now() / 1000 - 7200;
		await utimes(stale, twoHoursAgo, twoHoursAgo);
		await store.removeLeftovers();
		expect(await readdir(join(directory, ".partial"))).toEqual(["fresh"]);
		await utimes(fresh, twoHoursAgo, twoHoursAgo);
		await store.removeLeftovers();
		expect(await readdir(directory)).toEqual(["earlier"]);
		await store.set("/later", bytes(1));
		expect([...(await store.get("/later"))!]).toEqual([1]);
	});

	test("no key leads out of the store", async () => {
		const store = await openLocalStore(await temporaryDirectory());
		await expect(store.set("/../escaped", bytes(1))).rejects.toMatchObject({ code: "store/invalid" });
	});
});

describe("S3 addresses", () => {
	test("need a bucket", async () => {
		await expect(openStore("s3:///out.zarr")).rejects.toMatchObject({ code: "store/invalid" });
	});

	test("split into bucket and prefix", () => {
		expect(parseS3Path("s3://mybucket/some/prefix.zarr")).toEqual({ bucket: "mybucket", prefix: "some/prefix.zarr" });
		expect(parseS3Path("s3://mybucket")).toEqual({ bucket: "mybucket", prefix: "" });
		expect(() => parseS3Path("/data/out.zarr")).toThrow("Not an S3 path: /data/out.zarr");
	});
});
