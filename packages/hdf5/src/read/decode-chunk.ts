import { inflateSync } from "node:zlib";
import { corrupt, type Hdf5Error, unsupported } from "../errors.ts";
import { type Filter, filterIds } from "../format/filter-pipeline.ts";
import { fletcher32 } from "./fletcher32.ts";
import { unshuffle } from "./unshuffle.ts";

/** What decoding needs to know of a dataset. */
export interface ChunkCoding {
	readonly file: string;
	readonly path: string;
	readonly filters: readonly Filter[];
	readonly elementSize: number;
	/** Bytes of a chunk before filtering. */
	readonly chunkBytes: number;
}

export interface DecodedChunk {
	readonly bytes: Uint8Array;
	/** The bytes are still shuffled by element: unshuffling goes straight into the output. */
	readonly shuffled: boolean;
}

/** No deflate stream grows more than this: 258 bytes need at least two bits. Source: zlib's technical notes. */
const MAX_DEFLATE_RATIO = 1032;
/** What zlib needs beyond the result to see that the stream has ended, instead of asking for another buffer. */
const INFLATE_SLACK_BYTES = 64;

/**
 * Undoes a chunk's filters, last one first, except a shuffle that was applied first.
 *
 * @param filterMask bit n set: filter n was left out
 * @throws Hdf5Error `hdf5/unsupported` for an unknown filter, `hdf5/corrupt` when the bytes do not decode to a chunk
 */
export function decodeChunk(coding: ChunkCoding, stored: Uint8Array, filterMask: number): DecodedChunk {
	const { file, path, filters, elementSize, chunkBytes } = coding;
	let bytes = stored;
	let shuffled = false;
	for (let position = filters.length - 1; position >= 0; position--) {
		if (filterMask & (1 << position)) continue;
		const filter = filters[position]!;
		switch (filter.id) {
			case filterIds.deflate:
				bytes = inflate(coding, bytes, position);
				break;
			case filterIds.fletcher32:
				bytes = checkFletcher32(coding, bytes);
				break;
			case filterIds.shuffle: {
				const shuffledSize = filter.parameters[0] ?? elementSize;
				if (shuffledSize <= 1) break;
				if (position === 0 && shuffledSize === elementSize) shuffled = true;
				else bytes = unshuffle(bytes, shuffledSize);
				break;
			}
			default:
				throw unsupported(file, `the filter ${filter.name} (${filter.id}) for ${path}`, { path, filter: filter.id });
		}
	}
	if (bytes.length !== chunkBytes) {
		throw damage(coding, `a chunk decodes to ${bytes.length} bytes instead of ${chunkBytes}`);
	}
	return { bytes, shuffled };
}

/**
 * @param position of the filter: those before it have added at most a checksum each, so the result is a little longer
 * than a chunk at most
 */
function inflate(coding: ChunkCoding, bytes: Uint8Array, position: number): Uint8Array {
	const limit = coding.chunkBytes + 64 * position;
	if (coding.chunkBytes > bytes.length * MAX_DEFLATE_RATIO + INFLATE_SLACK_BYTES) {
		throw damage(coding, `${bytes.length} deflated bytes cannot hold a chunk of ${coding.chunkBytes}`);
	}
	try {
		return inflateSync(bytes, { maxOutputLength: limit, chunkSize: limit + INFLATE_SLACK_BYTES });
	} catch (cause) {
		const reason = cause instanceof Error ? cause.message : String(cause);
		throw damage(coding, `a deflated chunk cannot be inflated (${reason})`);
	}
}

function checkFletcher32(coding: ChunkCoding, bytes: Uint8Array): Uint8Array {
	if (bytes.length < 4) throw damage(coding, "a chunk is too short for its checksum");
	const content = bytes.subarray(0, bytes.length - 4);
	const [a, b, c, d] = bytes.subarray(bytes.length - 4) as unknown as [number, number, number, number];
	const computed = fletcher32(content);
	const stored = ((d << 24) | (c << 16) | (b << 8) | a) >>> 0;
	// HDF5 before 1.6.3 stored the bytes of each half the other way round on little-endian machines.
	const storedSwapped = ((c << 24) | (d << 16) | (a << 8) | b) >>> 0;
	if (computed !== stored && computed !== storedSwapped) throw damage(coding, "a chunk fails its fletcher32 checksum");
	return content;
}

function damage({ file, path }: ChunkCoding, problem: string): Hdf5Error {
	return corrupt(file, `in ${path}, ${problem}`, { path });
}
