import type { Output } from "./output.ts";

/**
 * Undoes HDF5's shuffle for a run of elements, straight into the output. A shuffled chunk holds the first bytes of all
 * its elements, then their second bytes, and so on.
 *
 * @param planes the shuffled chunk
 * @param from the first element of the run, counted in the chunk
 * @param to its place in the output, counted in elements
 */
export function unshuffleInto(planes: Uint8Array, output: Output, from: number, to: number, count: number): void {
	const { words, elementSize } = output;
	const planeLength = Math.floor(planes.length / elementSize);
	const end = from + count;
	switch (elementSize) {
		case 2: {
			for (let index = from, word = to; index < end; index++, word++) {
				words![word] = planes[index]! | (planes[index + planeLength]! << 8);
			}
			return;
		}
		case 4: {
			const [second, third, fourth] = [planeLength, 2 * planeLength, 3 * planeLength];
			for (let index = from, word = to; index < end; index++, word++) {
				words![word] =
					planes[index]! |
					(planes[index + second]! << 8) |
					(planes[index + third]! << 16) |
					(planes[index + fourth]! << 24);
			}
			return;
		}
		case 8: {
			// Two passes of four planes each: eight streams at once are more than most processors prefetch.
			for (const half of [0, 1]) {
				const first = 4 * half * planeLength;
				const [second, third, fourth] = [first + planeLength, first + 2 * planeLength, first + 3 * planeLength];
				for (let index = from, word = 2 * to + half; index < end; index++, word += 2) {
					words![word] =
						planes[index + first]! |
						(planes[index + second]! << 8) |
						(planes[index + third]! << 16) |
						(planes[index + fourth]! << 24);
				}
			}
			return;
		}
	}
}

/** The same for a whole buffer of elements of any size; bytes after the last whole element were never shuffled. */
export function unshuffle(planes: Uint8Array, elementSize: number): Uint8Array {
	const count = Math.floor(planes.length / elementSize);
	if (count === 0) return planes;
	const bytes = new Uint8Array(planes.length);
	for (let plane = 0; plane < elementSize; plane++) {
		for (let index = 0; index < count; index++) bytes[index * elementSize + plane] = planes[plane * count + index]!;
	}
	bytes.set(planes.subarray(count * elementSize), count * elementSize);
	return bytes;
}
