import { defaultConfig, reduceFields, resolvePipeline } from "@zagg/aggregate";

/** Cells of one shard, as orders 6 → 12 have them. */
const CELL_COUNT = 4096;

/** Seconds that the nine atl06 fields take over so many points, spread evenly over the cells of a shard. */
export async function reduceBench(pointCount: number): Promise<{ seconds: number }> {
	const heights = new Float32Array(pointCount);
	const sigmas = new Float32Array(pointCount);
	// A fixed linear congruential sequence: the same numbers in every run.
	let state = 12345;
	for (let row = 0; row < pointCount; row++) {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		heights[row] = 1000 + (state / 2 ** 32) * 500;
		sigmas[row] = 0.01 + (state % 1000) / 5000;
	}
	const offsets = Uint32Array.from({ length: CELL_COUNT + 1 }, (_, cell) =>
		Math.floor((cell * pointCount) / CELL_COUNT),
	);
	const columns = new Map([
		["h_li", heights],
		["s_li", sigmas],
	]);
	const { fields } = resolvePipeline(defaultConfig("atl06"));
	const started = performance.now();
	reduceFields(fields, { columns, offsets, cellCount: CELL_COUNT });
	return { seconds: (performance.now() - started) / 1000 };
}
