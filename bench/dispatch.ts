import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { dispatch, type Executor, emptyRunReport, LAMBDA_RETRY, zeroCost } from "../packages/dispatch/src/index.ts";

const WIDTH = 1000;
const noCost = zeroCost();

const noOpExecutor: Executor<number, number> = {
	name: "no-op",
	specVersion: 1,
	capabilities: {
		cancelsRunningWork: false,
		isolatesCrashes: false,
		runsInParallel: false,
		transfer: "reference",
		maxPayloadBytes: null,
		costSource: "none",
	},
	preflight: async () => ({ workers: WIDTH, detail: null }),
	submit: async (payload) => payload,
	measureCost: () => noCost,
	finalize: async () => emptyRunReport(),
	shutdown: async () => {},
};

/** Runs no-op cells with retry, events and accounting on; `onLastPayload` is called while the last ones are in flight. */
async function runNoOpCells(cellCount: number, onLastPayload: () => void = () => {}): Promise<void> {
	function* payloads() {
		for (let index = 0; index < cellCount; index++) {
			if (index === cellCount - 1) onLastPayload();
			yield index;
		}
	}
	let events = 0;
	let sum = 0;
	const report = await dispatch(noOpExecutor, payloads(), {
		workers: WIDTH,
		retry: LAMBDA_RETRY,
		onEvent: () => {
			events++;
		},
		accumulate: (_report, _completed, result) => {
			sum += result;
		},
	});
	if (
		report.cellsCompleted !== cellCount ||
		events !== 4 * cellCount + 2 ||
		sum !== (cellCount * (cellCount - 1)) / 2
	) {
		throw new Error(`dispatch bench: ${report.cellsCompleted} of ${cellCount} cells, ${events} events`);
	}
}

async function liveHeapBytes(cellCount: number, collectGarbage: () => void): Promise<number> {
	let bytes = 0;
	await runNoOpCells(cellCount, () => {
		collectGarbage();
		bytes = process.memoryUsage().heapUsed;
	});
	return bytes;
}

/**
 * The loop's own cost per no-op cell at width 1,000 (median of five runs of 100,000 cells), and the live heap near the end of
 * 100,000 cells over that of 1,000.
 */
export async function dispatchBench(): Promise<{ microsecondsPerCell: number; heapGrowthRatio: number }> {
	const cellCount = 100_000;
	const timings: number[] = [];
	await runNoOpCells(cellCount);
	for (let round = 0; round < 5; round++) {
		const startedAt = performance.now();
		await runNoOpCells(cellCount);
		timings.push(((performance.now() - startedAt) * 1000) / cellCount);
	}
	timings.sort((a, b) => a - b);

	setFlagsFromString("--expose-gc");
	const collectGarbage = runInNewContext("gc") as () => void;
	const small = await liveHeapBytes(1_000, collectGarbage);
	const large = await liveHeapBytes(cellCount, collectGarbage);
	return { microsecondsPerCell: timings[2]!, heapGrowthRatio: large / small };
}
