import type { ByteSource } from "../byte-source.ts";
import { checkRange, createStatistics } from "./source-common.ts";

/**
 * A source over bytes that are already in memory; reads are views of them, nothing is copied.
 *
 * @param name what error messages call it
 */
export function memorySource(bytes: Uint8Array, name = "memory"): ByteSource {
	const statistics = createStatistics();
	let closed = false;
	return {
		name,
		size: bytes.length,
		statistics,
		async read(offset, length, options) {
			checkRange({ name, size: bytes.length, closed }, offset, length, options?.signal);
			statistics.requests += 1;
			statistics.bytesRead += length;
			return bytes.subarray(offset, offset + length);
		},
		async close() {
			closed = true;
		},
	};
}
