import type { ResultLine } from "./lines.ts";
import type { PendingCell } from "./pending-cell.ts";

/** An array task. */
export interface TaskPlace {
	readonly wave: number;
	readonly jobId: string;
	readonly task: number;
}

/** An array task with cells that have no result yet, by submission. */
export interface Task extends TaskPlace {
	/** As Slurm writes it: `<job>_<task>`. */
	readonly id: string;
	readonly cells: Map<number, PendingCell>;
	/** How many cells it was given. */
	cellCount: number;
	/** The cell that the worker is at, and since when by its node's clock. */
	running: { readonly submission: number; readonly time: number } | null;
	/** Whether it has begun a cell at all. */
	hasBegun: boolean;
	lastLineAt: number;
	/** When it was first seen ended while cells of it had no result. */
	endedAt: number | null;
}

/** Which task has which cell. */
export interface TaskTable {
	readonly tasks: ReadonlyMap<string, Task>;
	/** Cells in tasks. */
	readonly cellCount: number;
	add(place: TaskPlace, cells: Iterable<PendingCell>): void;
	/** Notes what a line tells of its task. Returns the cell that has ended, which is then in no task any more. */
	take(line: Exclude<ResultLine, { kind: "message" }>): PendingCell | undefined;
	holderOf(submission: number): Task | undefined;
	/** Takes a cell out of its task. */
	drop(submission: number): void;
	/** Takes a task out, and returns the cells that it still had. */
	remove(task: Task): PendingCell[];
}

/** Makes an empty table. */
export function createTaskTable(): TaskTable {
	const tasks = new Map<string, Task>();
	const holders = new Map<number, Task>();
	const drop = (submission: number): void => {
		const task = holders.get(submission);
		holders.delete(submission);
		task?.cells.delete(submission);
	};
	return {
		tasks,
		get cellCount() {
			return holders.size;
		},
		add(place, cells) {
			const id = `${place.jobId}_${place.task}`;
			const fresh = { running: null, hasBegun: false, lastLineAt: Date.now(), endedAt: null };
			const task = tasks.get(id) ?? { ...place, ...fresh, id, cells: new Map(), cellCount: 0 };
			tasks.set(id, task);
			for (const cell of cells) {
				task.cells.set(cell.submission, cell);
				task.cellCount++;
				holders.set(cell.submission, task);
			}
		},
		take({ kind, submission, time }) {
			const task = holders.get(submission);
			if (task === undefined) return undefined;
			task.lastLineAt = Date.now();
			task.hasBegun = true;
			task.running = kind === "start" ? { submission, time } : null;
			if (kind === "start") return undefined;
			const cell = task.cells.get(submission);
			drop(submission);
			return cell;
		},
		holderOf: (submission) => holders.get(submission),
		drop,
		remove(task) {
			tasks.delete(task.id);
			for (const submission of task.cells.keys()) holders.delete(submission);
			return [...task.cells.values()];
		},
	};
}
