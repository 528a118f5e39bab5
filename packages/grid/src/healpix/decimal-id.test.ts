import fc from "fast-check";
import { expect, test } from "vitest";
import { formatDecimalId, parseDecimalId } from "./decimal-id.ts";
import { packPointWord, packWord } from "./morton-word.ts";

test.each([
	["1", packWord(0n, 0)],
	["-6", packWord(11n, 0)],
	["-5112333", 12711972898206646278n],
	["-5111131", 12684388350489001990n],
	[`1${"1".repeat(29)}`, packWord(0n, 29)],
	[`1${"1".repeat(29)}p`, packPointWord(0n)],
])("id %s is word %d", (id, word) => {
	expect(parseDecimalId(id)).toBe(word);
	expect(formatDecimalId(word)).toBe(id);
});

test("every cell and point survives printing and parsing", () => {
	fc.assert(
		fc.property(fc.bigInt(0n, 12n * 4n ** 29n - 1n), fc.integer({ min: 0, max: 29 }), (nested, order) => {
			const area = packWord(nested >> BigInt(2 * (29 - order)), order);
			expect(parseDecimalId(formatDecimalId(area))).toBe(area);
			const point = packPointWord(nested);
			expect(parseDecimalId(formatDecimalId(point))).toBe(point);
		}),
	);
});

test.each([
	"",
	"-",
	"0",
	"7",
	"31p",
	"-6p",
	"31a",
	"35",
	"310",
	"--3",
	"+3",
	"1".repeat(31),
	"p",
	"²",
	" 3",
	"3 ",
	"3\n",
])("%j is no id", (id) => {
	expect(() => parseDecimalId(id)).toThrow(expect.objectContaining({ code: "grid/bad-decimal-id" }));
});
