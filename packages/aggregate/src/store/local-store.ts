import { randomUUID } from "node:crypto";
import { mkdir, open, opendir, readFile, realpath, rename, rm, rmdir, stat, unlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { AbsolutePath, GetOptions, RangeQuery } from "zarrita";
import { AggregationError } from "../errors.ts";
import { fileErrorCode, storeFileError } from "./file-error.ts";
import type { ZarrStore } from "./zarr-store.ts";

// Unfinished objects lie here, on the same file system, until a rename puts them in their place whole.
const PARTIAL_DIRECTORY = ".partial";
const STALE_AFTER_MILLISECONDS = 3_600_000;

/**
 * Opens a directory as a store. Relative paths and symbolic links are resolved once, here.
 *
 * With `create`, the directory is made and a trial file written, so that a place that cannot be written is known
 * before any work. Without it nothing is touched, and a directory that does not exist reads as an empty store.
 *
 * @throws AggregationError `store/not-writable` when the path is a file, or `create` finds that it cannot be written.
 */
export async function openLocalStore(path: string, options: { create?: boolean } = {}): Promise<ZarrStore> {
	const root = await resolveLinks(resolve(path));
	if (await isOtherThanDirectory(root)) {
		throw new AggregationError("store/not-writable", `${root} is a file, not a directory that can hold a Zarr store`, {
			failureClass: "usage",
			remedy: "Choose a store path that is a directory or does not exist yet.",
			context: { path: root },
		});
	}
	if (options.create) await proveWritable(root);
	return directoryStore(root);
}

function directoryStore(root: string): ZarrStore {
	const partialDirectory = join(root, PARTIAL_DIRECTORY);

	async function set(key: AbsolutePath, value: Uint8Array): Promise<void> {
		const partial = join(partialDirectory, randomUUID());
		const file = fileOf(root, key);
		try {
			await withParent(partial, () => writeFile(partial, value));
			await withParent(file, () => rename(partial, file));
		} catch (error) {
			await rm(partial, { force: true }).catch(() => {}); // the first error is the one to report
			throw storeFileError(error, "write", file);
		}
	}

	async function* walk(directory: string, prefix: string): AsyncGenerator<AbsolutePath> {
		for await (const entry of entriesOf(directory)) {
			if (directory === root && entry.name === PARTIAL_DIRECTORY) continue;
			if (entry.isDirectory()) yield* walk(join(directory, entry.name), `${prefix}${entry.name}/`);
			else yield `${prefix}${entry.name}` as AbsolutePath;
		}
	}

	return {
		location: root,
		get: (key, { signal } = {}) => reading(fileOf(root, key), (file) => readFile(file, signal && { signal })),
		getRange: (key, range, options) => reading(fileOf(root, key), (file) => readPart(file, range, options)),
		set,
		async delete(key) {
			await reading(fileOf(root, key), unlink, "delete");
		},
		async deletePrefix(prefix) {
			const directory = fileOf(root, prefix);
			await rm(directory, { recursive: true, force: true }).catch((error: unknown) => {
				throw storeFileError(error, "delete", directory);
			});
		},
		list: (prefix) => walk(fileOf(root, prefix), prefix),
		async *listDirectories(prefix) {
			const directory = fileOf(root, prefix);
			for await (const entry of entriesOf(directory)) {
				const isPartial = directory === root && entry.name === PARTIAL_DIRECTORY;
				if (entry.isDirectory() && !isPartial) yield entry.name;
			}
		},
		async removeLeftovers() {
			const staleBefore = Date.now() - STALE_AFTER_MILLISECONDS;
			for await (const { name } of entriesOf(partialDirectory)) {
				const file = join(partialDirectory, name);
				const modified = await reading(file, stat, "inspect");
				if (modified !== undefined && modified.mtimeMs < staleBefore) await reading(file, unlink, "delete");
			}
			// A directory that is still in use is not empty, and stays.
			await rmdir(partialDirectory).catch(() => {});
		},
	};
}

function fileOf(root: string, key: AbsolutePath): string {
	const segments = key.split("/").slice(1);
	if (segments.includes("..") || segments.includes(".")) {
		throw new AggregationError("store/invalid", `key ${key} leaves the store ${root}`, { failureClass: "bug" });
	}
	return join(root, ...segments);
}

// Directories are made when a first try misses them: most writes go where one exists.
async function withParent(file: string, write: () => Promise<void>): Promise<void> {
	try {
		await write();
	} catch (error) {
		if (fileErrorCode(error) !== "ENOENT") throw error;
		await makeDirectory(dirname(file));
		await write();
	}
}

// Not mkdir's own `recursive`: Node 24 never returns from it where a directory cannot be made below one that exists (/proc).
async function makeDirectory(directory: string): Promise<void> {
	const make = () =>
		mkdir(directory).catch((error: unknown) => {
			if (fileErrorCode(error) !== "EEXIST") throw error;
		});
	try {
		await make();
	} catch (error) {
		if (fileErrorCode(error) !== "ENOENT" || dirname(directory) === directory) throw error;
		await makeDirectory(dirname(directory));
		await make();
	}
}

/** Runs a file operation; undefined where there is no such file. */
async function reading<T>(
	file: string,
	operation: (file: string) => Promise<T>,
	action = "read",
): Promise<T | undefined> {
	try {
		return await operation(file);
	} catch (error) {
		const code = fileErrorCode(error);
		if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return undefined;
		if (code === "ABORT_ERR") throw error;
		throw storeFileError(error, action, file);
	}
}

async function readPart(file: string, range: RangeQuery, { signal }: GetOptions = {}): Promise<Uint8Array> {
	signal?.throwIfAborted();
	const handle = await open(file, "r");
	try {
		const { size } = await handle.stat();
		const start = "suffixLength" in range ? Math.max(0, size - range.suffixLength) : Math.min(range.offset, size);
		const end = "suffixLength" in range ? size : Math.min(size, start + range.length);
		const part = new Uint8Array(end - start);
		let filled = 0;
		while (filled < part.length) {
			const { bytesRead } = await handle.read(part, filled, part.length - filled, start + filled);
			if (bytesRead === 0) break;
			filled += bytesRead;
		}
		return part.subarray(0, filled);
	} finally {
		await handle.close();
	}
}

async function* entriesOf(directory: string) {
	const entries = await reading(directory, opendir, "list");
	if (entries !== undefined) yield* entries;
}

async function resolveLinks(path: string): Promise<string> {
	try {
		return await realpath(path);
	} catch (error) {
		const parent = dirname(path);
		if (parent === path || fileErrorCode(error) !== "ENOENT") return path;
		return join(await resolveLinks(parent), basename(path));
	}
}

async function isOtherThanDirectory(path: string): Promise<boolean> {
	const status = await reading(path, stat, "inspect");
	return status !== undefined && !status.isDirectory();
}

async function proveWritable(root: string): Promise<void> {
	const trial = join(root, PARTIAL_DIRECTORY, randomUUID());
	try {
		await withParent(trial, () => writeFile(trial, ""));
		await unlink(trial);
	} catch (error) {
		throw storeFileError(error, "write to", root);
	}
	// What turns out to be somebody's other data stays as it was.
	await rmdir(dirname(trial)).catch(() => {});
}
