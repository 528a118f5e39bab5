import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dealCells } from "./wave.ts";
import { fromWire, toWire } from "./wire-json.ts";

const limits = {
	slots: 16,
	maxArraySize: 1001,
	freeTasks: 10_000,
	secondsPerCell: null,
	targetChunkSeconds: 600,
	mostCellsPerTask: Number.POSITIVE_INFINITY,
};
const cells = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe("dealCells", () => {
	test("makes a task for every slot, and deals by turns", () => {
		expect(dealCells(cells(40), limits).tasks).toHaveLength(16);
		expect(dealCells(cells(40), limits).tasks[1]).toEqual([1, 17, 33]);
		expect(dealCells(cells(3), limits)).toEqual({ tasks: [[0], [1], [2]], leftOver: [] });
	});

	test("makes more tasks where one would get more than the target", () => {
		expect(dealCells(cells(1000), { ...limits, secondsPerCell: 60 }).tasks).toHaveLength(100);
		expect(dealCells(cells(1000), { ...limits, secondsPerCell: 0.1 }).tasks).toHaveLength(16);
	});

	test("gives a task no more cells than one had that ran out of time, and leaves over what has no room", () => {
		const few = { ...limits, mostCellsPerTask: 2 };
		expect(dealCells(cells(100), few).tasks.map((task) => task.length)).toEqual(new Array(50).fill(2));
		expect(dealCells(cells(5), { ...few, freeTasks: 2 })).toEqual({
			tasks: [
				[0, 2],
				[1, 3],
			],
			leftOver: [4],
		});
	});

	test("never makes more than Slurm takes, and loses no cell", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 5000 }),
				fc.record({
					slots: fc.integer({ min: 1, max: 4000 }),
					maxArraySize: fc.integer({ min: 2, max: 1001 }),
					freeTasks: fc.integer({ min: 1, max: 300 }),
					secondsPerCell: fc.option(fc.double({ min: 0, max: 1e4, noNaN: true })),
					targetChunkSeconds: fc.integer({ min: 1, max: 1000 }),
					mostCellsPerTask: fc.integer({ min: 1, max: 100 }),
				}),
				(count, given) => {
					const { tasks, leftOver } = dealCells(cells(count), given);
					expect(tasks.length).toBeLessThanOrEqual(Math.min(given.maxArraySize - 1, given.freeTasks, count));
					expect([...tasks.flat(), ...leftOver].sort((left, right) => left - right)).toEqual(cells(count));
					expect(Math.max(...tasks.map((task) => task.length))).toBeLessThanOrEqual(given.mostCellsPerTask);
				},
			),
			{ numRuns: 100 },
		);
	});
});

describe("the wire", () => {
	test("keeps bigints, numbers that are not finite, and whatever JSON keeps", () => {
		const value = { key: 12711972898206646278n, list: [Number.NaN, Number.NEGATIVE_INFINITY, -1n, null, "$bigint"] };
		expect(fromWire(toWire(value))).toEqual(value);
		expect(fromWire(toWire(undefined))).toBeUndefined();
		const own = { $bigint: "not ours", $number: [1n], nested: { $entries: { $undefined: true } } };
		expect(fromWire(toWire(own))).toEqual(own);
		fc.assert(
			fc.property(fc.jsonValue(), (json) => {
				expect(fromWire(toWire(json))).toEqual(JSON.parse(JSON.stringify(json)));
			}),
		);
	});

	test("puts no line break into a line", () => {
		expect(toWire({ text: "a\nb\u2028c" })).not.toMatch(/[\n\r]/);
	});
});
