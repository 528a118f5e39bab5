import { expect, test } from "vitest";
import { observedSource } from "../testing.ts";
import { memorySource } from "./memory-source.ts";
import { createPageCache, PAGE_BYTES } from "./page-cache.ts";

const content = Uint8Array.from({ length: 5 * PAGE_BYTES + 100 }, (_, index) => (index * 7 + (index >> 16)) & 0xff);

test("answers any range with the file's bytes, reading each page once", async () => {
	const source = observedSource(memorySource(content));
	const pages = createPageCache(source, undefined);
	const ranges = [
		[10, 20],
		[PAGE_BYTES - 5, 10],
		[4 * PAGE_BYTES, PAGE_BYTES + 100],
		[0, content.length],
		[content.length, 0],
	] as const;
	for (const [offset, length] of ranges) {
		expect([...(await pages.read(offset, length))]).toEqual([...content.subarray(offset, offset + length)]);
	}
	// Pages 0, 1, then 4 and the rest in one request, then 2 and 3 in one request.
	expect(source.reads.map(({ offset, length }) => [offset / PAGE_BYTES, length])).toEqual([
		[0, PAGE_BYTES],
		[1, PAGE_BYTES],
		[4, PAGE_BYTES + 100],
		[2, 2 * PAGE_BYTES],
	]);
});

test("reads of a page under way share one request", async () => {
	const source = observedSource(memorySource(content));
	const pages = createPageCache(source, undefined);
	await Promise.all([pages.read(0, 10), pages.read(5, 10), pages.read(0, 2 * PAGE_BYTES)]);
	expect(source.reads).toHaveLength(2);
});

test("a failed page is read again the next time", async () => {
	let failing = true;
	const source = observedSource(memorySource(content), () => {
		if (failing) throw new Error("the network is down");
	});
	const pages = createPageCache(source, undefined);
	await expect(pages.read(0, 10)).rejects.toThrow("the network is down");
	failing = false;
	expect(await pages.read(0, 10)).toEqual(content.subarray(0, 10));
});

test("peek knows what is cached within one page and never asks the source", async () => {
	const source = observedSource(memorySource(content));
	const pages = createPageCache(source, undefined);
	expect(pages.peek(0, 10)).toBeUndefined();
	await pages.read(0, 2 * PAGE_BYTES);
	expect(pages.peek(PAGE_BYTES + 3, 10)).toEqual(content.subarray(PAGE_BYTES + 3, PAGE_BYTES + 13));
	expect(pages.peek(PAGE_BYTES - 3, 10)).toBeUndefined();
	expect(source.reads).toHaveLength(1);
});

test("keeps 32 MiB of pages and forgets those used longest ago", async () => {
	const source = observedSource(memorySource(new Uint8Array(514 * PAGE_BYTES)));
	const pages = createPageCache(source, undefined);
	for (let page = 0; page < 512; page++) await pages.read(page * PAGE_BYTES, 1);
	await pages.read(0, 1);
	await pages.read(512 * PAGE_BYTES, 1);
	expect(pages.peek(0, 1)).toBeDefined();
	expect(pages.peek(PAGE_BYTES, 1)).toBeUndefined();
});
