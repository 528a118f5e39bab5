import { describe, expect, it } from "vitest";
import { numberText, roundStep, roundTicks, sortedQuantile, tickText, valueRanges } from "./value-range.ts";

describe("valueRanges", () => {
	it("leaves out the outer 2 % on both sides", () => {
		const values = Float64Array.from({ length: 101 }, (_, index) => 100 - index);
		expect(valueRanges(values)).toEqual({ full: { min: 0, max: 100 }, robust: { min: 2, max: 98 } });
	});

	it("takes all when nearly all values are the same, and nothing of nothing", () => {
		const values = new Float64Array(1000);
		values[7] = 3;
		expect(valueRanges(values)?.robust).toEqual({ min: 0, max: 3 });
		expect(valueRanges(new Float64Array())).toBeNull();
	});

	it("interpolates quantiles as numpy does by default", () => {
		const sorted = Float64Array.of(1, 2, 4, 8);
		expect([0, 0.25, 0.5, 0.75, 1].map((share) => sortedQuantile(sorted, share))).toEqual([1, 1.75, 3, 5, 8]);
	});
});

describe("ticks", () => {
	it("are round and within the range", () => {
		expect(roundTicks({ min: 652, max: 1839 }, 6)).toEqual([800, 1000, 1200, 1400, 1600, 1800]);
		expect(roundTicks({ min: -0.31, max: 0.32 }, 6).map((tick) => tickText(tick, { min: -0.31, max: 0.32 }))).toEqual([
			"−0.2",
			"0",
			"0.2",
		]);
		expect(roundTicks({ min: 1, max: 4 }, 6, 1)).toEqual([1, 2, 3, 4]);
		expect(roundTicks({ min: 5, max: 5 }, 6)).toEqual([5]);
		expect([0.3, 1, 1.1, 23, 70].map(roundStep)).toEqual([0.5, 1, 2, 50, 100]);
	});

	it("read well", () => {
		expect([0, -23.00761, 1861.8693, 1e-7, 2.5e12, 123456].map(numberText)).toEqual([
			"0",
			"−23.0076",
			"1861.87",
			"1e-7",
			"2.5e+12",
			"123456",
		]);
	});
});
