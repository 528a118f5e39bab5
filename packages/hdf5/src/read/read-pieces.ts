import { corrupt, Hdf5Error } from "../errors.ts";
import type { MetadataReader } from "../format/metadata-reader.ts";
import { MAX_CONCURRENT_READS } from "../sources/limit-requests.ts";
import { joinPieces, type Piece } from "./join-pieces.ts";

/** The largest single piece: HDF5's own limit for chunks before version 2.0. */
const MAX_PIECE_BYTES = 2 ** 32;

/** The file's bytes as a read needs them: metadata by structure, data by address. */
export interface DataReader {
	readonly metadata: MetadataReader;
	/** `length` bytes at a file address, inside the file. */
	readBytes(address: number, length: number): Promise<Uint8Array>;
}

/**
 * Reads all pieces in as few requests as sensible, several at once, and hands each piece to `use` as it arrives. The
 * first failure stops further requests.
 *
 * @param path the dataset, for errors
 */
export async function readPieces<P extends Piece>(
	reader: DataReader,
	path: string,
	pieces: readonly P[],
	use: (bytes: Uint8Array, piece: P) => void,
): Promise<void> {
	for (const piece of pieces) checkPiece(reader.metadata, path, piece);
	const requests = joinPieces(pieces).values();
	let failed = false;

	/** The lanes share one iterator: each takes the next request when it is done with its last. */
	async function lane(): Promise<void> {
		for (const { address, size, pieces: members } of requests) {
			if (failed) return;
			try {
				const bytes = await reader.readBytes(address, size);
				for (const piece of members) {
					const from = piece.address - address;
					use(bytes.subarray(from, from + piece.size), piece);
				}
			} catch (error) {
				failed = true;
				throw error;
			}
		}
	}

	await Promise.all(Array.from({ length: MAX_CONCURRENT_READS }, lane));
}

function checkPiece({ file, size: fileSize }: MetadataReader, path: string, { address, size }: Piece): void {
	const context = { path, address, size };
	if (address + size > fileSize) {
		throw corrupt(file, `data of ${path} at address ${address} lies beyond the end of the file`, context);
	}
	if (size > MAX_PIECE_BYTES) {
		throw new Hdf5Error("hdf5/too-large", `${file} keeps ${size} bytes of ${path} in one piece`, {
			remedy: "Rewrite the file with smaller chunks, for example with h5repack",
			context: { file, ...context },
		});
	}
}
