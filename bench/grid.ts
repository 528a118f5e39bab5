import { healpixGrid } from "@zagg/grid";

const POINTS = 10_000_000;
const TRACKS = 500;

export interface GridBenchResult {
	/** Points to morton words of order 12. */
	readonly assignMillionPointsPerSecond: number;
	/** Points to ranks in one shard of order 6. */
	readonly ranksMillionPointsPerSecond: number;
}

/** Throughput of the two ways from points to cells, on ten million points along polar tracks; best of three. */
export async function gridBench(): Promise<GridBenchResult> {
	const grid = healpixGrid({ parentOrder: 6, childOrder: 12 });
	const { latitudes, longitudes } = tracks();
	const shard = grid.shardKeysOf(latitudes.subarray(0, 1), longitudes.subarray(0, 1))[0]!;
	return {
		assignMillionPointsPerSecond: throughput(() => grid.assign(latitudes, longitudes)),
		ranksMillionPointsPerSecond: throughput(() => grid.ranksInShard(latitudes, longitudes, shard)),
	};
}

/** Straight tracks from the south pole to the north pole, evenly spaced: every lune, both caps and the band between. */
function tracks(): { latitudes: Float64Array; longitudes: Float64Array } {
	const latitudes = new Float64Array(POINTS);
	const longitudes = new Float64Array(POINTS);
	const pointsPerTrack = POINTS / TRACKS;
	for (let point = 0; point < POINTS; point++) {
		const along = (point % pointsPerTrack) / pointsPerTrack;
		latitudes[point] = -90 + 180 * along;
		longitudes[point] = -180 + (360 * Math.floor(point / pointsPerTrack)) / TRACKS + along;
	}
	return { latitudes, longitudes };
}

function throughput(run: () => unknown): number {
	let bestSeconds = Number.POSITIVE_INFINITY;
	for (let round = 0; round < 3; round++) {
		const start = performance.now();
		run();
		bestSeconds = Math.min(bestSeconds, (performance.now() - start) / 1000);
	}
	return POINTS / bestSeconds / 1e6;
}
