/**
 * Where ICESat-2 flies. Its 1387 reference ground tracks (RGT) repeat after 91 turns of the Earth beneath the plane
 * of the orbit. A circular orbit over a sphere meets the published tracks within about 1 km around 71° N.
 */
export const TRACKS_PER_CYCLE = 1387;
const TURNS_PER_CYCLE = 91;
const INCLINATION = radians(92);
const ORBIT_SECONDS = 5657.4;
const EARTH_RADIUS_METRES = 6_371_000;

/** One pass of the equator northwards, known from a published granule: track 277 of cycle 3. */
const REFERENCE_NODE = { track: 277, cycle: 3, longitude: -39.05, time: Date.UTC(2019, 3, 16, 9, 23, 36) };

/** How far the Earth turns for each radian that the satellite goes along its orbit. */
const EARTH_TURN = TURNS_PER_CYCLE / TRACKS_PER_CYCLE;

/** ATL06 has a segment each 20 m along the track, numbered from the equator. */
const SEGMENT_ANGLE = 20 / EARTH_RADIUS_METRES;

export type Direction = "ascending" | "descending";

/** One flight along a reference ground track. */
export interface Pass {
	/** Reference ground track, 1 to 1387. */
	readonly track: number;
	/** Repetition of all tracks, since 2018. */
	readonly cycle: number;
	readonly direction: Direction;
}

/** The number of the segment at which a pass reaches a northern latitude in degrees. */
export function segmentAtLatitude(latitude: number, direction: Direction): number {
	return Math.round(orbitAngleAtLatitude(latitude, direction) / SEGMENT_ANGLE);
}

/** When a pass reaches a northern latitude in degrees. */
export function timeAtLatitude({ track, cycle, direction }: Pass, latitude: number): Date {
	const orbits = (cycle - REFERENCE_NODE.cycle) * TRACKS_PER_CYCLE + track - REFERENCE_NODE.track;
	const partOfOrbit = orbitAngleAtLatitude(latitude, direction) / (2 * Math.PI);
	return new Date(REFERENCE_NODE.time + (orbits + partOfOrbit) * ORBIT_SECONDS * 1000);
}

/** A place on the ground, in degrees; longitude from -180 to 180. */
export interface Position {
	readonly latitude: number;
	readonly longitude: number;
}

/** The centre of a segment that lies `offsetMetres` to the right of a track, seen in the direction of flight. */
export function segmentPosition(track: number, segment: number, offsetMetres: number): Position {
	const angle = segment * SEGMENT_ANGLE;
	// Unit vectors in the frame that turns with the Earth, x towards the equator crossing before that turn.
	const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
	const [tilted, upright] = [Math.cos(INCLINATION), Math.sin(INCLINATION)];
	const [x, y, z] = [cosine, tilted * sine, upright * sine];
	const [forwardX, forwardY, forwardZ] = [-sine + EARTH_TURN * y, tilted * cosine - EARTH_TURN * x, upright * cosine];
	const [rightX, rightY, rightZ] = [
		forwardY * z - forwardZ * y,
		forwardZ * x - forwardX * z,
		forwardX * y - forwardY * x,
	];
	const step = offsetMetres / EARTH_RADIUS_METRES / Math.hypot(rightX, rightY, rightZ);
	const [beamX, beamY, beamZ] = [x + step * rightX, y + step * rightY, z + step * rightZ];

	const nodeLongitude = REFERENCE_NODE.longitude - (track - REFERENCE_NODE.track) * 360 * EARTH_TURN;
	const longitude = nodeLongitude + degrees(Math.atan2(beamY, beamX) - angle * EARTH_TURN);
	return {
		latitude: degrees(Math.atan2(beamZ, Math.hypot(beamX, beamY))),
		longitude: longitude - 360 * Math.round(longitude / 360),
	};
}

/** How far along its orbit, in radians from the equator northwards, the satellite is at a latitude. */
function orbitAngleAtLatitude(latitude: number, direction: Direction): number {
	const ascending = Math.asin(Math.sin(radians(latitude)) / Math.sin(INCLINATION));
	return direction === "ascending" ? ascending : Math.PI - ascending;
}

function radians(value: number): number {
	return (value * Math.PI) / 180;
}

function degrees(value: number): number {
	return (value * 180) / Math.PI;
}
