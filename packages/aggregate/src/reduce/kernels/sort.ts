import type { NumericArray } from "@zagg/hdf5";

// Below this length an insertion sort is faster than a view and a call of the engine's sort.
const insertionSortLength = 24;

/** A copy of the column in which the rows of every cell (`offsets[k]..offsets[k+1]`) are ascending; NaN last, as numpy sorts. */
export function sortSlices(data: NumericArray, offsets: Uint32Array): NumericArray {
	const sorted = data.slice();
	for (let cell = 0; cell + 1 < offsets.length; cell++) sortSlice(sorted, offsets[cell]!, offsets[cell + 1]!);
	return sorted;
}

/** Sorts rows `start..end` in place, NaN last. */
export function sortSlice(data: NumericArray, start: number, end: number): void {
	if (end - start > insertionSortLength) {
		data.subarray(start, end).sort();
		return;
	}
	for (let i = start + 1; i < end; i++) {
		const value = data[i]!;
		if (Number.isNaN(value)) continue; // NaN stays behind everything before it
		let place = i - 1;
		for (; place >= start; place--) {
			const other = data[place]!;
			if (other <= value) break;
			data[place + 1] = other;
		}
		data[place + 1] = value;
	}
}

/** How many rows of a sorted slice are not NaN. */
export function countBeforeNan(sorted: NumericArray, start: number, end: number): number {
	let last = end;
	while (last > start && Number.isNaN(sorted[last - 1])) last--;
	return last - start;
}
