import { randomUUID } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GranuleAccess, S3Credentials } from "@zagg/aggregate";
import type { GranuleAccessProvider } from "./run-plan.ts";

/** Secrets that shards on other machines need. */
export interface ShardAccess {
	readonly granuleAccess?: GranuleAccess;
	readonly storeCredentials?: S3Credentials;
}

/** A file of secrets that only this user may read, kept fresh while the run lasts. */
export interface ShardAccessFile {
	readonly path: string;
	/** Stops keeping it fresh, and removes it. */
	close(): Promise<void>;
}

// Temporary credentials last an hour, and the provider renews them five minutes before their end.
const REFRESH_MILLISECONDS = 60_000;

/**
 * Writes secrets into a file of their own on the shared file system, so that they are in no payload, result or log, and
 * rewrites it whenever they have changed: a shard may start hours after it was submitted.
 */
export async function writeShardAccess(
	folder: string,
	granuleAccess: GranuleAccessProvider | undefined,
	storeCredentials: S3Credentials | undefined,
): Promise<ShardAccessFile> {
	const path = join(folder, `.access-${randomUUID()}.json`);
	let written = "";
	async function refresh(): Promise<void> {
		const access: ShardAccess = {
			...(granuleAccess && { granuleAccess: await granuleAccess() }),
			...(storeCredentials && { storeCredentials }),
		};
		const text = JSON.stringify(access);
		if (text === written) return;
		const partial = `${path}.partial`;
		await writeFile(partial, text, { mode: 0o600 });
		await chmod(partial, 0o600);
		await rename(partial, path);
		written = text;
	}
	await mkdir(folder, { recursive: true });
	await refresh();
	// What was obtained last serves until it can be renewed again.
	const timer = setInterval(() => refresh().catch(() => {}), REFRESH_MILLISECONDS);
	timer.unref();
	return {
		path,
		async close() {
			clearInterval(timer);
			await rm(path, { force: true });
		},
	};
}

/** Reads the file that `writeShardAccess` keeps. */
export async function readShardAccess(path: string): Promise<ShardAccess> {
	return JSON.parse(await readFile(path, "utf8")) as ShardAccess;
}
