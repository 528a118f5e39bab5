import type { Ranges } from "../chunks/chunk-grid.ts";
import type { DecodedChunk } from "./decode-chunk.ts";
import type { Output } from "./output.ts";
import { unshuffleInto } from "./unshuffle.ts";

/**
 * Copies the wanted part of a decoded chunk to its place in the output, in the longest runs possible: a chunk that
 * spans all columns wanted is one run.
 *
 * @param start indices of the chunk's first element in the dataset
 * @param ranges the part of the dataset that the output holds, row-major
 */
export function placeChunk(
	chunk: DecodedChunk,
	start: readonly number[],
	chunkShape: readonly number[],
	ranges: Ranges,
	output: Output,
): void {
	const rank = chunkShape.length;
	const from: number[] = []; // first wanted element, within the chunk
	const to: number[] = []; // its place, within the output
	const counts: number[] = [];
	for (let dimension = 0; dimension < rank; dimension++) {
		const [rangeStart, rangeEnd] = ranges[dimension]!;
		const chunkStart = start[dimension]!;
		const first = Math.max(chunkStart, rangeStart);
		const end = Math.min(chunkStart + chunkShape[dimension]!, rangeEnd);
		if (end <= first) return;
		from.push(first - chunkStart);
		to.push(first - rangeStart);
		counts.push(end - first);
	}

	const outputShape = ranges.map(([rangeStart, rangeEnd]) => rangeEnd - rangeStart);
	// Dimensions that are whole in both join the run of the dimension before them.
	let runDimension = Math.max(0, rank - 1);
	let runLength = counts[runDimension] ?? 1;
	while (
		runDimension > 0 &&
		counts[runDimension] === chunkShape[runDimension] &&
		counts[runDimension] === outputShape[runDimension]
	) {
		runDimension -= 1;
		runLength *= counts[runDimension]!;
	}

	const chunkStrides = rowMajorStrides(chunkShape);
	const outputStrides = rowMajorStrides(outputShape);
	let source = dot(from, chunkStrides);
	let target = dot(to, outputStrides);
	const position = counts.map(() => 0);
	for (;;) {
		if (chunk.shuffled) unshuffleInto(chunk.bytes, output, source, target, runLength);
		else copyInto(chunk.bytes, output, source, target, runLength);
		let dimension = runDimension - 1;
		for (; dimension >= 0; dimension--) {
			source += chunkStrides[dimension]!;
			target += outputStrides[dimension]!;
			position[dimension]! += 1;
			if (position[dimension]! < counts[dimension]!) break;
			source -= counts[dimension]! * chunkStrides[dimension]!;
			target -= counts[dimension]! * outputStrides[dimension]!;
			position[dimension] = 0;
		}
		if (dimension < 0) return;
	}
}

function copyInto(bytes: Uint8Array, { bytes: target, elementSize }: Output, from: number, to: number, count: number) {
	target.set(bytes.subarray(from * elementSize, (from + count) * elementSize), to * elementSize);
}

function rowMajorStrides(shape: readonly number[]): number[] {
	const strides = shape.map(() => 1);
	for (let dimension = shape.length - 2; dimension >= 0; dimension--) {
		strides[dimension] = strides[dimension + 1]! * shape[dimension + 1]!;
	}
	return strides;
}

function dot(left: readonly number[], right: readonly number[]): number {
	return left.reduce((sum, value, index) => sum + value * right[index]!, 0);
}
