import type { ByteSource } from "../byte-source.ts";

/** Metadata is read in pages of this size: big enough that a granule's headers take few requests. */
export const PAGE_BYTES = 64 * 1024;

/** Pages kept per file (32 MiB); the least recently used go first. */
const MAX_PAGES = 512;

/** The metadata bytes of one file, read page by page and remembered. */
export interface PageCache {
	/** Exactly `length` bytes at `offset`; the caller has checked that they lie inside the file. */
	read(offset: number, length: number): Promise<Uint8Array>;
	/** The same, without asking the source: undefined unless one cached page holds all of it. */
	peek(offset: number, length: number): Uint8Array | undefined;
	clear(): void;
}

/** Caches pages of `source`; `signal` stops the reads that fill it. */
export function createPageCache(source: ByteSource, signal: AbortSignal | undefined): PageCache {
	const loading = new Map<number, Promise<Uint8Array>>();
	const loaded = new Map<number, Uint8Array>();

	/** Requests pages [first, last] in one read, and registers each of them while it is under way. */
	function load(first: number, last: number): void {
		const start = first * PAGE_BYTES;
		const end = Math.min((last + 1) * PAGE_BYTES, source.size);
		const bytes = source.read(start, end - start, { signal });
		for (let page = first; page <= last; page++) {
			const from = (page - first) * PAGE_BYTES;
			const content = bytes.then((all) => {
				// A plain view even of a Buffer: its views are cheaper to make, and its slice() is a copy.
				const part = new Uint8Array(all.buffer, all.byteOffset + from, Math.min(PAGE_BYTES, all.length - from));
				remember(page, part);
				return part;
			});
			const settled = content.finally(() => loading.delete(page));
			// Whoever asked for the page sees the failure; this copy only stops it from counting as unhandled.
			settled.catch(() => undefined);
			loading.set(page, settled);
		}
	}

	function remember(page: number, bytes: Uint8Array): void {
		loaded.delete(page);
		loaded.set(page, bytes);
		if (loaded.size > MAX_PAGES) {
			const [oldest] = loaded.keys();
			if (oldest !== undefined) loaded.delete(oldest);
		}
	}

	function cached(page: number): Uint8Array | undefined {
		const bytes = loaded.get(page);
		if (bytes !== undefined) remember(page, bytes);
		return bytes;
	}

	function requestMissing(first: number, last: number): (Uint8Array | Promise<Uint8Array>)[] {
		for (let page = first; page <= last; page++) {
			if (loaded.has(page) || loading.has(page)) continue;
			let end = page;
			while (end < last && !loaded.has(end + 1) && !loading.has(end + 1)) end += 1;
			load(page, end);
			page = end;
		}
		const pages: (Uint8Array | Promise<Uint8Array>)[] = [];
		for (let page = first; page <= last; page++) pages.push(cached(page) ?? loading.get(page)!);
		return pages;
	}

	function peek(offset: number, length: number): Uint8Array | undefined {
		const page = Math.floor(offset / PAGE_BYTES);
		const start = offset - page * PAGE_BYTES;
		if (start + length > PAGE_BYTES) return undefined;
		return cached(page)?.subarray(start, start + length);
	}

	return {
		peek,
		async read(offset, length) {
			const known = peek(offset, length);
			if (known !== undefined || length === 0) return known ?? new Uint8Array(0);
			const first = Math.floor(offset / PAGE_BYTES);
			const last = Math.floor((offset + length - 1) / PAGE_BYTES);
			const pages = await Promise.all(requestMissing(first, last));
			const start = offset - first * PAGE_BYTES;
			if (pages.length === 1) return pages[0]!.subarray(start, start + length);
			return Buffer.concat(pages).subarray(start, start + length);
		},
		clear() {
			loaded.clear();
		},
	};
}
