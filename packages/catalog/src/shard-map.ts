import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parseJson, stringifyJson } from "@zagg/aggregate";
import type { GridSignature } from "@zagg/grid";
import { CatalogError } from "./errors.ts";

/** Where one granule can be had: by S3, by HTTPS, or as a local file. Unknown keys are kept as they are. */
export interface GranuleRecord {
	readonly id: string;
	readonly s3: string | null;
	readonly https: string | null;
	/** Path of a local file; relative paths start at the folder of the shard map. */
	readonly file?: string | null;
	readonly [key: string]: unknown;
}

/** Which granules to read for which shard of one grid: `granules[i]` belongs to `shardKeys[i]`. */
export interface ShardMap {
	readonly metadata: Readonly<Record<string, unknown>>;
	readonly gridSignature: GridSignature | null;
	readonly shardKeys: readonly bigint[];
	readonly granules: readonly (readonly GranuleRecord[])[];
	/** Top-level keys beyond the published four, kept as they were. */
	readonly extra?: Readonly<Record<string, unknown>>;
}

/**
 * Reads a shard map; 64-bit shard keys arrive without loss, local paths absolute.
 *
 * @throws CatalogError `catalog/not-found` or `catalog/not-a-shard-map`.
 */
export async function readShardMap(path: string): Promise<ShardMap> {
	let text: string;
	try {
		text = await readFile(path, "utf8");
	} catch (error) {
		throw new CatalogError("catalog/not-found", `cannot read the shard map ${path}: ${(error as Error).message}`, {
			remedy: "Give the path of a shard map, or make one with `zagg catalog`.",
			context: { path },
			cause: error,
		});
	}
	const record = parseRecord(text, path);
	const { metadata, grid_signature, shard_keys, granules, ...extra } = record;
	if (!Array.isArray(shard_keys) || !Array.isArray(granules)) throw notAShardMap(path);
	const folder = dirname(resolve(path));
	return {
		metadata: isRecord(metadata) ? metadata : {},
		gridSignature: isRecord(grid_signature) ? grid_signature : null,
		shardKeys: shard_keys.map((key) => toShardKey(key, path)),
		granules: granules.map((records) => {
			if (!Array.isArray(records) || !records.every(isRecord)) throw notAShardMap(path);
			return records.map((granule) => granuleRecord(granule, folder));
		}),
		...(Object.keys(extra).length > 0 && { extra }),
	};
}

/** Text of the shard map's JSON file, in the published form: 2-space indent, bare 64-bit integers. */
export function shardMapJson(map: ShardMap): string {
	return stringifyJson(
		{
			metadata: map.metadata,
			grid_signature: map.gridSignature,
			shard_keys: map.shardKeys,
			granules: map.granules,
			...map.extra,
		},
		{ indent: 2 },
	);
}

/**
 * Writes the shard map beside its place and renames it there, so that a reader sees all of it or nothing.
 *
 * @throws CatalogError `catalog/not-writable`.
 */
export async function writeShardMap(path: string, map: ShardMap): Promise<void> {
	const partial = `${path}.partial`;
	try {
		await writeFile(partial, shardMapJson(map));
		await rename(partial, path);
	} catch (error) {
		await rm(partial, { force: true }).catch(() => {});
		throw new CatalogError("catalog/not-writable", `cannot write the shard map ${path}: ${(error as Error).message}`, {
			failureClass: "fatal",
			remedy: "Choose another --output, in a folder that exists and can be written to.",
			context: { path },
			cause: error,
		});
	}
}

function parseRecord(text: string, path: string): Record<string, unknown> {
	let value: unknown;
	try {
		value = parseJson(text);
	} catch (error) {
		throw notAShardMap(path, error);
	}
	const needed = ["shard_keys", "granules", "grid_signature"];
	if (!isRecord(value) || needed.some((key) => !(key in value))) throw notAShardMap(path);
	return value;
}

function toShardKey(key: unknown, path: string): bigint {
	if (typeof key === "bigint") return key;
	if (typeof key === "number" && Number.isInteger(key)) return BigInt(key);
	throw notAShardMap(path);
}

function granuleRecord(record: Record<string, unknown>, folder: string): GranuleRecord {
	const { file } = record;
	const granule = record as unknown as GranuleRecord;
	return typeof file === "string" ? { ...granule, file: resolve(folder, file) } : granule;
}

function notAShardMap(path: string, cause?: unknown): CatalogError {
	return new CatalogError(
		"catalog/not-a-shard-map",
		`Catalog at ${path} is not a Phase-5 ShardMap (needs 'grid_signature' + {id,s3,https} granules). Regenerate with \`python -m zagg.catalog --config ...\`.`,
		{ remedy: "Here that command is `zagg catalog --config ... --output map.json`.", context: { path }, cause },
	);
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
