import { describe, expect, test } from "vitest";
import { consolidateMetadata } from "./consolidate.ts";
import { emitTemplate } from "./emit-template.ts";
import { healpixColumns, healpixGrid, rectilinearColumns, rectilinearGrid } from "./fixtures/sample-template.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { runZarrPython, zarrPython } from "./fixtures/zarr-python.ts";
import { openLocalStore } from "./local-store.ts";
import { storeTemplate } from "./template.ts";
import { writeShard } from "./write-shard.ts";

async function writtenStore(): Promise<string> {
	const store = await openLocalStore(await temporaryDirectory(), { create: true });
	const healpix = storeTemplate(healpixGrid, healpixColumns);
	const rectilinear = storeTemplate(rectilinearGrid, rectilinearColumns);
	await emitTemplate(store, healpix);
	await emitTemplate(store, rectilinear);
	const ranks = Array.from({ length: 16 }, (_, rank) => rank);
	await writeShard(
		store,
		healpix,
		[161],
		[
			{
				kind: "dense",
				name: "h_mean",
				dtype: "float32",
				trailingShape: [],
				data: Float32Array.from(ranks, (rank) => rank / 4),
			},
			{
				kind: "dense",
				name: "cell_ids",
				dtype: "uint64",
				trailingShape: [],
				data: BigUint64Array.from(ranks, (rank) => BigInt(2576 + rank)),
			},
			{
				kind: "dense",
				name: "edges",
				dtype: "int64",
				trailingShape: [2],
				data: BigInt64Array.from({ length: 32 }, (_, i) => BigInt(i)),
			},
			{
				kind: "ragged",
				name: "h_digest",
				dtype: "float32",
				innerShape: [2],
				data: Float32Array.of(1, 2, 3, 4, 5, 6),
				cellRanks: Uint32Array.of(0, 5),
				offsets: Uint32Array.of(0, 2, 3),
			},
		],
	);
	await writeShard(
		store,
		rectilinear,
		[1, 0],
		[{ kind: "dense", name: "count", dtype: "uint16", trailingShape: [], data: Uint16Array.of(1, 2, 3, 4, 5, 6) }],
	);
	await consolidateMetadata(store);
	return store.location;
}

describe.skipIf(zarrPython === undefined)("zarr-python (needs ZAGG_TEST_PYTHON or python3 with zarr 3)", () => {
	test("reads what was written, through the consolidated metadata", async () => {
		const script = `
g = zarr.open_group(path, mode="r")
h, r = g["4"], g["rectilinear"]
ragged = h["h_digest_ragged"]
offsets = ragged["offsets"][161]
print(json.dumps({
  "members": sorted(h.array_keys()),
  "mean": h["h_mean"][2576:2592].tolist(), "outside": bool(np.isnan(h["h_mean"][:2576]).all()),
  "ids": h["cell_ids"][2576:2592].tolist(), "edges": h["edges"][2591].tolist(), "unset": int(h["h_limit"][0]),
  "count": r["count"][:].tolist(), "x": r["x"][:].tolist(), "y": r["y"][:].tolist(), "attrs": dict(r.attrs),
  "cell0": ragged["values"][161, offsets[0]:offsets[1]].tolist(), "cell5": ragged["values"][161, offsets[5]:offsets[6]].tolist(),
  "cell6": ragged["values"][161, offsets[6]:offsets[7]].tolist(), "stored": [h[n].nchunks_initialized for n in ("h_mean", "count")],
}))`;
		const none = 65535;
		expect(runZarrPython(script, await writtenStore())).toEqual({
			members: ["cell_ids", "count", "edges", "h_class", "h_digest", "h_limit", "h_mean", "h_min", "morton", "spectra"],
			mean: Array.from({ length: 16 }, (_, rank) => rank / 4),
			outside: true,
			ids: Array.from({ length: 16 }, (_, rank) => 2576 + rank),
			edges: [30, 31],
			unset: Number(2n ** 64n - 1n),
			count: [...Array(3).fill([none, none, none, none]), [1, 2, none, none], [3, 4, none, none], [5, 6, none, none]],
			x: [0.5, 1.5, 2.5, 3.5],
			y: [5.5, 4.5, 3.5, 2.5, 1.5, 0.5],
			attrs: { crs: "EPSG:3031", resolution: [0.5, 5000], bounds: [-3200000, 0, 3200000, 1e16] },
			cell0: [
				[1, 2],
				[3, 4],
			],
			cell5: [[5, 6]],
			cell6: [],
			stored: [1, 0],
		});
	});

	test("consolidates to the same bytes", async () => {
		const script = `
ours = open(path + "/zarr.json").read()
zarr.consolidate_metadata(path)
print(json.dumps(open(path + "/zarr.json").read() == ours))`;
		expect(runZarrPython(script, await writtenStore())).toBe(true);
	});
});
