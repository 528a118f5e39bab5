import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ScriptedCell } from "../scripted-cell.ts";
import type { TestGroup } from "../suite.ts";

const SAMPLES = 8;

// With fewer, what is set up lazily would look like growth.
const FEWEST_CELLS = 50;

// Compiled code and connection buffers of an SDK were seen to take 1.5 MB on a long run's first thousands of cells, for a while.
const ALLOWED_BYTES = 2 * 1024 ** 2;
// Less than any object, promise or listener takes.
const ALLOWED_BYTES_PER_CELL = 10;

/** What the loop and the executor hold must not grow with the number of cells. */
export const memory: TestGroup = {
	name: "memory",
	define({ test, memoryCells, memoryWorkers }) {
		const few = Math.max(FEWEST_CELLS, Math.ceil(memoryCells / 100));
		test(
			`holds no more during ${memoryCells} cells than during ${few}`,
			async ({ run }) => {
				const collectGarbage = exposeGarbageCollector();
				const bytesHeld = async (count: number) => {
					const samples: number[] = [];
					const sampleEvery = Math.ceil(count / SAMPLES);
					const report = await run(trivialCells(count), {
						accumulate: (_, completed) => {
							if (completed % sampleEvery !== 0) return;
							collectGarbage();
							const { heapUsed, external } = process.memoryUsage();
							samples.push(heapUsed + external);
						},
					});
					assert.deepEqual([report.cellsCompleted, report.cellsError], [count, 0]);
					return samples;
				};
				await bytesHeld(few);
				const short = Math.max(...(await bytesHeld(few)));
				// A leak only ever grows; buffers and compiled code come and go, and are not there in every sample.
				const long = Math.min(...(await bytesHeld(memoryCells)).slice(-SAMPLES / 2));
				const grownBytes = long - short;
				const allowedBytes = ALLOWED_BYTES + ALLOWED_BYTES_PER_CELL * (memoryCells / 2);
				assert.ok(grownBytes < allowedBytes, `${grownBytes} more bytes are held after half of ${memoryCells} cells`);
			},
			memoryWorkers,
		);
	},
};

function* trivialCells(count: number): Generator<ScriptedCell> {
	for (let index = 0; index < count; index++) yield { key: "trivial", ledger: null, steps: [{ return: index }] };
}

function exposeGarbageCollector(): () => void {
	setFlagsFromString("--expose-gc");
	return runInNewContext("gc");
}
