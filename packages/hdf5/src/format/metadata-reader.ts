import { cancelled, corrupt, Hdf5Error, throwIfCancelled } from "../errors.ts";
import type { PageCache } from "../sources/page-cache.ts";
import { Cursor } from "./cursor.ts";

/** No single metadata structure that we read whole comes near this; a longer one is a damaged length. */
const MAX_METADATA_BYTES = 64 * 1024 * 1024;

/** What every parser of file structures needs: bytes at file addresses, and how wide addresses and lengths are. */
export interface MetadataReader {
	/** The file's name, for errors. */
	readonly file: string;
	/** Bytes from the base address to the end of the file: every address is below it. */
	readonly size: number;
	/** Bytes of an address in this file. */
	readonly offsetSize: number;
	/** Bytes of a length in this file. */
	readonly lengthSize: number;
	/** A cursor over exactly `length` bytes at `address`. `what` names the structure in errors. */
	cursor(address: number, length: number, what: string): Promise<Cursor>;
}

export interface MetadataReaderOptions {
	readonly file: string;
	readonly pages: PageCache;
	/** Where the superblock is: addresses count from here. */
	readonly baseAddress: number;
	readonly fileSize: number;
	readonly offsetSize: number;
	readonly lengthSize: number;
	readonly signal?: AbortSignal | undefined;
}

export function createMetadataReader(options: MetadataReaderOptions): MetadataReader {
	const { file, pages, baseAddress, fileSize, offsetSize, lengthSize, signal } = options;
	const size = fileSize - baseAddress;
	return {
		file,
		size,
		offsetSize,
		lengthSize,
		async cursor(address, length, what) {
			throwIfCancelled(signal, file);
			if (address + length > size) {
				throw corrupt(file, `the ${what} at address ${address} lies beyond the end of the file`, { address, length });
			}
			if (length > MAX_METADATA_BYTES) {
				throw new Hdf5Error("hdf5/too-large", `${file}: the ${what} at address ${address} has ${length} bytes`, {
					failureClass: "data",
					remedy: `Metadata structures of more than ${MAX_METADATA_BYTES} bytes are not read`,
					context: { file, address, length },
				});
			}
			const bytes = await untilCancelled(pages.read(baseAddress + address, length), signal, file);
			return new Cursor(bytes, { file, what, address }, offsetSize, lengthSize);
		},
	};
}

/**
 * Waits for shared work without owning it: an abort ends the waiting, while the work goes on for whoever else wants it.
 */
async function untilCancelled<Value>(
	work: Promise<Value>,
	signal: AbortSignal | undefined,
	file: string,
): Promise<Value> {
	if (signal === undefined) return work;
	let stop: (() => void) | undefined;
	const aborted = new Promise<never>((_resolve, reject) => {
		stop = () => reject(cancelled(signal, file));
		signal.addEventListener("abort", stop, { once: true });
	});
	try {
		return await Promise.race([work, aborted]);
	} finally {
		if (stop) signal.removeEventListener("abort", stop);
	}
}
