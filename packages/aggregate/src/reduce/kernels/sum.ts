import type { NumericArray } from "@zagg/hdf5";
import { isBigintArray, type NumberArray } from "../../expression/dtype.ts";

// numpy's pairwise summation (numpy/_core/src/umath/loops_utils.h.src): blocks of at most 128 elements with 8 accumulators.
const blockLength = 128;
// numpy's default ufunc buffer, in elements: where it converts while it sums, it sums pairwise within a buffer and adds the buffers up in order.
const castBufferLength = 8192;
// 2^20 integers of 32 bits stay below 2^53.
const exactBlockLength = 2 ** 20;

/** The sum of rows `start..end`, to the bit as `np.add.reduce` on a contiguous array of that float type. */
export function sumFloats(values: Float32Array | Float64Array, start: number, end: number): number {
	// `0 +` because numpy starts at +0, which turns a sum of -0 into +0.
	return 0 + (values instanceof Float32Array ? pairwise32(values, start, end) : pairwise64(values, start, end));
}

/** The exact integer sum of rows `start..end`, wrapped to 64 bits as numpy's int64 (uint64 for unsigned input) does. */
export function sumIntegers(values: NumericArray, start: number, end: number): bigint {
	let total = 0n;
	if (isBigintArray(values)) {
		for (let i = start; i < end; i++) total += values[i]!;
		return values instanceof BigUint64Array ? BigInt.asUintN(64, total) : BigInt.asIntN(64, total);
	}
	for (let from = start; from < end; from += exactBlockLength) {
		let block = 0;
		const to = Math.min(end, from + exactBlockLength);
		for (let i = from; i < to; i++) block += values[i]!;
		total += BigInt(block);
	}
	return total;
}

/** The sum of rows `start..end` in float type `type`, as numpy computes `sum(dtype=type)`, converting the values on the way where they have another type. */
export function sumAs(values: NumericArray, start: number, end: number, type: "float32" | "float64"): number {
	if (values instanceof Float64Array && type === "float64") return sumFloats(values, start, end);
	if (values instanceof Float32Array && type === "float32") return sumFloats(values, start, end);
	const bufferLength = Math.min(castBufferLength, end - start);
	const buffer = type === "float32" ? new Float32Array(bufferLength) : new Float64Array(bufferLength);
	let total = 0;
	for (let from = start; from < end; from += castBufferLength) {
		const length = Math.min(castBufferLength, end - from);
		copyAsNumbers(values, from, from + length, buffer);
		total += sumFloats(buffer, 0, length);
		if (type === "float32") total = Math.fround(total);
	}
	return total;
}

/** Writes rows `start..end` as numbers to the beginning of `out` (rounded to its type). */
function copyAsNumbers(values: NumericArray, start: number, end: number, out: NumberArray): void {
	if (isBigintArray(values)) for (let i = start; i < end; i++) out[i - start] = Number(values[i]!);
	else for (let i = start; i < end; i++) out[i - start] = values[i]!;
}

function pairwise64(values: Float64Array, start: number, end: number): number {
	const length = end - start;
	if (length < 8) {
		let total = -0;
		for (let i = start; i < end; i++) total += values[i]!;
		return total;
	}
	if (length > blockLength) {
		const middle = start + splitPoint(length);
		return pairwise64(values, start, middle) + pairwise64(values, middle, end);
	}
	let r0 = values[start]!;
	let r1 = values[start + 1]!;
	let r2 = values[start + 2]!;
	let r3 = values[start + 3]!;
	let r4 = values[start + 4]!;
	let r5 = values[start + 5]!;
	let r6 = values[start + 6]!;
	let r7 = values[start + 7]!;
	const unrolledEnd = end - (length % 8);
	let i = start + 8;
	for (; i < unrolledEnd; i += 8) {
		r0 += values[i]!;
		r1 += values[i + 1]!;
		r2 += values[i + 2]!;
		r3 += values[i + 3]!;
		r4 += values[i + 4]!;
		r5 += values[i + 5]!;
		r6 += values[i + 6]!;
		r7 += values[i + 7]!;
	}
	let total = r0 + r1 + (r2 + r3) + (r4 + r5 + (r6 + r7));
	for (; i < end; i++) total += values[i]!;
	return total;
}

// A sum of two float32 numbers, computed in double and rounded, is the float32 sum: double has more than twice the digits.
function pairwise32(values: Float32Array, start: number, end: number): number {
	const { fround } = Math;
	const length = end - start;
	if (length < 8) {
		let total = -0;
		for (let i = start; i < end; i++) total = fround(total + values[i]!);
		return total;
	}
	if (length > blockLength) {
		const middle = start + splitPoint(length);
		return fround(pairwise32(values, start, middle) + pairwise32(values, middle, end));
	}
	let r0 = values[start]!;
	let r1 = values[start + 1]!;
	let r2 = values[start + 2]!;
	let r3 = values[start + 3]!;
	let r4 = values[start + 4]!;
	let r5 = values[start + 5]!;
	let r6 = values[start + 6]!;
	let r7 = values[start + 7]!;
	const unrolledEnd = end - (length % 8);
	let i = start + 8;
	for (; i < unrolledEnd; i += 8) {
		r0 = fround(r0 + values[i]!);
		r1 = fround(r1 + values[i + 1]!);
		r2 = fround(r2 + values[i + 2]!);
		r3 = fround(r3 + values[i + 3]!);
		r4 = fround(r4 + values[i + 4]!);
		r5 = fround(r5 + values[i + 5]!);
		r6 = fround(r6 + values[i + 6]!);
		r7 = fround(r7 + values[i + 7]!);
	}
	const low = fround(fround(r0 + r1) + fround(r2 + r3));
	const high = fround(fround(r4 + r5) + fround(r6 + r7));
	let total = fround(low + high);
	for (; i < end; i++) total = fround(total + values[i]!);
	return total;
}

function splitPoint(length: number): number {
	const half = Math.floor(length / 2);
	return half - (half % 8);
}
