import { expect, test } from "vitest";
import { lookup3 } from "./lookup3.ts";

const ascii = (text: string) => new TextEncoder().encode(text);

// Values from the driver in the reference, http://burtleburtle.net/bob/c/lookup3.c.
test("hashes the reference's own examples", () => {
	expect(lookup3(ascii(""))).toBe(0xdeadbeef);
	expect(lookup3(ascii("Four score and seven years ago"))).toBe(0x17770551);
});
