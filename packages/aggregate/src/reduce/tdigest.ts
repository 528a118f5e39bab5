import type { NumericArray } from "@zagg/hdf5";
import { castArray } from "../expression/dtype.ts";

/** Default resolution: at most about this many centroids. */
export const DEFAULT_DELTA = 512;

/**
 * Summarises values as a t-digest: centroids that are small at both ends of the distribution and large in its middle
 * (Dunning & Ertl, "Computing extremely accurate quantiles using t-digests", 2019).
 *
 * Neighbours are merged under the k1 scale `k(q) = δ/(2π)·arcsin(2q − 1)`: no centroid of several values spans more
 * than 1 in k, so that there are between about `delta / 2` and `delta` centroids where there are that many values.
 * The least and the greatest value always are centroids of their own.
 *
 * @param values any numbers; NaN and infinities are left out
 * @returns rows of [mean, weight] in C order, ascending by mean; empty for no values
 */
export function buildTdigest(values: NumericArray, delta: number = DEFAULT_DELTA): Float32Array {
	const finite = (castArray(values, "float64") as Float64Array).filter(Number.isFinite).sort();
	return compress(finite, new Float64Array(finite.length).fill(1), delta);
}

/** The t-digest of the values of both digests together. An empty digest changes nothing. */
export function mergeTdigests(a: Float32Array, b: Float32Array, delta: number = DEFAULT_DELTA): Float32Array {
	if (a.length === 0) return b.slice();
	if (b.length === 0) return a.slice();
	const means = new Float64Array((a.length + b.length) / 2);
	const weights = new Float64Array(means.length);
	let nextA = 0;
	let nextB = 0;
	for (let i = 0; i < means.length; i++) {
		const fromA = nextB >= b.length || (nextA < a.length && a[nextA]! <= b[nextB]!);
		means[i] = fromA ? a[nextA]! : b[nextB]!;
		weights[i] = fromA ? a[nextA + 1]! : b[nextB + 1]!;
		if (fromA) nextA += 2;
		else nextB += 2;
	}
	return compress(means, weights, delta);
}

/**
 * The value at quantile `q` (0 to 1): linear between the centroids, each of which covers as many ranks as its weight, from halfway to the centroid before to
 * halfway to the one after. NaN for an empty digest.
 */
export function quantileFromTdigest(digest: Float32Array, q: number): number {
	const count = digest.length / 2;
	if (count === 0) return Number.NaN;
	let total = 0;
	for (let k = 0; k < count; k++) total += digest[2 * k + 1]!;
	const target = q * (total - 1);
	const mean = (k: number) => digest[2 * k]!;
	let low = 0;
	for (let k = 0; k < count; k++) {
		const high = low + digest[2 * k + 1]! - 1;
		if (target <= high) {
			if (high <= low) return mean(k);
			const fraction = (target - low) / (high - low);
			const left = k === 0 ? mean(0) : (mean(k - 1) + mean(k)) / 2;
			const right = k === count - 1 ? mean(k) : (mean(k) + mean(k + 1)) / 2;
			return left + fraction * (right - left);
		}
		low = high + 1;
	}
	return mean(count - 1);
}

/** Merges neighbours, in ascending order and but for both ends, as long as the merged centroid spans at most 1 on the k1 scale. */
function compress(means: Float64Array, weights: Float64Array, delta: number): Float32Array {
	let total = 0;
	for (const weight of weights) total += weight;
	const centroids: number[] = [];
	let mean = 0;
	let weight = 0;
	let before = 0; // weight of the centroids that are finished
	let greatest = 0; // the weight up to which the current centroid may reach
	for (let i = 0; i < means.length; i++) {
		const added = weights[i]!;
		if (i < means.length - 1 && before + weight + added <= greatest) {
			mean = (mean * weight + means[i]! * added) / (weight + added);
			weight += added;
			continue;
		}
		if (weight > 0) centroids.push(mean, weight);
		before += weight;
		mean = means[i]!;
		weight = added;
		if (i > 0) greatest = total * quantileAfter(before / total, delta);
	}
	if (weight > 0) centroids.push(mean, weight);
	return Float32Array.from(centroids);
}

/** The quantile that lies 1 further than `q` on the k1 scale. */
function quantileAfter(q: number, delta: number): number {
	const angle = Math.asin(Math.min(1, 2 * q - 1)) + (2 * Math.PI) / delta;
	return angle >= Math.PI / 2 ? 1 : (Math.sin(angle) + 1) / 2;
}
