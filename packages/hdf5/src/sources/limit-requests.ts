import type { ByteSource } from "../byte-source.ts";

/** Reads under way at once per file: enough to hide the latency of object storage, few enough for its rate limits. */
export const MAX_CONCURRENT_READS = 24;

/** The same source with at most `limit` reads under way; the others wait their turn, first come, first served. */
export function limitRequests(source: ByteSource, limit: number): ByteSource {
	const waiting: (() => void)[] = [];
	let running = 0;
	return {
		name: source.name,
		size: source.size,
		get statistics() {
			return source.statistics;
		},
		async read(offset, length, options) {
			if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
			else running += 1;
			try {
				return await source.read(offset, length, options);
			} finally {
				// A slot is handed on rather than freed, so nobody can slip in between.
				const next = waiting.shift();
				if (next === undefined) running -= 1;
				else next();
			}
		},
		close: () => source.close(),
	};
}
