import { setTimeout as wait } from "node:timers/promises";
import type { ByteSource } from "../byte-source.ts";
import { cancelled, Hdf5Error } from "../errors.ts";
import { PAGE_BYTES } from "./page-cache.ts";
import { checkRange, createStatistics } from "./source-common.ts";

/** What a server answered to a request for a range. */
export interface RangeReply {
	readonly bytes: Uint8Array;
	/** Size of the whole file. */
	readonly size: number;
	/** Changes when the file does; null where the server has none. */
	readonly entityTag: string | null;
}

/** Asks the server for `length` bytes at `offset` once; near the end of the file it may give fewer. */
export type FetchRange = (offset: number, length: number, signal: AbortSignal | undefined) => Promise<RangeReply>;

// A dropped connection must not cost a shard that has been read for minutes. Ranges can be asked for again without harm.
const ATTEMPTS = 3;
const FIRST_WAIT_MILLISECONDS = 200;

// The first page of metadata comes along with the size.
const FIRST_BYTES = PAGE_BYTES;

/**
 * A source over byte ranges of a remote file. One request learns the size and brings the file's first 64 KiB. A request
 * that fails in transport, or is throttled, is sent up to three times; `statistics` counts each of them.
 */
export async function openRemoteSource(
	name: string,
	fetchRange: FetchRange,
	options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<ByteSource> {
	const statistics = createStatistics();

	async function fetchPatiently(offset: number, length: number, signal: AbortSignal | undefined): Promise<RangeReply> {
		for (let attempt = 1; ; attempt++) {
			statistics.requests += 1;
			try {
				const reply = await fetchRange(offset, length, signal);
				statistics.bytesRead += reply.bytes.length;
				return reply;
			} catch (error) {
				if (signal?.aborted) throw cancelled(signal, name);
				if (attempt === ATTEMPTS || !isWorthRepeating(error)) throw error;
				await wait(FIRST_WAIT_MILLISECONDS * 2 ** (attempt - 1), undefined, signal && { signal }).catch(() => {});
			}
		}
	}

	const { bytes: head, size, entityTag } = await fetchPatiently(0, FIRST_BYTES, options.signal);
	let closed = false;
	return {
		name,
		size,
		statistics,
		async read(offset, length, { signal } = {}) {
			checkRange({ name, size, closed }, offset, length, signal);
			if (offset + length <= head.length) return head.slice(offset, offset + length);
			const reply = await fetchPatiently(offset, length, signal);
			if (reply.size !== size || reply.entityTag !== entityTag) throw changed(name);
			if (reply.bytes.length !== length) {
				throw new Hdf5Error("hdf5/io", `${name}: ${length} bytes were asked for, ${reply.bytes.length} came`, {
					context: { file: name, offset, length },
				});
			}
			return reply.bytes;
		},
		async close() {
			closed = true;
		},
	};
}

function isWorthRepeating(error: unknown): boolean {
	return error instanceof Hdf5Error && (error.failureClass === "transport" || error.failureClass === "throttled");
}

function changed(name: string): Hdf5Error {
	return new Hdf5Error("hdf5/io", `${name} was replaced by another file while it was read`, {
		failureClass: "data",
		remedy: "Run it again when whatever writes the file has finished",
		context: { file: name },
	});
}
