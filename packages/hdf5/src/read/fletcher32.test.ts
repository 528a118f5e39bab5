import { expect, test } from "vitest";
import { fletcher32 } from "./fletcher32.ts";

test("sums big-endian 16-bit words", () => {
	// sum1 = 0x0102 + 0x0304, sum2 = 0x0102 + sum1
	expect(fletcher32(Uint8Array.of(1, 2, 3, 4))).toBe(0x0508_0406);
});

test("takes an odd last byte as a word's high byte", () => {
	expect(fletcher32(Uint8Array.of(1, 2, 3))).toBe(0x0504_0402);
});

test("keeps its sums below 2^16 for long inputs", () => {
	// 1000 words of 0xffff are congruent to 0 modulo 65535, which folding leaves as 0xffff.
	expect(fletcher32(new Uint8Array(2000).fill(0xff))).toBe(0xffff_ffff);
});
