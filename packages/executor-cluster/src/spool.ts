import { appendFile, mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ClusterExecutorError } from "./errors.ts";
import type { CellLine, ResultLine } from "./lines.ts";
import { fromWire, toWire } from "./wire-json.ts";

/** How a run's cells are run; written once, read by every worker. */
export interface Manifest {
	readonly version: 1;
	/** Module that has the work: a path or a file URL that every node sees. */
	readonly module: string;
	readonly exportName: string;
	readonly cellTimeoutSeconds: number | null;
	readonly cellMemoryMegabytes: number | null;
}

/** One array. */
export interface JobRecord {
	readonly wave: number;
	/** null: it was about to be submitted. */
	readonly jobId: string | null;
	readonly tasks: number;
}

/**
 * A run's folder on the shared file system. Shard files and the manifest are written beside and renamed; result files
 * are only appended to, each by one attempt of one task.
 */
export interface Spool {
	readonly directory: string;
	writeManifest(manifest: Manifest): Promise<void>;
	readManifest(): Promise<Manifest | null>;
	/** @param lines cells, as `toWire` wrote them */
	writeShard(wave: number, task: number, lines: readonly string[]): Promise<void>;
	readShard(wave: number, task: number): Promise<CellLine[]>;
	addJob(job: JobRecord): Promise<void>;
	/** The arrays by wave, as they were last noted. */
	readJobs(): Promise<JobRecord[]>;
	/** Lines of all result files that have come since the last call, whole ones only. */
	newLines(): Promise<ResultLine[]>;
	/** The end of a task's own output. */
	readLog(jobId: string, task: number): Promise<string>;
	remove(): Promise<void>;
}

const LOG_TAIL_BYTES = 4000;

/** Opens a run's folder; makes it where it is missing. @throws ClusterExecutorError `executor-cluster/spool` */
export async function openSpool(directory: string): Promise<Spool> {
	const offsets = new Map<string, number>();
	const results = join(directory, "results");
	try {
		for (const folder of ["shards", "results", "log"]) await mkdir(join(directory, folder), { recursive: true });
	} catch (error) {
		throw new ClusterExecutorError(
			"executor-cluster/spool",
			`the spool folder ${directory} cannot be made: ${(error as Error).message}`,
			{
				failureClass: "usage",
				remedy: "Choose a folder on a file system that all nodes share and that you may write to.",
			},
		);
	}
	const shardFile = (wave: number, task: number): string => join(directory, "shards", `${wave}-${task}.jsonl`);

	return {
		directory,
		writeManifest: (manifest) => writeWhole(join(directory, "run.json"), toWire(manifest)),
		readManifest: async () => {
			const text = await readFile(join(directory, "run.json"), "utf8").catch(() => null);
			return text === null ? null : (fromWire(text) as Manifest);
		},
		writeShard: (wave, task, lines) => writeWhole(shardFile(wave, task), `${lines.join("\n")}\n`),
		readShard: async (wave, task) => parseLines<CellLine>(await readFile(shardFile(wave, task), "utf8")),
		addJob: (job) => appendFile(join(directory, "jobs.jsonl"), `${toWire(job)}\n`),
		async readJobs() {
			const text = await readFile(join(directory, "jobs.jsonl"), "utf8").catch(() => "");
			return [...new Map(parseLines<JobRecord>(text).map((job) => [job.wave, job])).values()];
		},
		async newLines() {
			const lines: ResultLine[] = [];
			for (const name of (await readdir(results)).sort()) {
				const offset = offsets.get(name) ?? 0;
				const bytes = await readFrom(join(results, name), offset);
				const end = bytes.lastIndexOf(10) + 1;
				if (end === 0) continue;
				offsets.set(name, offset + end);
				lines.push(...parseLines<ResultLine>(bytes.toString("utf8", 0, end)));
			}
			return lines;
		},
		async readLog(jobId, task) {
			const text = await readFile(join(directory, "log", `${jobId}_${task}.txt`), "utf8").catch(() => "");
			return text.slice(-LOG_TAIL_BYTES);
		},
		remove: () => rm(directory, { recursive: true, force: true, maxRetries: 3 }),
	};
}

/** The lines of a file; one that is cut short or damaged is passed over, as its cell then counts as not done. */
export function parseLines<Line>(text: string): Line[] {
	const lines: Line[] = [];
	for (const line of text.split("\n")) {
		if (line === "") continue;
		try {
			lines.push(fromWire(line) as Line);
		} catch {}
	}
	return lines;
}

async function writeWhole(path: string, text: string): Promise<void> {
	await writeFile(`${path}.partial`, text);
	await rename(`${path}.partial`, path);
}

async function readFrom(path: string, offset: number): Promise<Buffer> {
	const file = await open(path, "r");
	try {
		const { size } = await file.stat();
		const bytes = Buffer.alloc(Math.max(0, size - offset));
		const { bytesRead } = bytes.length > 0 ? await file.read(bytes, 0, bytes.length, offset) : { bytesRead: 0 };
		return bytes.subarray(0, bytesRead);
	} finally {
		await file.close();
	}
}
