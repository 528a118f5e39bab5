import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createHdf5File } from "@zagg/hdf5/writer";

const BEAMS = ["gt1l", "gt1r", "gt2l", "gt2r", "gt3l", "gt3r"];
const PHOTONS_PER_SEGMENT = 100;
const CHUNK = 10_000;

/** South-west corner of the shard, in degrees, on the lattice of the built-in config atl03 (256 cells of 0.0001°). */
export const ATL03_CORNER = { latitude: 70.0832, longitude: -50.1056 };
const SIDE_DEGREES = 0.0256;

/**
 * Writes one granule whose photons all lie in one shard of the built-in config atl03: each beam goes to and fro through
 * the square, with heights around a slope. One beam is in memory at a time. Resolves to the path.
 */
export async function writeAtl03Shard(directory: string, photonCount: number): Promise<string> {
	await mkdir(directory, { recursive: true });
	const path = join(directory, `ATL03_${photonCount}.h5`);
	await using file = await createHdf5File(path);
	const photons = Math.floor(photonCount / BEAMS.length);
	const segments = Math.ceil(photons / PHOTONS_PER_SEGMENT);
	for (const [beam, group] of BEAMS.entries()) {
		const latitudes = new Float64Array(photons);
		const longitudes = new Float64Array(photons);
		const heights = new Float32Array(photons);
		const confidence = new Int8Array(photons * 5);
		for (let index = 0; index < photons; index++) {
			const along = (index * 7.9e-7) % 2;
			const across = (beam + (index / photons) * 0.98 + 0.01) / BEAMS.length;
			latitudes[index] = ATL03_CORNER.latitude + SIDE_DEGREES * (0.001 + 0.998 * (along < 1 ? along : 2 - along));
			longitudes[index] = ATL03_CORNER.longitude + SIDE_DEGREES * (0.001 + 0.998 * across);
			heights[index] = 1000 + 40 * along + ((index * 7919) % 2000) / 100;
			confidence[index * 5] = index % 50 === 0 ? -2 : 4;
		}
		const begins = new BigInt64Array(segments);
		const counts = new Int32Array(segments);
		const middles = [new Float64Array(segments), new Float64Array(segments)] as const;
		for (let segment = 0; segment < segments; segment++) {
			const first = segment * PHOTONS_PER_SEGMENT;
			const count = Math.min(PHOTONS_PER_SEGMENT, photons - first);
			begins[segment] = BigInt(first + 1);
			counts[segment] = count;
			middles[0][segment] = latitudes[first + (count >> 1)]!;
			middles[1][segment] = longitudes[first + (count >> 1)]!;
		}
		const layout = { chunkShape: [CHUNK], deflateLevel: 4, shuffle: true };
		await file.writeDataset(`/${group}/heights/lat_ph`, latitudes, layout);
		await file.writeDataset(`/${group}/heights/lon_ph`, longitudes, layout);
		await file.writeDataset(`/${group}/heights/h_ph`, heights, layout);
		await file.writeDataset(`/${group}/heights/signal_conf_ph`, confidence, {
			...layout,
			chunkShape: [CHUNK, 5],
			shape: [photons, 5],
		});
		await file.writeDataset(`/${group}/geolocation/ph_index_beg`, begins, layout);
		await file.writeDataset(`/${group}/geolocation/segment_ph_cnt`, counts, layout);
		await file.writeDataset(`/${group}/geolocation/reference_photon_lat`, middles[0], layout);
		await file.writeDataset(`/${group}/geolocation/reference_photon_lon`, middles[1], layout);
	}
	await file.close();
	return path;
}
