import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { observedSource } from "../testing.ts";
import { limitRequests } from "./limit-requests.ts";
import { memorySource } from "./memory-source.ts";

test("keeps as many reads under way as allowed, never more, and serves them in order", async () => {
	const source = observedSource(memorySource(new Uint8Array(100)), async () => setImmediate());
	const limited = limitRequests(source, 3);
	await Promise.all(Array.from({ length: 20 }, (_, index) => limited.read(index, 1)));
	expect(source.mostAtOnce()).toBe(3);
	expect(source.reads.map(({ offset }) => offset)).toEqual(Array.from({ length: 20 }, (_, index) => index));
});

test("a failed read gives its place on", async () => {
	const limited = limitRequests(memorySource(new Uint8Array(10)), 1);
	const results = await Promise.allSettled([limited.read(0, 100), limited.read(0, 100), limited.read(4, 2)]);
	expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
});
