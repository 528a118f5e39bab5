import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ClusterExecutorError } from "./errors.ts";
import { jobScript, submitArguments } from "./job-script.ts";
import type { CellLine, EndLine, Meter, ResultLine } from "./lines.ts";
import type { ClusterExecutorOptions } from "./options.ts";
import { refusal } from "./preflight.ts";
import { type ClusterLimits, isTerminal, queryTasks, type RunCommand, type TaskState } from "./slurm.ts";
import type { Spool } from "./spool.ts";
import { taskFailure } from "./task-failure.ts";
import { dealCells } from "./wave.ts";

/** A cell on its way: queued, in a task, or adopted from a run that was attached to. */
export interface PendingCell {
	readonly line: CellLine;
	settle(outcome: { readonly end: EndLine } | { readonly error: Error; readonly meter: Meter | null }): void;
}

/** Turns cells into array tasks, and lines and states into outcomes. */
export interface ArrayRunner {
	enqueue(cell: PendingCell): void;
	/** Waits for a cell that a task of an earlier dispatcher has. */
	adopt(cell: PendingCell, task: TaskPlace): void;
	/** Forgets cells, and ends the tasks that have none left. */
	abandon(cells: Iterable<PendingCell>): Promise<void>;
	/** Ends every task, and waits until they have ended. */
	stop(): Promise<void>;
}

/** An array task. */
export interface TaskPlace {
	readonly wave: number;
	readonly jobId: string;
	readonly task: number;
}

interface Task extends TaskPlace {
	readonly cells: Map<string, PendingCell>;
	/** The cell that the worker is at, and since when by its node's clock. */
	running: { readonly key: string; readonly time: number } | null;
	lastLineAt: number;
	/** How often it was seen ended while cells of it had no result. */
	endedPolls: number;
}

// A shared file system may show the last lines a few seconds late.
const GRACE_SECONDS = 3;
const GATHER_MILLISECONDS = 200;
const CONTROLLER_PATIENCE_SECONDS = 600;
const STOP_PATIENCE_SECONDS = 30;
const DEFAULT_CHUNK_SECONDS = 600;
const DEFAULT_POLL_SECONDS = 1;
const DEFAULT_STALL_SECONDS = 3600;

/**
 * Makes the runner of one run. Files and Slurm are looked at by turns, in few calls however many cells run.
 *
 * @param firstWave waves that earlier dispatchers have used
 */
