import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultConfig, openArray, openLocalStore, type PipelineConfig, readChunk } from "@zagg/aggregate";
import { createHdf5File } from "@zagg/hdf5/writer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import expected from "./fixtures/atl03-expected.json" with { type: "json" };
import { runPipeline } from "./fixtures/run-pipeline.ts";

const real = join(import.meta.dirname, "../../../../shared/data/atl03");

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "zagg-atl03-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(!existsSync(real))("real ATL03 photons, one beam of six (needs ../shared)", () => {
	it.each([
		["atl03", ["count", "h_min", "h_max", "h_mean", "h_median", "h_variance"]],
		["atl03_waveform_counts", ["waveform_counts", "bin_start"]],
	] as const)(
		"%s stores what numpy makes of them, to the byte",
		async (name, variables) => {
			const granules = (await readdir(real)).map((file) => join(real, file));
			const { summary, store } = await runPipeline(defaultConfig(name), granules, folder, name);
			expect(summary).toMatchObject({ total_cells: 7, cells_with_data: 7, cells_error: 0, total_obs: 2909 });
			// The beams that are not there are normal.
			for (const metadata of summary.results) expect(metadata).not.toHaveProperty("read_errors");
			for (const [block, hashes] of Object.entries<Record<string, string | number>>(expected)) {
				for (const variable of variables) {
					const trailing = variable === "waveform_counts" ? "/0" : "";
					const chunk = await readFile(join(store, "rectilinear", variable, "c", block + trailing));
					expect(createHash("sha256").update(chunk).digest("hex"), `${variable} ${block}`).toBe(hashes[variable]);
				}
			}
		},
		60_000,
	);
});

describe("made ATL03 photons", () => {
	/** Ten photons per segment along a meridian; segments 2 and 5 are empty, as the product marks them. */
	const SEGMENTS = 8;
	const EMPTY = [2, 5];
	const heights = (beam: number): { latitude: number; height: number; confidence: number }[] =>
		Array.from({ length: SEGMENTS }, (_, segment) => segment)
			.filter((segment) => !EMPTY.includes(segment))
			.flatMap((segment) =>
				Array.from({ length: 10 }, (_, photon) => ({
					latitude: 10 + segment * 0.02 + photon * 0.002 + 0.0005,
					height: beam * 100 + segment * 10 + photon * photon,
					confidence: photon % 4 === 0 ? -2 : 4,
				})),
			);

	/** The built-in config on a grid coarse enough to see. */
	const config = (): PipelineConfig => {
		const atl03 = defaultConfig("atl03");
		const grid = {
			type: "rectilinear",
			crs: "EPSG:4326",
			resolution: 0.01,
			bounds: [20, 10, 20.16, 10.16],
			chunk_shape: [4, 4],
		};
		return { ...atl03, output: { ...atl03.output, grid } };
	};

	async function writeGranule(name: string): Promise<string> {
		const path = join(folder, name);
		await using file = await createHdf5File(path);
		for (const [beam, group] of ["gt1l", "gt3r"].entries()) {
			const photons = heights(beam);
			const chunked = { chunkShape: [16] };
			await file.writeDataset(
				`/${group}/heights/lat_ph`,
				Float64Array.from(photons, ({ latitude }) => latitude),
				chunked,
			);
			await file.writeDataset(
				`/${group}/heights/lon_ph`,
				Float64Array.from(photons, () => 20.005 + beam * 0.05),
				chunked,
			);
			await file.writeDataset(
				`/${group}/heights/h_ph`,
				Float32Array.from(photons, ({ height }) => height),
				chunked,
			);
			const confidence = Int8Array.from(photons.flatMap((photon) => [photon.confidence, 0, 0, 0, 0]));
			await file.writeDataset(`/${group}/heights/signal_conf_ph`, confidence, {
				chunkShape: [16, 5],
				shape: [photons.length, 5],
			});
			let next = 1;
			const begins: number[] = [];
			const counts: number[] = [];
			for (let segment = 0; segment < SEGMENTS; segment++) {
				const isEmpty = EMPTY.includes(segment);
				begins.push(isEmpty ? 0 : next);
				counts.push(isEmpty ? 0 : 10);
				if (!isEmpty) next += 10;
			}
			const geolocation = `/${group}/geolocation`;
			await file.writeDataset(`${geolocation}/ph_index_beg`, BigInt64Array.from(begins, BigInt), chunked);
			await file.writeDataset(`${geolocation}/segment_ph_cnt`, Int32Array.from(counts), chunked);
			const middles = Float64Array.from(begins, (_, segment) => 10.01 + segment * 0.02);
			await file.writeDataset(`${geolocation}/reference_photon_lat`, middles, chunked);
			await file.writeDataset(
				`${geolocation}/reference_photon_lon`,
				middles.map(() => 20.005 + beam * 0.05),
				chunked,
			);
		}
		await file.close();
		return path;
	}

	it("are read segment by segment around empty ones, filtered, and reduced as a plain loop does", async () => {
		const { summary, store } = await runPipeline(config(), [await writeGranule("made.h5")], folder, "made");
		const expectedCells = new Map<string, number[]>();
		for (const beam of [0, 1]) {
			for (const { latitude, height, confidence } of heights(beam)) {
				if (confidence === -2) continue;
				const row = Math.floor((10.16 - latitude) / 0.01);
				const cell = `${row},${Math.floor((20.005 + beam * 0.05 - 20) / 0.01)}`;
				expectedCells.set(cell, [...(expectedCells.get(cell) ?? []), height]);
			}
		}
		expect(summary.total_obs).toBe([...expectedCells.values()].flat().length);
		expect(summary.cells_error).toBe(0);
		const local = await openLocalStore(store);
		const cells = new Map<string, { count: number; max: number }>();
		const counts = await openArray(local, "rectilinear/count");
		const maxima = await openArray(local, "rectilinear/h_max");
		for (let rowBlock = 0; rowBlock < 4; rowBlock++) {
			for (let columnBlock = 0; columnBlock < 4; columnBlock++) {
				const count = await readChunk(counts, [rowBlock, columnBlock]);
				const max = await readChunk(maxima, [rowBlock, columnBlock]);
				for (let rank = 0; rank < 16; rank++) {
					if (Number(count[rank]) === 0) continue;
					const cell = `${rowBlock * 4 + (rank >> 2)},${columnBlock * 4 + (rank & 3)}`;
					cells.set(cell, { count: Number(count[rank]), max: Number(max[rank]) });
				}
			}
		}
		expect([...cells.keys()].sort()).toEqual([...expectedCells.keys()].sort());
		for (const [cell, values] of expectedCells) {
			expect(cells.get(cell), cell).toEqual({ count: values.length, max: Math.max(...values) });
		}
	});

	it("come out the same with planned and with full reads", async () => {
		const planned = config();
		const { read_plan: _, ...data_source } = planned.data_source;
		const granule = await writeGranule("both.h5");
		const first = await runPipeline(planned, [granule], folder, "planned");
		const second = await runPipeline({ ...planned, data_source }, [granule], folder, "full");
		expect(second.summary.total_obs).toBe(first.summary.total_obs);
		const files = async (store: string): Promise<string[]> =>
			(await readdir(store, { recursive: true, withFileTypes: true }))
				.filter((entry) => entry.isFile())
				.map((entry) => join(entry.parentPath, entry.name).slice(store.length))
				.sort();
		const names = await files(first.store);
		expect(await files(second.store)).toEqual(names);
		for (const name of names) {
			expect((await readFile(first.store + name)).equals(await readFile(second.store + name)), name).toBe(true);
		}
	});
});
