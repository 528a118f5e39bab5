import { describe, expect, test } from "vitest";
import { type Pass, segmentAtLatitude, segmentPosition, timeAtLatitude } from "./ground-track.ts";

const METRES_PER_DEGREE = 111_195;

function distanceMetres(
	a: { latitude: number; longitude: number },
	b: { latitude: number; longitude: number },
): number {
	const north = (b.latitude - a.latitude) * METRES_PER_DEGREE;
	const east = (b.longitude - a.longitude) * METRES_PER_DEGREE * Math.cos((a.latitude * Math.PI) / 180);
	return Math.hypot(north, east);
}

describe("reference ground tracks", () => {
	// Where and when published granules are, to the accuracy of a circular orbit over a sphere.
	test.each([
		{ track: 277, direction: "ascending", latitude: 71.0053, longitude: -49.5104, segment: 395_216 },
		{ track: 1161, direction: "ascending", latitude: 71.545, longitude: -49.2106, segment: 398_256 },
		{ track: 1352, direction: "descending", latitude: 71.9564, longitude: -50.7822, segment: 601_252 },
	] as const)("track $track runs as published, $direction", ({ track, direction, latitude, longitude, segment }) => {
		const found = segmentAtLatitude(latitude, direction);
		const position = segmentPosition(track, found, 0);
		expect(position.latitude).toBeCloseTo(latitude, 3);
		expect(Math.abs(position.longitude - longitude)).toBeLessThan(0.04);
		expect(Math.abs(found - segment) / segment).toBeLessThan(0.003);
	});

	test.each([
		[{ track: 277, cycle: 3, direction: "ascending" }, 59.5, "2019-04-16T09:39:11Z"],
		[{ track: 1161, cycle: 3, direction: "ascending" }, 59.5, "2019-06-13T06:51:09Z"],
		[{ track: 1291, cycle: 3, direction: "descending" }, 80, "2019-06-21T19:19:22Z"],
	] satisfies [Pass, number, string][])("the pass %j is at %d° N when it was", (pass, latitude, time) => {
		const differenceSeconds = (timeAtLatitude(pass, latitude).getTime() - Date.parse(time)) / 1000;
		expect(Math.abs(differenceSeconds)).toBeLessThan(30);
	});

	test("segments follow each other at 20 m", () => {
		const segment = segmentAtLatitude(71, "ascending");
		const step = distanceMetres(segmentPosition(277, segment, 0), segmentPosition(277, segment + 1, 0));
		expect(step).toBeGreaterThan(19.5);
		expect(step).toBeLessThan(20.5);
	});

	test("right of the track is east when it ascends and west when it descends", () => {
		for (const [direction, sign] of [
			["ascending", 1],
			["descending", -1],
		] as const) {
			const segment = segmentAtLatitude(71, direction);
			const centre = segmentPosition(277, segment, 0);
			const right = segmentPosition(277, segment, 3300);
			expect(Math.sign(right.longitude - centre.longitude)).toBe(sign);
			expect(distanceMetres(centre, right)).toBeCloseTo(3300, -1);
		}
	});

	test("longitudes stay between -180 and 180 on every track", () => {
		for (let track = 1; track <= 1387; track += 7) {
			const { longitude } = segmentPosition(track, segmentAtLatitude(71, "descending"), 3345);
			expect(Math.abs(longitude)).toBeLessThanOrEqual(180);
		}
	});
});
