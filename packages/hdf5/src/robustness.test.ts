import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Hdf5Error } from "./errors.ts";
import { type Hdf5File, openHdf5 } from "./file.ts";
import { memorySource } from "./sources/memory-source.ts";
import { expectedDatasets, fixtureBytes } from "./testing.ts";

/** No damaged file here has taken more than some hundred milliseconds; an endless loop takes longer than this. */
const MAX_MILLISECONDS = 5000;
const MAX_GROUPS = 60;

/** What a file may suffer: some bytes overwritten, the end cut off. */
const damage = fc.record({
	edits: fc.array(
		fc.record({
			place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
			change: fc.oneof(
				fc.nat(7).map((bit) => (byte: number) => byte ^ (1 << bit)),
				fc.constantFrom(0, 1, 0x7f, 0xff).map((value) => () => value),
			),
		}),
		{ minLength: 1, maxLength: 12 },
	),
	keep: fc.oneof(
		{ weight: 9, arbitrary: fc.constant(1) },
		{ weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
	),
});

/** Runs the work; anything but success or an `Hdf5Error` fails the test. */
async function outcomeOf<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof Hdf5Error) return undefined;
		throw error;
	}
}

async function walk(file: Hdf5File, path: string, left: { groups: number }): Promise<void> {
	if (left.groups-- <= 0) return;
	for (const name of (await outcomeOf(() => file.list(path))) ?? []) await walk(file, `${path}/${name}`, left);
}

async function readSome(bytes: Uint8Array, paths: readonly string[]): Promise<void> {
	const started = performance.now();
	const file = await outcomeOf(() => openHdf5(memorySource(bytes, "damaged.h5")));
	if (file !== undefined) {
		await walk(file, "", { groups: MAX_GROUPS });
		for (const path of paths) {
			const dataset = await outcomeOf(() => file.dataset(path));
			const array = dataset && (await outcomeOf(() => dataset.read()));
			if (array) expect(array.length).toBe(dataset.shape.reduce((product, extent) => product * extent, 1));
		}
	}
	expect(performance.now() - started).toBeLessThan(MAX_MILLISECONDS);
}

async function surviveDamage(original: Uint8Array, paths: readonly string[], numRuns: number): Promise<void> {
	const somePaths = fc.subarray([...paths], { minLength: 1, maxLength: Math.min(4, paths.length) });
	await fc.assert(
		fc.asyncProperty(damage, somePaths, async ({ edits, keep }, chosen) => {
			const bytes = original.slice(0, Math.floor(original.length * keep));
			for (const { place, change } of edits) {
				const at = Math.floor(place * bytes.length);
				if (at < bytes.length) bytes[at] = change(bytes[at]!);
			}
			await readSome(bytes, chosen);
		}),
		{ numRuns },
	);
}

describe("a damaged file is a typed error or a successful read, soon", () => {
	test.each(Object.keys(expectedDatasets))("%s", async (name) => {
		// The paged array has 134,000 chunks: healthy, it alone takes a good part of a second.
		const paths = Object.keys(expectedDatasets[name]!).filter((path) => path !== "indexes/extensible_paged");
		await surviveDamage(fixtureBytes(name), paths, 150);
	});

	test("every single byte of the first headers", async () => {
		const original = fixtureBytes("user-block.h5");
		for (let at = 1024; at < original.length; at++) {
			for (const value of [0, 0xff, original[at]! ^ 0x10]) {
				const bytes = original.slice();
				bytes[at] = value;
				await readSome(bytes, ["committed/of_type"]);
			}
		}
	});
});

const granules = fileURLToPath(new URL("../../../../shared/data/atl06", import.meta.url));

describe.skipIf(!existsSync(granules))("a damaged real granule (needs ../shared)", () => {
	test("is a typed error or a successful read, soon", async () => {
		const columns = ["latitude", "h_li", "atl06_quality_summary"].map((name) => `gt1l/land_ice_segments/${name}`);
		const [first] = readdirSync(granules).sort();
		await surviveDamage(new Uint8Array(readFileSync(`${granules}/${first}`)), columns, 20);
	});
});
