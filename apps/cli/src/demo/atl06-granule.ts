import { createHdf5File } from "@zagg/hdf5/writer";
import { iceSurfaceHeight } from "./ice-surface.ts";
import type { Random } from "./random.ts";

/** The six ground tracks of the lasers, from left to right in the direction of flight. */
export const beamNames = ["gt1l", "gt1r", "gt2l", "gt2r", "gt3l", "gt3r"] as const;

/** What ATL06 has where no height could be found: the largest float32. */
export const HEIGHT_FILL_VALUE = 3.4028234663852886e38;

const BAD_QUALITY_SHARE = 0.07;
/** Standard errors of heights spread evenly in their logarithm between these, in metres. */
const SIGMA_RANGE = { smallest: 0.01, largest: 0.2 };

/** The land-ice segments of one beam: one value per segment in each column. */
export interface LandIceSegments {
	/** Degrees north and east. */
	readonly latitude: Float64Array;
	readonly longitude: Float64Array;
	/** Height and its standard error in metres; the fill value where the quality is bad. */
	readonly h_li: Float32Array;
	readonly h_li_sigma: Float32Array;
	/** 0 good, 1 bad. */
	readonly atl06_quality_summary: Int8Array;
	readonly segment_id: Int32Array;
}

/** Columns for `length` segments, all zero. */
export function landIceSegments(length: number): LandIceSegments {
	return {
		latitude: new Float64Array(length),
		longitude: new Float64Array(length),
		h_li: new Float32Array(length),
		h_li_sigma: new Float32Array(length),
		atl06_quality_summary: new Int8Array(length),
		segment_id: new Int32Array(length),
	};
}

/** Fills in height, error and quality of all segments from their positions, with noise. */
export function measureHeights(segments: LandIceSegments, random: Random): void {
	const { latitude, longitude, h_li, h_li_sigma, atl06_quality_summary } = segments;
	for (let index = 0; index < latitude.length; index++) {
		const isBad = random.uniform() < BAD_QUALITY_SHARE;
		const sigma = SIGMA_RANGE.smallest * (SIGMA_RANGE.largest / SIGMA_RANGE.smallest) ** random.uniform();
		const height = iceSurfaceHeight(latitude[index]!, longitude[index]!) + sigma * random.normal();
		atl06_quality_summary[index] = isBad ? 1 : 0;
		h_li[index] = isBad ? HEIGHT_FILL_VALUE : height;
		h_li_sigma[index] = isBad ? HEIGHT_FILL_VALUE : sigma;
	}
}

/**
 * Writes a granule with the beams given, each under `/NAME/land_ice_segments`, chunked and compressed as in the
 * published product. Beams are asked for one by one, so that only one is in memory. Throws `Hdf5Error`.
 */
export async function writeGranule(
	path: string,
	beams: Iterable<readonly [name: (typeof beamNames)[number], segments: LandIceSegments]>,
): Promise<void> {
	const layout = { chunkShape: [10_000], deflateLevel: 6 };
	const heightLayout = { ...layout, fillValue: HEIGHT_FILL_VALUE };
	const integerLayout = { ...layout, shuffle: true };
	await using file = await createHdf5File(path);
	for (const [name, segments] of beams) {
		const group = `/${name}/land_ice_segments`;
		await file.writeDataset(`${group}/latitude`, segments.latitude, layout);
		await file.writeDataset(`${group}/longitude`, segments.longitude, layout);
		await file.writeDataset(`${group}/h_li`, segments.h_li, heightLayout);
		await file.writeDataset(`${group}/h_li_sigma`, segments.h_li_sigma, heightLayout);
		await file.writeDataset(`${group}/atl06_quality_summary`, segments.atl06_quality_summary, integerLayout);
		await file.writeDataset(`${group}/segment_id`, segments.segment_id, integerLayout);
	}
	await file.close();
}
