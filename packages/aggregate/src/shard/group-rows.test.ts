import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupRows } from "./group-rows.ts";

const read = (ranks: number[], values: number[]) => ({
	ranks: Uint32Array.from(ranks),
	columns: new Map([["h", Float32Array.from(values)]]),
});

describe("groupRows", () => {
	it("brings the rows of a cell together, in the order they were read", () => {
		const grouped = groupRows([read([2, 0, 2], [1, 2, 3]), read([0, 1], [4, 5])], 4);
		expect([...grouped.offsets]).toEqual([0, 2, 3, 5, 5]);
		expect([...grouped.columns.get("h")!]).toEqual([2, 4, 5, 1, 3]);
	});

	it("gives every cell the rows that a mask over all reads would", () => {
		const row = fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: -1000, max: 1000 }));
		fc.assert(
			fc.property(fc.array(fc.array(row, { minLength: 1 }), { minLength: 1, maxLength: 4 }), (reads) => {
				const rows = reads.flat();
				const { offsets, columns } = groupRows(
					reads.map((part) =>
						read(
							part.map(([rank]) => rank),
							part.map(([, value]) => value),
						),
					),
					8,
				);
				for (let cell = 0; cell < 8; cell++) {
					const expected = rows.filter(([rank]) => rank === cell).map(([, value]) => value);
					expect([...columns.get("h")!.subarray(offsets[cell], offsets[cell + 1])]).toEqual(expected);
				}
			}),
		);
	});

	it("takes the common type where reads differ", () => {
		const narrow = { ranks: Uint32Array.of(0), columns: new Map([["n", Int32Array.of(7)]]) };
		const wide = { ranks: Uint32Array.of(0), columns: new Map([["n", BigInt64Array.of(2n ** 40n)]]) };
		expect(groupRows([narrow, wide], 1).columns.get("n")).toEqual(BigInt64Array.of(7n, 2n ** 40n));
	});
});
