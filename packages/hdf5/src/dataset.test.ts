import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NumericArray } from "./numeric.ts";
import { errorOf, openFixture } from "./testing.ts";

/** The values of `make-fixtures.py` for float64. */
const formula = (index: number) => (((index * 37 + 11) % 251) - 100) * 0.37;

describe("windows", () => {
	const datasets = [
		["earliest.h5", "layouts/contiguous_3d"],
		["earliest.h5", "layouts/compact"],
		["earliest.h5", "layouts/chunked_1d"],
		["earliest.h5", "layouts/chunked_2d"],
		["earliest.h5", "layouts/chunked_3d"],
		["earliest.h5", "two_levels"],
		["earliest.h5", "two_levels_2d"],
		["earliest.h5", "fill/set_big_endian"],
		["earliest.h5", "types/shuffled >f4"],
		["latest.h5", "indexes/single_filtered"],
		["latest.h5", "indexes/implicit"],
		["latest.h5", "indexes/fixed_growing"],
		["latest.h5", "indexes/fixed_partly_written"],
		["latest.h5", "indexes/fixed_paged"],
		["latest.h5", "indexes/extensible_filtered"],
		["latest.h5", "indexes/extensible_columns"],
		["latest.h5", "indexes/tree_two_levels"],
		["latest.h5", "indexes/tree_filtered"],
		["latest.h5", "indexes/shrunk"],
		["latest.h5", "indexes/unfiltered_edges"],
	] as const;

	test.each(datasets)("of %s %s are slices of the whole", async (name, path) => {
		const dataset = await (await openFixture(name)).dataset(path);
		const whole = await dataset.read();
		const ranges = dataset.shape.map((extent) =>
			fc.tuple(fc.nat(extent), fc.nat(extent)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
		);
		await fc.assert(
			fc.asyncProperty(fc.tuple(...ranges), async (slab) => {
				const rows = slab[0]!;
				const allColumns = dataset.shape.map((extent, dimension) => (dimension === 0 ? rows : ([0, extent] as const)));
				expect(await dataset.read({ rows })).toEqual(sliced(whole, dataset.shape, allColumns));
				expect(await dataset.readSlab(slab)).toEqual(sliced(whole, dataset.shape, slab));
			}),
			{ numRuns: 25 },
		);
	});

	test("start and end exactly on chunk boundaries without losing a row", async () => {
		const dataset = await (await openFixture("earliest.h5")).dataset("layouts/chunked_1d");
		for (const [start, end] of [
			[0, 100],
			[100, 200],
			[100, 101],
			[199, 201],
			[200, 450],
			[400, 450],
			[450, 450],
		] as const) {
			const expected = Float64Array.from({ length: end - start }, (_, index) => formula(start + index));
			expect(await dataset.read({ rows: [start, end] })).toEqual(expected);
		}
	});

	test("outside the dataset are refused", async () => {
		const file = await openFixture("earliest.h5");
		const dataset = await file.dataset("layouts/chunked_2d");
		for (const rows of [
			[0, 54],
			[-1, 3],
			[5, 4],
			[0.5, 2],
			[0, Number.NaN],
		] as const) {
			await errorOf(dataset.read({ rows }), "hdf5/usage");
		}
		await errorOf(dataset.readSlab([[0, 1]]), "hdf5/usage");
		const scalar = await file.dataset("layouts/scalar");
		expect((await errorOf(scalar.read({ rows: [0, 1] }), "hdf5/usage")).message).toContain("a scalar has no rows");
		expect(await scalar.readSlab([])).toEqual(Float32Array.of(1.5));
	});
});

describe("values", () => {
	test("of enumerations and booleans are their numbers", async () => {
		const file = await openFixture("earliest.h5");
		expect(await (await file.dataset("types/enum")).read()).toEqual(Int8Array.of(0, 1, 127));
		expect(await (await file.dataset("types/bool")).read()).toEqual(Int8Array.of(1, 0, 1));
	});

	test("of 64 bits are bigints in either byte order", async () => {
		const file = await openFixture("earliest.h5");
		const little = await (await file.dataset("types/i8_le")).read();
		expect(little).toBeInstanceOf(BigInt64Array);
		expect([...little.slice(0, 3)]).toEqual([-64131258693755831n, -37469948899722508n, -10808639105689185n]);
		expect(await (await file.dataset("types/i8_be")).read()).toEqual(little);
	});

	test("never written are the fill value, in the file's byte order too", async () => {
		const file = await openFixture("earliest.h5");
		const dataset = await file.dataset("fill/set_big_endian");
		const values = await dataset.read();
		expect([values[0], values[19], values[99]]).toEqual([0.1, 0.1, 0.1]);
		expect(await (await file.dataset("layouts/contiguous_never_written")).read()).toEqual(
			new Float32Array(4).fill(-9.5),
		);
	});

	test("of empty and null dataspaces are none", async () => {
		const file = await openFixture("earliest.h5");
		expect((await file.dataset("layouts/null")).shape).toEqual([0]);
		expect(await (await file.dataset("layouts/null")).read()).toEqual(new Float64Array(0));
		expect(await (await file.dataset("layouts/no_rows_chunked")).read({ rows: [0, 0] })).toEqual(new Int8Array(0));
	});
});

test("several datasets read at once have the same values as one by one", async () => {
	const file = await openFixture("latest.h5");
	const paths = ["indexes/fixed_growing", "indexes/tree_filtered", "indexes/extensible_filtered", "filters/all"];
	const together = await Promise.all(paths.map(async (path) => (await file.dataset(path)).read()));
	for (const [index, path] of paths.entries()) {
		const alone = await (await openFixture("latest.h5")).dataset(path);
		expect(together[index]).toEqual(await alone.read());
	}
});

function sliced(array: NumericArray, shape: readonly number[], ranges: readonly (readonly [number, number])[]) {
	const strides = shape.map((_extent, dimension) => shape.slice(dimension + 1).reduce((product, n) => product * n, 1));
	const offsets = ranges.reduce<number[]>(
		(prefixes, [start, end], dimension) =>
			prefixes.flatMap((prefix) =>
				Array.from({ length: end - start }, (_, index) => prefix + (start + index) * strides[dimension]!),
			),
		[0],
	);
	const empty = array.slice(0, 0);
	return Reflect.construct(empty.constructor, [offsets.map((offset) => array[offset])]) as NumericArray;
}
