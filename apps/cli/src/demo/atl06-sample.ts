import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beamNames, type LandIceSegments, landIceSegments, measureHeights, writeGranule } from "./atl06-granule.ts";
import {
	type Direction,
	type Pass,
	segmentAtLatitude,
	segmentPosition,
	TRACKS_PER_CYCLE,
	timeAtLatitude,
} from "./ground-track.ts";
import { createRandom, type Random } from "./random.ts";

export interface Atl06SampleOptions {
	/** Folder for the granules; made where it is missing. */
	readonly directory: string;
	readonly granuleCount: number;
	/** One segment each 20 m; 11,500 of them go from 70° to 72° N. */
	readonly segmentsPerBeam: number;
	/** Integer; the same options and seed give the same bytes. */
	readonly seed: number;
}

/** Where tracks cross the ice sheet: in West Greenland, north of Disko Bay. Degrees. */
const REGION = { latitude: 71, west: -51, east: -49 };
const FIRST_CYCLE = 3;

/** Three pairs of beams 3.3 km apart, left and right 90 m apart, in metres to the right of the reference track. */
const beamOffsetsMetres = [-3345, -3255, -45, 45, 3255, 3345] as const;

/** A granule has no group for a beam that measured nothing; here it is a weak one, as it mostly is. */
const ABSENT_BEAM = "gt2r";

/** Where ICESat-2's granules are cut: the region number in file names and the latitude where it begins, in degrees. */
const granuleRegions: Readonly<Record<Direction, { readonly number: string; readonly startLatitude: number }>> = {
	ascending: { number: "03", startLatitude: 59.5 },
	descending: { number: "05", startLatitude: 80 },
};

/**
 * Writes small ATL06 granules whose values are all made by formula: passes along ICESat-2's tracks, ascending and
 * descending by turns, over an invented ice sheet around 71° N, 50° W. About 7 % of the segments are bad. Of several
 * granules, the last lacks one beam, as published granules may. Resolves to the paths; throws `Hdf5Error`.
 */
export async function writeAtl06Sample(options: Atl06SampleOptions): Promise<string[]> {
	const { directory, granuleCount, segmentsPerBeam, seed } = options;
	await mkdir(directory, { recursive: true });
	const random = createRandom(seed);
	const paths: string[] = [];
	for (const [index, pass] of regionalPasses(granuleCount).entries()) {
		const path = join(directory, granuleName(pass));
		const absentBeam = index > 0 && index === granuleCount - 1 ? ABSENT_BEAM : undefined;
		await writeGranule(path, passBeams(pass, segmentsPerBeam, absentBeam, random));
		paths.push(path);
	}
	return paths;
}

/** Passes over the region, ascending and descending by turns, each direction in order of time. */
function regionalPasses(count: number): Pass[] {
	const tracks = { ascending: regionalTracks("ascending"), descending: regionalTracks("descending") };
	return Array.from({ length: count }, (_, index) => {
		const direction = index % 2 === 0 ? "ascending" : "descending";
		const turn = Math.floor(index / 2);
		const regional = tracks[direction];
		const cycle = FIRST_CYCLE + Math.floor(turn / regional.length);
		return { track: regional[turn % regional.length]!, cycle, direction };
	});
}

function regionalTracks(direction: Direction): number[] {
	const segment = segmentAtLatitude(REGION.latitude, direction);
	return Array.from({ length: TRACKS_PER_CYCLE }, (_, index) => index + 1).filter((track) => {
		const { longitude } = segmentPosition(track, segment, 0);
		return longitude >= REGION.west && longitude <= REGION.east;
	});
}

/** `ATL06_` date and time `_` track, cycle, region `_` release `_` version, as ICESat-2's granules are named. */
function granuleName(pass: Pass): string {
	const region = granuleRegions[pass.direction];
	const start = timeAtLatitude(pass, region.startLatitude).toISOString().slice(0, 19).replace(/\D/g, "");
	const place = `${String(pass.track).padStart(4, "0")}${String(pass.cycle).padStart(2, "0")}${region.number}`;
	return `ATL06_${start}_${place}_006_01.h5`;
}

function* passBeams(
	pass: Pass,
	segmentCount: number,
	absentBeam: string | undefined,
	random: Random,
): Generator<[(typeof beamNames)[number], LandIceSegments]> {
	const firstSegment = segmentAtLatitude(REGION.latitude, pass.direction) - Math.floor(segmentCount / 2);
	for (const [beam, name] of beamNames.entries()) {
		if (name === absentBeam) continue;
		const segments = landIceSegments(segmentCount);
		for (let index = 0; index < segmentCount; index++) {
			const { latitude, longitude } = segmentPosition(pass.track, firstSegment + index, beamOffsetsMetres[beam]!);
			segments.latitude[index] = latitude;
			segments.longitude[index] = longitude;
			segments.segment_id[index] = firstSegment + index;
		}
		measureHeights(segments, random);
		yield [name, segments];
	}
}