export function createArrayRunner(
	options: ClusterExecutorOptions<never>,
	spool: Spool,
	limits: ClusterLimits,
	run: RunCommand,
	firstWave: number,
): ArrayRunner {
	const {
		targetChunkSeconds = DEFAULT_CHUNK_SECONDS,
		pollIntervalSeconds = DEFAULT_POLL_SECONDS,
		stallTimeoutSeconds = DEFAULT_STALL_SECONDS,
	} = options;
	const queue: PendingCell[] = [];
	const tasks = new Map<string, Task>();
	let wave = firstWave;
	let secondsSum = 0;
	let secondsCount = 0;
	let taskBound = limits.maxJobCount;
	let controllerAwaySince: number | null = null;
	let gathering: NodeJS.Timeout | undefined;
	let polling: NodeJS.Timeout | undefined;
	let busy: Promise<void> = Promise.resolve();
	let stopped = false;

	/** Work on the shared state, one piece after the other. */
	function inTurn(work: () => Promise<void>): Promise<void> {
		busy = busy.then(work, work);
		return busy;
	}

	function schedule(): void {
		if (stopped) return;
		if (queue.length > 0) gathering ??= setTimeout(() => inTurn(flush), GATHER_MILLISECONDS);
		if (tasks.size > 0) polling ??= setTimeout(() => inTurn(poll), pollIntervalSeconds * 1000);
	}

	async function flush(): Promise<void> {
		gathering = undefined;
		const freeTasks = taskBound - tasks.size;
		if (stopped || queue.length === 0 || freeTasks < 1) return schedule();
		const cells = queue.splice(0);
		const dealt = dealCells(cells, {
			slots: Math.max(1, Math.floor(limits.cpus / (options.cpusPerTask ?? 1))),
			maxArraySize: limits.maxArraySize,
			freeTasks,
			secondsPerCell: secondsCount === 0 ? null : secondsSum / secondsCount,
			targetChunkSeconds,
		});
		try {
			await submitWave(dealt, ++wave);
		} catch (error) {
			for (const cell of cells) cell.settle({ error: error as Error, meter: null });
		}
		schedule();
	}

	async function submitWave(dealt: readonly (readonly PendingCell[])[], number: number): Promise<void> {
		for (const [task, cells] of dealt.entries())
			await spool.writeShard(
				number,
				task,
				cells.map(({ line }) => line),
			);
		const script = join(spool.directory, `job-${number}.sh`);
		await writeFile(script, jobScript(options, spool.directory, number), { mode: 0o755 });
		const args = submitArguments(options, { directory: spool.directory, number, tasks: dealt.length });
		const { exitCode, stdout, stderr } = await run("sbatch", args);
		if (exitCode !== 0) {
			if (tasks.size > 0 && /limit/i.test(stderr)) {
				// A submit limit: the cells wait until tasks have ended.
				taskBound = tasks.size;
				queue.unshift(...dealt.flat());
				return;
			}
			throw refusedBySlurm(refusal(stderr), dealt.length);
		}
		const jobId = stdout.trim().split(";")[0]!;
		await spool.addJob({ wave: number, jobId, tasks: dealt.length });
		for (const [task, cells] of dealt.entries()) {
			const place = { wave: number, jobId, task };
			for (const cell of cells) placeOf(place).cells.set(keyOf(cell.line), cell);
		}
	}

	function placeOf(place: TaskPlace): Task {
		const id = `${place.jobId}_${place.task}`;
		let task = tasks.get(id);
		if (task === undefined) {
			task = { ...place, cells: new Map(), running: null, lastLineAt: Date.now(), endedPolls: 0 };
			tasks.set(id, task);
		}
		return task;
	}

	async function poll(): Promise<void> {
		polling = undefined;
		if (stopped) return;
		for (const line of await spool.newLines().catch(() => [])) take(line);
		for (const [id, task] of tasks) if (task.cells.size === 0) tasks.delete(id);
		if (tasks.size > 0) await lookAtTasks();
		if (tasks.size < taskBound) taskBound = limits.maxJobCount;
		schedule();
	}

	function take(line: ResultLine): void {
		const key = keyOf(line);
		if (line.kind === "message") {
			options.onMessage?.(line.message);
			return;
		}
		for (const task of tasks.values()) {
			const cell = task.cells.get(key);
			if (cell === undefined) continue;
			task.lastLineAt = Date.now();
			if (line.kind === "start") {
				task.running = { key, time: line.time };
				continue;
			}
			task.running = null;
			task.cells.delete(key);
			secondsSum += line.wallSeconds;
			secondsCount++;
			cell.settle({ end: line });
		}
	}

	async function lookAtTasks(): Promise<void> {
		const jobIds = [...new Set([...tasks.values()].map(({ jobId }) => jobId))];
		const states = await queryTasks(run, jobIds);
		if (states === null) {
			controllerAwaySince ??= Date.now();
			if (Date.now() - controllerAwaySince > CONTROLLER_PATIENCE_SECONDS * 1000) failAll(controllerAway());
			return;
		}
		controllerAwaySince = null;
		for (const [id, task] of tasks) {
			const state = states.get(id) ?? null;
			if (state !== null && !isTerminal(state)) {
				task.endedPolls = 0;
				const isStalled = state.state === "RUNNING" && Date.now() - task.lastLineAt > stallTimeoutSeconds * 1000;
				if (state.state !== "RUNNING") task.lastLineAt = Date.now();
				if (isStalled) await endStalled(id, task);
				continue;
			}
			if (++task.endedPolls * pollIntervalSeconds < GRACE_SECONDS) continue;
			await lose(id, task, state);
		}
	}

	async function lose(id: string, task: Task, state: TaskState | null): Promise<void> {
		tasks.delete(id);
		const log = await spool.readLog(task.jobId, task.task);
		for (const [key, cell] of task.cells) {
			const wasRunning = task.running?.key === key;
			const error = taskFailure({ cell: cell.line.cell, wasRunning, taskId: id }, state, log);
			cell.settle({ error, meter: wasRunning ? meterSince(task.running!.time) : null });
		}
	}

	async function endStalled(id: string, task: Task): Promise<void> {
		tasks.delete(id);
		await run("scancel", [id]);
		for (const [key, cell] of task.cells) {
			const error = new ClusterExecutorError(
				"executor-cluster/stalled",
				`cell ${cell.line.cell}: Slurm task ${id} runs, but wrote nothing for ${stallTimeoutSeconds} s`,
				{ failureClass: "preempted", context: { taskId: id } },
			);
			cell.settle({ error, meter: task.running?.key === key ? meterSince(task.running.time) : null });
		}
	}

	function failAll(error: Error): void {
		for (const task of tasks.values()) for (const cell of task.cells.values()) cell.settle({ error, meter: null });
		tasks.clear();
		for (const cell of queue.splice(0)) cell.settle({ error, meter: null });
	}

	async function cancelTasks(ids: readonly string[]): Promise<void> {
		for (let start = 0; start < ids.length; start += 500) await run("scancel", ids.slice(start, start + 500));
	}

	return {
		enqueue(cell) {
			queue.push(cell);
			schedule();
		},
		adopt(cell, place) {
			placeOf(place).cells.set(keyOf(cell.line), cell);
			schedule();
		},
		abandon: (cells) =>
			inTurn(async () => {
				const gone = new Set(cells);
				const kept = queue.filter((cell) => !gone.has(cell));
				queue.splice(0, queue.length, ...kept);
				const emptied: string[] = [];
				for (const [id, task] of tasks) {
					for (const [key, cell] of task.cells) if (gone.has(cell)) task.cells.delete(key);
					if (task.cells.size === 0) {
						tasks.delete(id);
						emptied.push(id);
					}
				}
				await cancelTasks(emptied);
			}),
		async stop() {
			stopped = true;
			clearTimeout(gathering);
			clearTimeout(polling);
			await busy.catch(() => {});
			const jobIds = (await spool.readJobs()).map(({ jobId }) => jobId);
			if (jobIds.length === 0) return;
			await cancelTasks(jobIds);
			const until = Date.now() + STOP_PATIENCE_SECONDS * 1000;
			while (Date.now() < until) {
				const states = await queryTasks(run, jobIds);
				if (states === null || [...states.values()].every(isTerminal)) return;
				await new Promise((resolve) => setTimeout(resolve, 200));
			}
		},
	};
}

/** What names an attempt at a cell in lines. */
export function keyOf({ cell, attempt }: { readonly cell: string; readonly attempt: number }): string {
	return `${cell} ${attempt}`;
}

function meterSince(time: number): Meter {
	return { wallSeconds: Math.max(0, (Date.now() - time) / 1000), cpuSeconds: 0, peakMemoryMebibytes: 0 };
}

function refusedBySlurm(reason: string, count: number): ClusterExecutorError {
	return new ClusterExecutorError(
		"executor-cluster/refused",
		`Slurm did not take an array of ${count} tasks: ${reason}`,
		{
			failureClass: "fatal",
			remedy: "Check the partition, account, limits and the memory and time that were asked for.",
		},
	);
}

function controllerAway(): ClusterExecutorError {
	return new ClusterExecutorError(
		"executor-cluster/controller-unreachable",
		`Slurm's controller has not answered for ${CONTROLLER_PATIENCE_SECONDS} s`,
		{ failureClass: "fatal", remedy: "The tasks may still run; start again with the same run name to attach to them." },
	);
}
