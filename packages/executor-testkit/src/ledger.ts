import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ScriptedContext } from "./scripted-cell.ts";

/** One attempt as the worker itself recorded it, wherever it ran. */
export interface AttemptMark extends ScriptedContext {
	/** Counted from 1 by the worker. */
	readonly number: number;
	/** Milliseconds since the Unix epoch, by the worker's clock. */
	readonly startedAt: number;
	/** `undefined` while it runs, and for good if its process or thread was taken away. */
	readonly endedAt: number | undefined;
}

/** A folder in which scripted cells record what really ran: across threads, processes and machines that share the folder. */
export interface Ledger {
	readonly folder: string;
	/** The attempts at a cell, in the order in which they began. */
	attempts(key: string): AttemptMark[];
	/** The keys of all cells that have been started, sorted. */
	started(): string[];
	/** How often the cell's running attempt has beaten. */
	beats(key: string): number;
	/** The most attempts that ran at the same time. */
	peak(): number;
	/** Deletes the folder. */
	remove(): void;
}

/** Opens an empty ledger in a new folder below `parent`. */
export function openLedger(parent: string): Ledger {
	const folder = mkdtempSync(join(parent, "zagg-ledger-"));
	const marked = (suffix: string) => readdirSync(folder).filter((name) => name.endsWith(suffix));
	const timeOf = (name: string): number | undefined => read(join(folder, name))?.time;
	const started = () => [...new Set(marked(".started").map((name) => name.split(".")[0]!))].sort();
	const attempts = (key: string): AttemptMark[] =>
		marked(".started")
			.filter((name) => name.startsWith(`${key}.`))
			.map((name) => {
				const { time = 0, ...context } = read(join(folder, name)) ?? {};
				const number = Number(name.split(".")[1]);
				return { ...context, number, startedAt: time, endedAt: timeOf(`${key}.${number}.ended`) };
			})
			.sort((a, b) => a.number - b.number);
	return {
		folder,
		attempts,
		started,
		beats(key) {
			const files = marked(".beats").filter((name) => name.startsWith(`${key}.`));
			return files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
		},
		peak() {
			const all = started().flatMap(attempts);
			// The peak is reached at the start of some attempt.
			const running = all.map(({ startedAt }) => all.filter((other) => isRunning(other, startedAt)).length);
			return Math.max(0, ...running);
		},
		remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
	};
}

function isRunning({ startedAt, endedAt = Number.POSITIVE_INFINITY }: AttemptMark, time: number): boolean {
	// Times are whole milliseconds: of two attempts within one, the later may well follow the earlier.
	return startedAt <= time && endedAt > time;
}

/** A mark's content; `undefined` if there is none, or it is only half written. */
function read(file: string): (ScriptedContext & { time?: number }) | undefined {
	try {
		return JSON.parse(readFileSync(file, "utf8"));
	} catch {
		return undefined;
	}
}
