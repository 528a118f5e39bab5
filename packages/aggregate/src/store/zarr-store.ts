import type { AbsolutePath, AsyncMutable, GetOptions, RangeQuery } from "zarrita";

/**
 * Where a Zarr hierarchy lives: zarrita's own store interface, with what it leaves out to manage a whole store.
 *
 * Keys begin with `/` (`/12/h_mean/c/41066`); a prefix begins and ends with `/`. Failures are `AggregationError`s.
 */
export interface ZarrStore extends AsyncMutable {
	/** Absolute path or address of the store, for messages. */
	readonly location: string;
	/** The object's bytes, or undefined where there is none. */
	get(key: AbsolutePath, options?: GetOptions): Promise<Uint8Array | undefined>;
	/** A part of the object, shorter where the object ends, or undefined where there is none. */
	getRange(key: AbsolutePath, range: RangeQuery, options?: GetOptions): Promise<Uint8Array | undefined>;
	/** Stores an object whole or not at all; a reader never sees a part of it. */
	set(key: AbsolutePath, value: Uint8Array): Promise<void>;
	/** Removes an object; one that is not there is no error. */
	delete(key: AbsolutePath): Promise<void>;
	/** Removes every object below the prefix. */
	deletePrefix(prefix: AbsolutePath): Promise<void>;
	/** Keys of all objects below the prefix, at any depth, in no particular order. */
	list(prefix: AbsolutePath): AsyncIterable<AbsolutePath>;
	/** Names of the directories directly below the prefix, in no particular order. */
	listDirectories(prefix: AbsolutePath): AsyncIterable<string>;
	/** Removes what interrupted writes left behind, as far as nothing can still be using it. */
	removeLeftovers(): Promise<void>;
	/** Frees connections, where the store has any. */
	close?(): void;
}

/** The key of a node's metadata document; `""` is the root. */
export function documentKey(nodePath: string): AbsolutePath {
	return `${nodePrefix(nodePath)}zarr.json`;
}

/** The key of an array's chunk in the default chunk key encoding. */
export function chunkKey(arrayPath: string, chunkIndex: readonly number[]): AbsolutePath {
	return `${nodePrefix(arrayPath)}${["c", ...chunkIndex].join("/")}`;
}

/** The prefix of everything that belongs to a node; `""` is the root. */
export function nodePrefix(nodePath: string): AbsolutePath {
	return nodePath === "" ? "/" : `/${nodePath}/`;
}
