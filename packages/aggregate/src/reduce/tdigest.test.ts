import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildTdigest, mergeTdigests, quantileFromTdigest } from "./index.ts";

/** Uniform numbers in [0, 1), the same in every run. */
function uniform(count: number, seed: number): Float64Array {
	let state = seed;
	return Float64Array.from({ length: count }, () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	});
}

/** Normally distributed numbers (Box & Muller). */
function normal(count: number): Float64Array {
	const radius = uniform(count, 1);
	const angle = uniform(count, 99);
	return radius.map((u, i) => Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * angle[i]!));
}

const means = (digest: Float32Array) => digest.filter((_, i) => i % 2 === 0);
const weights = (digest: Float32Array) => digest.filter((_, i) => i % 2 === 1);
const total = (digest: Float32Array) => weights(digest).reduce((sum, weight) => sum + weight, 0);
const isAscending = (values: Float32Array) => values.every((value, i) => i === 0 || values[i - 1]! <= value);

describe("a t-digest", () => {
	it("is empty for no finite values", () => {
		expect(buildTdigest(new Float32Array(0))).toEqual(new Float32Array(0));
		expect(buildTdigest(Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY))).toEqual(
			new Float32Array(0),
		);
	});

	it("leaves non-finite values out", () => {
		expect(total(buildTdigest(Float64Array.of(1, Number.NaN, 2, Number.NaN, 3)))).toBe(3);
	});

	it("keeps few values one by one", () => {
		expect(buildTdigest(Float32Array.of(42))).toEqual(Float32Array.of(42, 1));
		expect(buildTdigest(BigInt64Array.of(3n, 1n, 2n))).toEqual(Float32Array.of(1, 1, 2, 1, 3, 1));
	});

	it("has small centroids at both ends and large ones in the middle", () => {
		const digest = buildTdigest(
			Float64Array.from({ length: 20 }, (_, i) => i + 1),
			8,
		);
		expect(Array.from(weights(digest))).toEqual([1, 5, 7, 5, 1, 1]);
		expect(Array.from(means(digest))).toEqual([1, 4, 10, 16, 19, 20]);
	});

	it.each([128, 256, 512, 1024])(
		"with delta %i has between delta / 2 and delta centroids, whose weights sum to the count",
		(delta) => {
			const digest = buildTdigest(normal(50_000), delta);
			expect(weights(digest).length).toBeLessThanOrEqual(delta);
			expect(weights(digest).length).toBeGreaterThanOrEqual(delta / 2);
			expect(total(digest)).toBe(50_000);
			expect(isAscending(means(digest))).toBe(true);
		},
	);

	it.each([
		[128, 0.5, 0, 0.15],
		[256, 0.5, 0, 0.1],
		[512, 0.5, 0, 0.06],
		[1024, 0.5, 0, 0.04],
		[512, 0.1, -1.2815516, 0.15],
		[512, 0.9, 1.2815516, 0.15],
	])("with delta %i finds quantile %d of a normal distribution at %d within %d", (delta, q, expected, tolerance) => {
		expect(Math.abs(quantileFromTdigest(buildTdigest(normal(50_000), delta), q) - expected)).toBeLessThan(tolerance);
	});

	it("finds the quantiles of its own values within a thousandth of their range, to the ends", () => {
		const values = uniform(10_000, 7).map((value) => value * 100);
		const sorted = values.slice().sort();
		const digest = buildTdigest(values);
		for (const q of [0, 0.001, 0.01, 0.25, 0.5, 0.75, 0.99, 0.999, 1]) {
			expect(Math.abs(quantileFromTdigest(digest, q) - sorted[Math.round(q * 9_999)]!)).toBeLessThan(0.1);
		}
		const coarse = buildTdigest(values, 32);
		expect(quantileFromTdigest(coarse, 0)).toBe(Math.fround(sorted[0]!));
		expect(quantileFromTdigest(coarse, 1)).toBe(Math.fround(sorted.at(-1)!));
	});

	it("answers NaN when empty and its mean when it has one centroid", () => {
		expect(quantileFromTdigest(new Float32Array(0), 0.5)).toBeNaN();
		for (const q of [0, 0.5, 1]) expect(quantileFromTdigest(Float32Array.of(7, 3), q)).toBe(7);
	});

	it("follows the quantile formula between centroids", () => {
		// Ranks 0..1 run from 1 to the middle (2), ranks 2..3 from there to 3.
		const digest = Float32Array.of(1, 2, 3, 2);
		expect([0, 1 / 3, 2 / 3, 1].map((q) => quantileFromTdigest(digest, q))).toEqual([1, 2, 2, 3]);
	});
});

describe("merging t-digests", () => {
	it("with an empty one changes nothing and shares nothing", () => {
		const digest = buildTdigest(Float64Array.of(1, 2, 3));
		const empty = new Float32Array(0);
		expect(mergeTdigests(digest, empty)).toEqual(digest);
		expect(mergeTdigests(empty, digest)).toEqual(digest);
		expect(mergeTdigests(digest, empty)).not.toBe(digest);
	});

	it("is like the digest of all values", () => {
		fc.assert(
			fc.property(
				fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 400 }),
				fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 400 }),
				fc.constantFrom(32, 100, 512),
				(first, second, delta) => {
					const all = [...first, ...second].sort((a, b) => a - b);
					const merged = mergeTdigests(
						buildTdigest(Float64Array.from(first), delta),
						buildTdigest(Float64Array.from(second), delta),
						delta,
					);
					expect(total(merged)).toBe(all.length);
					expect(isAscending(means(merged))).toBe(true);
					expect(weights(merged).length).toBeLessThanOrEqual(delta + 2);
					for (const q of [0.1, 0.5, 0.9]) {
						const found = quantileFromTdigest(merged, q);
						// The rank may be off by what two centroids hold in the middle: 2π/δ of all, for each of the two passes.
						const slack = 1 + (4 * Math.PI * all.length) / delta;
						const rank = q * (all.length - 1);
						const at = (index: number) => all[Math.min(all.length - 1, Math.max(0, Math.round(index)))]!;
						const tolerance = 1e-3;
						expect(found).toBeGreaterThanOrEqual(at(rank - slack) - tolerance);
						expect(found).toBeLessThanOrEqual(at(rank + slack) + tolerance);
					}
				},
			),
			{ numRuns: 100 },
		);
	});
});
