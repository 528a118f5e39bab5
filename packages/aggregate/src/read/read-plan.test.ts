import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CoarseIndex, planRead } from "./read-plan.ts";

/** Segments 40° of latitude apart at longitude 0.5, ten base rows each. */
function isolatedSegments(segmentCount: number, indexBase = 0): CoarseIndex {
	const numbers = (value: (segment: number) => number): Float64Array =>
		Float64Array.from({ length: segmentCount }, (_, segment) => value(segment));
	return {
		latitudes: numbers((segment) => segment * 40),
		longitudes: numbers(() => 0.5),
		begin: numbers((segment) => segment * 10 + indexBase),
		count: numbers(() => 10),
		indexBase,
	};
}

const box = (minLongitude: number, minLatitude: number, maxLongitude: number, maxLatitude: number) => ({
	minLongitude,
	minLatitude,
	maxLongitude,
	maxLatitude,
});
const aroundFirst = box(0, -0.5, 1, 0.5);

describe("planRead", () => {
	it("reads the rows of the one segment in the box", () => {
		const plan = planRead(isolatedSegments(10), 100, aroundFirst, { pad: 0 });
		expect(plan).toEqual({ parentRuns: [[0, 0]], baseSlices: [[0, 10]], fullRead: false });
	});

	it("reads nothing for a box that no segment meets", () => {
		const plan = planRead(isolatedSegments(10), 100, box(90, 0, 91, 1), { pad: 1 });
		expect(plan).toEqual({ parentRuns: [], baseSlices: [], fullRead: false });
	});

	it("joins neighbouring segments to one run", () => {
		const plan = planRead(isolatedSegments(10), 100, box(0, -0.5, 1, 40.5), { pad: 0 });
		expect(plan.parentRuns).toEqual([[0, 1]]);
		expect(plan.baseSlices).toEqual([[0, 20]]);
	});

	it.each([
		[1, [0, 1], [0, 20]],
		[2, [0, 2], [0, 30]],
	])("grows a run by %i segments on both sides, within the beam", (pad, run, slice) => {
		const plan = planRead(isolatedSegments(10), 100, aroundFirst, { pad });
		expect(plan.parentRuns).toEqual([run]);
		expect(plan.baseSlices).toEqual([slice]);
	});

	it("says to read everything once nearly everything is needed", () => {
		const everywhere = box(0, -90, 1, 400);
		expect(planRead(isolatedSegments(10), 100, everywhere)).toEqual({
			parentRuns: [[0, 9]],
			baseSlices: [[0, 100]],
			fullRead: true,
		});
		expect(planRead(isolatedSegments(10), 100, aroundFirst, { pad: 0 }).fullRead).toBe(false);
	});

	it("finds a box that only the line between two segments crosses", () => {
		const index: CoarseIndex = {
			...isolatedSegments(2),
			latitudes: Float64Array.of(0, 0),
			longitudes: Float64Array.of(0, 2),
		};
		expect(planRead(index, 20, box(0.5, -0.1, 1.5, 0.1), { pad: 0 }).parentRuns[0]?.[0]).toBe(0);
	});

	it("counts begins from the index base", () => {
		const index: CoarseIndex = {
			...isolatedSegments(2),
			begin: Float64Array.of(1, 6),
			count: Float64Array.of(5, 5),
			indexBase: 1,
		};
		expect(planRead(index, 10, aroundFirst, { pad: 0 }).baseSlices).toEqual([[0, 5]]);
	});

	// An empty ATL03 segment says begin 0, count 0; segment 1 or 2 of these five lies in the box.
	it.each([
		["start", [0, 5001, 5101, 5201, 5301], [0, 100, 100, 100, 100], [5000, 5200], [0, 2]],
		["end", [5001, 5101, 0, 5201, 5301], [100, 100, 0, 100, 100], [5000, 5200], [0, 2]],
		["middle", [5001, 0, 5101, 5201, 5301], [100, 0, 100, 100, 100], [5000, 5200], [0, 2]],
	])("skips an empty segment at the %s of a run", (_place, begin, count, slice, run) => {
		const index: CoarseIndex = {
			...isolatedSegments(5),
			begin: Float64Array.from(begin),
			count: Float64Array.from(count),
			indexBase: 1,
		};
		const plan = planRead(index, 5400, box(0, 39.5, 1, 40.5), { pad: 1 });
		expect(plan.baseSlices[0]).toEqual(slice);
		expect(plan.parentRuns[0]).toEqual(run);
	});

	it("drops a run whose segments are all empty", () => {
		const index: CoarseIndex = { ...isolatedSegments(5), count: new Float64Array(5), begin: new Float64Array(5) };
		expect(planRead(index, 5400, aroundFirst).baseSlices).toEqual([]);
	});

	it("covers every segment whose point is in the box, whatever the track", () => {
		const coordinate = fc.double({ min: -5, max: 5, noNaN: true });
		fc.assert(
			fc.property(fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 40 }), (points) => {
				const index: CoarseIndex = {
					...isolatedSegments(points.length),
					longitudes: Float64Array.from(points, ([longitude]) => longitude),
					latitudes: Float64Array.from(points, ([, latitude]) => latitude),
				};
				const plan = planRead(index, points.length * 10, box(-1, -1, 1, 1), { pad: 0 });
				for (const [segment, [longitude, latitude]] of points.entries()) {
					if (Math.abs(longitude) > 1 || Math.abs(latitude) > 1) continue;
					expect(plan.baseSlices.some(([start, end]) => start <= segment * 10 && segment * 10 + 10 <= end)).toBe(true);
				}
			}),
		);
	});
});
