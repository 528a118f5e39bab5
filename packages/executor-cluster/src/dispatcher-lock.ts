import { readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { ClusterExecutorError } from "./errors.ts";

/** A run's folder, held by the dispatcher of this process. */
export interface DispatcherLock {
	release(): Promise<void>;
}

const BEAT_MILLISECONDS = 15_000;
// Clocks of two machines differ, and so may what they see of a file's time.
const STALE_MILLISECONDS = 120_000;

/**
 * Takes a run's folder for this process: two dispatchers of one run would run its cells twice. The lock of a process that
 * has died is taken over; whether one on another machine has died is told by the file's time, which a live one renews.
 *
 * @throws ClusterExecutorError `executor-cluster/already-dispatched`
 */
export async function lockRun(directory: string): Promise<DispatcherLock> {
	const path = join(directory, "dispatcher.json");
	for (let attempt = 0; ; attempt++) {
		try {
			await writeFile(path, JSON.stringify({ host: hostname(), pid: process.pid }), { flag: "wx" });
			break;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "EEXIST" || attempt > 1) throw error;
			const holder = await livingHolder(path);
			if (holder !== null) {
				throw new ClusterExecutorError(
					"executor-cluster/already-dispatched",
					`the run in ${directory} is being dispatched by ${holder}`,
					{ failureClass: "usage", remedy: "Wait for it, end it, or take another run name." },
				);
			}
			await rm(path, { force: true });
		}
	}
	const beat = setInterval(() => utimes(path, new Date(), new Date()).catch(() => {}), BEAT_MILLISECONDS);
	beat.unref();
	return {
		release: async () => {
			clearInterval(beat);
			await rm(path, { force: true });
		},
	};
}

async function livingHolder(path: string): Promise<string | null> {
	const [text, stats] = await Promise.all([readFile(path, "utf8"), stat(path)]).catch(() => ["", null] as const);
	if (stats === null) return null;
	const { host, pid } = parse(text);
	const name = `process ${pid} on ${host}`;
	if (host === hostname() && pid !== undefined) return isAlive(pid) ? name : null;
	return Date.now() - stats.mtimeMs < STALE_MILLISECONDS ? name : null;
}

function parse(text: string): { host?: string; pid?: number } {
	try {
		return JSON.parse(text);
	} catch {
		return {};
	}
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}
