/** Longitudes and latitudes of a closed box, degrees. */
export interface Box {
	readonly minLongitude: number;
	readonly minLatitude: number;
	readonly maxLongitude: number;
	readonly maxLatitude: number;
}

/** The coarse index that a plan is made from: one point per segment and the base rows that it owns. */
export interface CoarseIndex {
	readonly latitudes: Float64Array;
	readonly longitudes: Float64Array;
	readonly begin: Float64Array;
	readonly count: Float64Array;
	readonly indexBase: number;
}

/** Half-open windows of base rows to read, ascending and disjoint; `fullRead` when reading everything is cheaper. */
export interface ReadPlan {
	/** Inclusive runs of segments, one per window. */
	readonly parentRuns: readonly (readonly [first: number, last: number])[];
	readonly baseSlices: readonly (readonly [start: number, end: number])[];
	readonly fullRead: boolean;
}

const EMPTY_PLAN: ReadPlan = { parentRuns: [], baseSlices: [], fullRead: false };

/**
 * Chooses which base rows to read for a box, from the points of a coarse level.
 *
 * A segment matches when its point lies in the closed box, or when the straight line to the next point meets it. Runs
 * of matches grow by `pad` segments on both sides; runs that touch become one. When the windows together hold more
 * than `fullReadThreshold` of the `baseLength` rows the plan says to read everything.
 */
export function planRead(
	index: CoarseIndex,
	baseLength: number,
	box: Box,
	options: { readonly pad?: number; readonly fullReadThreshold?: number } = {},
): ReadPlan {
	const { pad = 1, fullReadThreshold = 0.9 } = options;
	const segmentCount = index.latitudes.length;
	if (segmentCount === 0 || baseLength === 0) return EMPTY_PLAN;
	const parentRuns: [number, number][] = [];
	const baseSlices: [number, number][] = [];
	let total = 0;
	for (const run of paddedRuns(index, box, pad)) {
		const slice = baseSliceOf(index, run, baseLength);
		if (slice === undefined) continue;
		parentRuns.push(run);
		baseSlices.push(slice);
		total += slice[1] - slice[0];
	}
	if (total > fullReadThreshold * baseLength) {
		return { parentRuns: [[0, segmentCount - 1]], baseSlices: [[0, baseLength]], fullRead: true };
	}
	return { parentRuns, baseSlices, fullRead: false };
}

function paddedRuns(index: CoarseIndex, box: Box, pad: number): [number, number][] {
	const segmentCount = index.latitudes.length;
	const runs: [number, number][] = [];
	for (let segment = 0; segment < segmentCount; segment++) {
		if (!segmentMeetsBox(index, segment, box)) continue;
		const first = Math.max(0, segment - pad);
		const last = Math.min(segmentCount - 1, segment + pad);
		const previous = runs.at(-1);
		if (previous !== undefined && first <= previous[1] + 1) previous[1] = last;
		else runs.push([first, last]);
	}
	return runs;
}

function segmentMeetsBox(index: CoarseIndex, segment: number, box: Box): boolean {
	const longitude = index.longitudes[segment]!;
	const latitude = index.latitudes[segment]!;
	if (pointInBox(longitude, latitude, box)) return true;
	if (segment + 1 === index.latitudes.length) return false;
	return lineMeetsBox(longitude, latitude, index.longitudes[segment + 1]!, index.latitudes[segment + 1]!, box);
}

function pointInBox(longitude: number, latitude: number, box: Box): boolean {
	return (
		longitude >= box.minLongitude &&
		longitude <= box.maxLongitude &&
		latitude >= box.minLatitude &&
		latitude <= box.maxLatitude
	);
}

// Clips the line's parameter range against the four sides (Liang–Barsky); what is left, if anything, lies in the box.
function lineMeetsBox(x0: number, y0: number, x1: number, y1: number, box: Box): boolean {
	let enter = 0;
	let leave = 1;
	const clip = (direction: number, distance: number): boolean => {
		if (direction === 0) return distance >= 0;
		const at = distance / direction;
		if (direction < 0) enter = Math.max(enter, at);
		else leave = Math.min(leave, at);
		return enter <= leave;
	};
	return (
		clip(x0 - x1, x0 - box.minLongitude) &&
		clip(x1 - x0, box.maxLongitude - x0) &&
		clip(y0 - y1, y0 - box.minLatitude) &&
		clip(y1 - y0, box.maxLatitude - y0)
	);
}

function baseSliceOf(
	index: CoarseIndex,
	[first, last]: readonly [number, number],
	baseLength: number,
): [number, number] | undefined {
	let firstFilled = first;
	while (firstFilled <= last && index.count[firstFilled]! <= 0) firstFilled++;
	let lastFilled = last;
	while (lastFilled >= firstFilled && index.count[lastFilled]! <= 0) lastFilled--;
	if (firstFilled > lastFilled) return undefined;
	const start = Math.max(0, index.begin[firstFilled]! - index.indexBase);
	const end = Math.min(baseLength, index.begin[lastFilled]! - index.indexBase + index.count[lastFilled]!);
	return end > start ? [start, end] : undefined;
}
