import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { dispatch } from "@zagg/dispatch";
import { type ClusterExecutorOptions, clusterExecutor } from "@zagg/executor-cluster";

/** A payload of `slurm-cell.ts`. */
export interface SleepingCell {
	readonly cell: number;
	readonly seconds: number;
}

const CELL_SECONDS = 60;

/** What a cell costs on a Slurm that idles: many that do nothing, and as many of a minute as there are processors to start them. */
export async function slurmBench(): Promise<{ cellsPerSecond: number; overheadShare: number; slots: number }> {
	const { seconds, slots } = await runSeconds(1000, 0);
	const long = await runSeconds(cpus().length, CELL_SECONDS);
	return { cellsPerSecond: 1000 / seconds, overheadShare: (long.seconds - CELL_SECONDS) / CELL_SECONDS, slots };
}

async function runSeconds(cellCount: number, cellSeconds: number): Promise<{ seconds: number; slots: number }> {
	const folder = await mkdtemp(join(tmpdir(), "zagg-bench-slurm-"));
	const options: ClusterExecutorOptions<SleepingCell> = {
		module: new URL("./slurm-cell.ts", import.meta.url),
		spoolDirectory: folder,
		// The default is for cells of minutes.
		pollIntervalSeconds: 0.25,
	};
	const executor = clusterExecutor<SleepingCell, number>(options);
	try {
		const cells = Array.from({ length: cellCount }, (_, cell) => ({ cell, seconds: cellSeconds }));
		const started = performance.now();
		const { workers, detail } = await executor.preflight(cellCount);
		const report = await dispatch(executor, cells, { workers });
		const seconds = (performance.now() - started) / 1000;
		if (report.cellsError > 0) throw report.failures[0]!.error;
		return { seconds, slots: (detail as { cpus: number }).cpus };
	} finally {
		await executor.shutdown();
		await rm(folder, { recursive: true, force: true });
	}
}
