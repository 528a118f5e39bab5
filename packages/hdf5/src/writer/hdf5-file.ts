import { Hdf5Error } from "../errors.ts";
import type { NumericArray } from "../numeric.ts";
import { type ChunkedLayout, chunkOrigins, encodeChunk } from "./chunks.ts";
import { placeDataset, type StoredChunk, type StoredDataset } from "./dataset.ts";
import { type DatasetOptions, planDataset } from "./dataset-options.ts";
import { type Link, type PlacedGroup, placeGroup } from "./group.ts";
import { type MetadataBlock, metadataBlock } from "./metadata-block.ts";
import { emptyGroup, ensureFreeName, ensureGroup, type GroupNode } from "./object-tree.ts";
import { createOutputFile, type OutputFile } from "./output-file.ts";
import { UNDEFINED_ADDRESS } from "./record.ts";
import { SUPERBLOCK_SIZE, superblock } from "./superblock.ts";

/**
 * An HDF5 file being written. Values go to disk as they come; headers and indexes follow at `close`, which alone
 * makes the file appear under its name. Until then it is `PATH.partial`.
 */
export interface Hdf5FileWriter extends AsyncDisposable {
	/** Makes an empty group, and the groups above it; a group that is there already stays. */
	createGroup(path: string): void;
	/**
	 * Writes a dataset, and makes the groups above it; one dataset at a time. `data` holds the values in row-major
	 * order and must not be changed until the promise resolves. At most a few chunks are held in memory besides it.
	 */
	writeDataset(path: string, data: NumericArray, options?: DatasetOptions): Promise<void>;
	/** Completes the file; refused after a dataset could not be written. */
	close(): Promise<void>;
	/** Gives the file up and removes what was written; does nothing after `close`. */
	abort(): Promise<void>;
	/** Aborts unless closed, so that `await using` leaves nothing behind when an error passes through. */
	[Symbol.asyncDispose](): Promise<void>;
}

/** How many chunks are deflated at the same time, on Node's thread pool. */
const CHUNKS_IN_FLIGHT = 4;

/** Why a file in some other state than open takes nothing. */
const refusals = {
	busy: "the previous call has not finished; await it first",
	failed: "an earlier write failed; abort the file and write it again",
	ended: "the file is closed or aborted",
} as const;

/**
 * Starts an HDF5 file at `path`, in the earliest format: superblock 0, symbol table groups, version 1 headers and
 * B-trees. All methods throw `Hdf5Error`: `hdf5/usage` for a wrong call, `hdf5/io` where the disk refuses.
 */
export async function createHdf5File(path: string): Promise<Hdf5FileWriter> {
	const output = await createOutputFile(path, SUPERBLOCK_SIZE);
	const root = emptyGroup();
	let state: "open" | keyof typeof refusals = "open";

	function requireOpen(): void {
		if (state === "open") return;
		throw new Hdf5Error("hdf5/usage", `${path} takes no more data: ${refusals[state]}`, { context: { path } });
	}

	/** Keeps other calls out while `action` runs, and all calls but `abort` once it has failed. */
	async function exclusively(action: () => Promise<void>, nextState: "open" | "ended"): Promise<void> {
		state = "busy";
		try {
			await action();
			if (state === "busy") state = nextState; // it may have been aborted meanwhile
		} catch (error) {
			if (state === "busy") state = "failed";
			throw error;
		}
	}

	async function abort(): Promise<void> {
		if (state === "ended") return;
		state = "ended";
		await output.discard();
	}

	return {
		createGroup(groupPath) {
			requireOpen();
			ensureGroup(root, groupPath);
		},
		async writeDataset(datasetPath, data, options = {}) {
			requireOpen();
			const { layout, ...header } = planDataset(datasetPath, data, options);
			const { group, name } = ensureFreeName(root, datasetPath);
			const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
			await exclusively(async () => {
				const storage = await store(output, bytes, layout);
				group.members.set(name, { kind: "dataset", dataset: { ...header, storage } });
			}, "open");
		},
		async close() {
			requireOpen();
			await exclusively(async () => {
				const metadata = metadataBlock(output.size);
				const placedRoot = placeTree(metadata, root);
				await output.write(metadata.start, metadata.build());
				await output.write(0, superblock(placedRoot, metadata.end));
				await output.publish();
			}, "ended");
		},
		abort,
		[Symbol.asyncDispose]: abort,
	};
}

async function store(
	output: OutputFile,
	bytes: Uint8Array,
	layout: ChunkedLayout | undefined,
): Promise<StoredDataset["storage"]> {
	if (layout !== undefined) return { kind: "chunked", layout, chunks: await storeChunks(output, bytes, layout) };
	const address = bytes.length === 0 ? UNDEFINED_ADDRESS : await output.append(bytes);
	return { kind: "contiguous", address, size: bytes.length };
}

/** Filters several chunks at a time and appends them in their order. */
async function storeChunks(output: OutputFile, bytes: Uint8Array, layout: ChunkedLayout): Promise<StoredChunk[]> {
	const chunks: StoredChunk[] = [];
	const inFlight: { origin: readonly number[]; encoded: Promise<Uint8Array> }[] = [];
	async function appendOldest(): Promise<void> {
		const { origin, encoded } = inFlight.shift()!;
		const chunk = await encoded;
		chunks.push({ origin, address: await output.append(chunk), size: chunk.length });
	}
	for (const origin of chunkOrigins(layout)) {
		inFlight.push({ origin, encoded: encodeChunk(bytes, layout, origin) });
		if (inFlight.length === CHUNKS_IN_FLIGHT) await appendOldest();
	}
	while (inFlight.length > 0) await appendOldest();
	return chunks;
}

/** Writes the headers of a group's members, then the group. */
function placeTree(metadata: MetadataBlock, group: GroupNode): PlacedGroup {
	const links: Link[] = [];
	for (const [name, member] of group.members) {
		const target =
			member.kind === "group" ? placeTree(metadata, member) : { header: placeDataset(metadata, member.dataset) };
		links.push({ name, target });
	}
	return placeGroup(metadata, links);
}
