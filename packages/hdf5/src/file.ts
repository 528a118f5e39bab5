import type { ByteSource } from "./byte-source.ts";
import { createDataset, type Hdf5Dataset } from "./dataset.ts";
import { throwIfCancelled } from "./errors.ts";
import { createMetadataReader } from "./format/metadata-reader.ts";
import { readSuperblock } from "./format/superblock.ts";
import { createObjects, normalizePath, notFound } from "./groups/objects.ts";
import type { DataReader } from "./read/read-pieces.ts";
import { limitRequests, MAX_CONCURRENT_READS } from "./sources/limit-requests.ts";
import { createPageCache } from "./sources/page-cache.ts";
import { closedSource } from "./sources/source-common.ts";

/** An open HDF5 file. Any number of its methods may run at once. */
export interface Hdf5File {
	readonly source: ByteSource;
	/**
	 * Names of the links in a group, sorted.
	 *
	 * @throws Hdf5Error `hdf5/not-found` when nothing is at the path, `hdf5/wrong-kind` when it is no group
	 */
	list(path: string): Promise<string[]>;
	/** Whether the path leads to an object: false when any part of it is absent or a soft link leads nowhere. */
	has(path: string): Promise<boolean>;
	/**
	 * The dataset at an absolute path such as `/gt1l/heights/h_ph`; the leading slash may be left out.
	 *
	 * @throws Hdf5Error `hdf5/not-found` when nothing is at the path, `hdf5/wrong-kind` when it is no dataset,
	 * `hdf5/unsupported` when its values are not numbers that a typed array holds
	 */
	dataset(path: string): Promise<Hdf5Dataset>;
	/** Closes the source and drops what was cached. */
	close(): Promise<void>;
}

/**
 * Opens an HDF5 file for reading by byte ranges. The file owns the source from here on: when opening fails, the source
 * is closed.
 *
 * @param options.signal stops the opening and, as long as the file is open, its requests for metadata
 * @throws Hdf5Error `hdf5/not-hdf5`, `hdf5/truncated`, `hdf5/corrupt`, `hdf5/unsupported`, `hdf5/cancelled`, and the
 * source's own errors
 */
export async function openHdf5(
	source: ByteSource,
	options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Hdf5File> {
	try {
		return await open(source, options.signal);
	} catch (error) {
		await source.close();
		throw error;
	}
}

async function open(source: ByteSource, fileSignal: AbortSignal | undefined): Promise<Hdf5File> {
	const file = source.name;
	throwIfCancelled(fileSignal, file);
	const limited = limitRequests(source, MAX_CONCURRENT_READS);
	const pages = createPageCache(limited, fileSignal);
	const { baseAddress, offsetSize, lengthSize, rootAddress } = await readSuperblock(source, pages);

	function metadataReader(signal: AbortSignal | undefined) {
		return createMetadataReader({ file, pages, baseAddress, fileSize: source.size, offsetSize, lengthSize, signal });
	}

	function readerFor(signal: AbortSignal | undefined): DataReader {
		return {
			metadata: metadataReader(signal),
			async readBytes(address, length) {
				const offset = baseAddress + address;
				return pages.peek(offset, length) ?? limited.read(offset, length, { signal });
			},
		};
	}

	const objects = createObjects(metadataReader(fileSignal), rootAddress);
	await objects.links("/");
	let closed = false;

	function ensureOpen(): void {
		if (closed) throw closedSource(file);
	}

	return {
		source,
		async list(path) {
			ensureOpen();
			return [...(await objects.links(path)).keys()].sort();
		},
		async has(path) {
			ensureOpen();
			return (await objects.find(path)) !== undefined;
		},
		async dataset(path) {
			ensureOpen();
			const header = await objects.find(path);
			if (header === undefined) throw notFound(file, path);
			return createDataset(header, normalizePath(path), file, readerFor);
		},
		async close() {
			closed = true;
			pages.clear();
			await source.close();
		},
	};
}
