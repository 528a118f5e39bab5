import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beamNames, type LandIceSegments, landIceSegments, measureHeights, writeGranule } from "./atl06-granule.ts";
import { createRandom, type Random } from "./random.ts";

export interface Atl06ShardOptions {
	/** Folder for the granules; made where it is missing. */
	readonly directory: string;
	/** Points in all granules together. */
	readonly pointCount: number;
	readonly granuleCount: number;
	/** Integer; the same options and seed give the same bytes. */
	readonly seed: number;
}

/** The HEALPix cell of order 6 that holds all points of `writeAtl06Shard`, as a packed morton word. */
export const ATL06_SHARD_KEY = 5702683028157890566n;

/** A box in degrees inside that cell, which reaches from 70.91° to 72.39° N and from 50.4° to 46.8° W. */
const BOX = { south: 71.38, north: 71.92, west: -49.62, east: -47.53 };

/** So many points, 20 m apart, go from the south of the box to its north. */
const POINTS_PER_LEG = 3000;

/**
 * Writes granules that together hold exactly `pointCount` points in one shard, for measuring: legs from south to
 * north and back, evenly spread from west to east, dealt to granules and beams by turns. One beam is in memory at a
 * time. Heights and quality are as in `writeAtl06Sample`. Resolves to the paths; throws `Hdf5Error`.
 */
export async function writeAtl06Shard(options: Atl06ShardOptions): Promise<string[]> {
	const { directory, pointCount, granuleCount, seed } = options;
	await mkdir(directory, { recursive: true });
	const random = createRandom(seed);
	const paths: string[] = [];
	for (let granule = 0; granule < granuleCount; granule++) {
		const path = join(directory, `ATL06_shard_${String(granule + 1).padStart(3, "0")}.h5`);
		await writeGranule(path, granuleBeams(pointCount, granule, granuleCount, random));
		paths.push(path);
	}
	return paths;
}

function* granuleBeams(
	pointCount: number,
	granule: number,
	granuleCount: number,
	random: Random,
): Generator<[(typeof beamNames)[number], LandIceSegments]> {
	const legCount = Math.ceil(pointCount / POINTS_PER_LEG);
	const firstPointOf = (leg: number) => Math.floor((pointCount * leg) / legCount);
	for (const [beam, name] of beamNames.entries()) {
		const legs: number[] = [];
		for (let leg = granule * beamNames.length + beam; leg < legCount; leg += granuleCount * beamNames.length) {
			legs.push(leg);
		}
		const segments = landIceSegments(legs.reduce((sum, leg) => sum + firstPointOf(leg + 1) - firstPointOf(leg), 0));
		let index = 0;
		for (const leg of legs) {
			const length = firstPointOf(leg + 1) - firstPointOf(leg);
			const longitude = BOX.west + ((BOX.east - BOX.west) * (leg + 0.5)) / legCount;
			for (let point = 0; point < length; point++, index++) {
				const northward = (point + 0.5) / length;
				const part = leg % 2 === 0 ? northward : 1 - northward;
				segments.latitude[index] = BOX.south + (BOX.north - BOX.south) * part;
				segments.longitude[index] = longitude;
				segments.segment_id[index] = index;
			}
		}
		measureHeights(segments, random);
		yield [name, segments];
	}
}
