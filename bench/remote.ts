import { type ChildProcess, fork } from "node:child_process";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileSource, openHdf5, openHttpsSource } from "@zagg/hdf5";
import { createHdf5File } from "@zagg/hdf5/writer";

const BEAMS = ["gt1l", "gt1r", "gt2l", "gt2r", "gt3l", "gt3r"];
const COLUMNS = ["latitude", "longitude", "h_li", "h_li_sigma", "atl06_quality_summary"];
const SEGMENTS = 1_900_000;
const LATENCY_MILLISECONDS = 30;
/** The window that is read: a tenth of every column. */
const WINDOW = [950_000, 1_140_000] as const;
const PASSES = 3;

/** What reading a tenth of a remote granule costs, by ranges and by downloading all of it first; the best of three. */
export interface RemoteFigures {
	readonly secondsRanged: number;
	readonly secondsDownload: number;
	/** Of 10^6 bytes; by ranges. */
	readonly megabytesTransferred: number;
	readonly megabytesFile: number;
}

/**
 * Reads a tenth of the 30 columns that the ATL06 pipeline uses (five of each beam) from a granule of about 200 MB on a
 * server that answers every request after 30 ms.
 */
export async function remoteBench(): Promise<RemoteFigures> {
	const folder = await mkdtemp(join(tmpdir(), "zagg-bench-remote-"));
	const granule = join(folder, "granule.h5");
	let server: ChildProcess | undefined;
	try {
		await writeGranule(granule);
		server = fork(new URL("./remote-server.ts", import.meta.url), [granule, String(LATENCY_MILLISECONDS)]);
		const url = await new Promise<string>((resolve, reject) => {
			server!.once("message", (message) => resolve(message as string));
			server!.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
		});
		let secondsRanged = Number.POSITIVE_INFINITY;
		let secondsDownload = Number.POSITIVE_INFINITY;
		let bytesRead = 0;
		for (let pass = 0; pass < PASSES; pass++) {
			const started = performance.now();
			bytesRead = await readWindow(await openHttpsSource(url));
			const ranged = performance.now();
			const copy = join(folder, "copy.h5");
			await writeFile(copy, (await fetch(url)).body!);
			await readWindow(await openFileSource(copy));
			secondsRanged = Math.min(secondsRanged, (ranged - started) / 1000);
			secondsDownload = Math.min(secondsDownload, (performance.now() - ranged) / 1000);
		}
		const megabytesFile = (await stat(granule)).size / 1e6;
		return { secondsRanged, secondsDownload, megabytesTransferred: bytesRead / 1e6, megabytesFile };
	} finally {
		server?.kill();
		await rm(folder, { recursive: true, force: true });
	}
}

async function readWindow(source: Awaited<ReturnType<typeof openFileSource>>): Promise<number> {
	const file = await openHdf5(source);
	try {
		const paths = BEAMS.flatMap((beam) => COLUMNS.map((column) => `/${beam}/land_ice_segments/${column}`));
		await Promise.all(paths.map(async (path) => (await file.dataset(path)).read({ rows: WINDOW })));
		return source.statistics.bytesRead;
	} finally {
		await file.close();
	}
}

/** A granule with columns like ATL06's, and others that nobody asks for. */
async function writeGranule(path: string): Promise<void> {
	await using file = await createHdf5File(path);
	const layout = { chunkShape: [10_000], deflateLevel: 1, shuffle: true };
	let state = 1;
	const random = () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
	for (const beam of BEAMS) {
		const group = `/${beam}/land_ice_segments`;
		const track = Float64Array.from({ length: SEGMENTS }, (_, index) => -80 + index * 1e-5 + random() * 1e-7);
		const heights = Float32Array.from({ length: SEGMENTS }, () => 3000 + random() * 100);
		await file.writeDataset(`${group}/latitude`, track, layout);
		await file.writeDataset(`${group}/longitude`, track, layout);
		await file.writeDataset(`${group}/h_li`, heights, layout);
		await file.writeDataset(`${group}/h_li_sigma`, heights, layout);
		await file.writeDataset(`${group}/atl06_quality_summary`, new Int8Array(SEGMENTS), layout);
		await file.writeDataset(`${group}/delta_time`, track, layout);
		await file.writeDataset(`${group}/dem/dem_h`, heights, layout);
	}
	await file.close();
}
