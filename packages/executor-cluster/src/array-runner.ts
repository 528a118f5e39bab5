import { setTimeout as sleep } from "node:timers/promises";
import { ClusterExecutorError } from "./errors.ts";
import type { Meter } from "./lines.ts";
import type { ClusterExecutorOptions } from "./options.ts";
import type { PendingCell } from "./pending-cell.ts";
import { type ClusterLimits, isTerminal, queryTasks, type RunCommand, type TaskState } from "./slurm.ts";
import type { Spool } from "./spool.ts";
import { taskFailure } from "./task-failure.ts";
import { createTaskTable, type Task, type TaskPlace } from "./task-table.ts";
import { slurmSeconds } from "./time-limit.ts";
import { dealCells } from "./wave.ts";
import { submitWave } from "./wave-submission.ts";

/** Turns cells into array tasks, and lines and states into outcomes. */
export interface ArrayRunner {
	enqueue(cell: PendingCell): void;
	/** Waits for a cell that a task of an earlier dispatcher has. */
	adopt(cell: PendingCell, task: TaskPlace): void;
	/** Forgets cells, and ends the tasks that are at one of them or have none left. */
	abandon(cells: Iterable<PendingCell>): Promise<void>;
	/** Ends every task, and waits until they have ended. */
	stop(): Promise<void>;
}

// A shared file system may show the last lines a few seconds late.
const DEFAULT_GRACE_SECONDS = 3;
const GATHER_MILLISECONDS = 100;
const CONTROLLER_PATIENCE_SECONDS = 600;
const STOP_PATIENCE_SECONDS = 30;
const STOP_POLL_MILLISECONDS = 200;
const DEFAULT_CHUNK_SECONDS = 600;
const DEFAULT_POLL_SECONDS = 1;
const DEFAULT_STALL_SECONDS = 3600;
// Of a task's time limit: cells are not all alike.
const CHUNK_SHARE = 0.5;

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
		pollIntervalSeconds = DEFAULT_POLL_SECONDS,
		stallTimeoutSeconds = DEFAULT_STALL_SECONDS,
		resultGraceSeconds = DEFAULT_GRACE_SECONDS,
	} = options;
	const timeLimitSeconds = options.timeLimit === undefined ? limits.timeLimitSeconds : slurmSeconds(options.timeLimit);
	const targetChunkSeconds = Math.min(
		options.targetChunkSeconds ?? DEFAULT_CHUNK_SECONDS,
		(timeLimitSeconds ?? Number.POSITIVE_INFINITY) * CHUNK_SHARE,
	);
	const slots = Math.max(1, Math.floor(limits.cpus / (options.cpusPerTask ?? 1)));
	const mostTasks = Math.min(limits.maxJobCount, limits.maxSubmitJobs);
	let queue: PendingCell[] = [];
	const table = createTaskTable();
	const { tasks } = table;
	let wave = firstWave;
	let secondsSum = 0;
	let secondsCount = 0;
	let taskBound = mostTasks;
	let mostCellsPerTask = Number.POSITIVE_INFINITY;
	let controllerAwaySince: number | null = null;
	let submitFailingSince: number | null = null;
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
		if (isWorthAWave()) gathering ??= setTimeout(() => inTurn(flush), GATHER_MILLISECONDS);
		if (tasks.size > 0) polling ??= setTimeout(() => inTurn(poll), pollIntervalSeconds * 1000);
	}

	/** While all slots have work, cells wait until there are enough for another wave of the same size. */
	function isWorthAWave(): boolean {
		if (queue.length === 0 || tasks.size >= taskBound || controllerAwaySince !== null) return false;
		return tasks.size < slots || queue.length >= table.cellCount;
	}

	async function flush(): Promise<void> {
		gathering = undefined;
		if (stopped || !isWorthAWave()) return schedule();
		const { tasks: dealt, leftOver } = dealCells(queue, {
			slots,
			maxArraySize: limits.maxArraySize,
			freeTasks: taskBound - tasks.size,
			secondsPerCell: secondsCount === 0 ? null : secondsSum / secondsCount,
			targetChunkSeconds,
			mostCellsPerTask,
		});
		queue = leftOver;
		try {
			const outcome = await submitWave({ options, spool, run, wave: ++wave, dealt, othersRun: tasks.size > 0 });
			if ("jobId" in outcome) {
				submitFailingSince = null;
				taskBound = Math.min(mostTasks, Math.ceil(taskBound * 1.25));
				for (const [task, cells] of dealt.entries()) table.add({ wave, jobId: outcome.jobId, task }, cells);
			} else {
				queue = [...dealt.flat(), ...queue];
				if (outcome.refusal === "limit") taskBound = tasks.size + Math.floor(dealt.length / 2);
				else {
					submitFailingSince ??= Date.now();
					giveUpAfter(submitFailingSince);
					gathering = setTimeout(() => inTurn(flush), pollIntervalSeconds * 1000);
				}
			}
		} catch (error) {
			for (const cell of dealt.flat()) cell.settle({ error: error as Error, meter: null });
		}
		schedule();
	}

	async function poll(): Promise<void> {
		polling = undefined;
		if (stopped) return;
		await takeLines();
		for (const task of tasks.values()) if (task.cells.size === 0) table.remove(task);
		await lookAtTasks();
		schedule();
	}

	async function takeLines(): Promise<void> {
		for (const line of await spool.newLines().catch(() => [])) {
			if (line.kind === "message") {
				options.onMessage?.(line.message);
				continue;
			}
			const cell = table.take(line);
			if (cell === undefined || line.kind !== "end") continue;
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
			return giveUpAfter(controllerAwaySince);
		}
		controllerAwaySince = null;
		for (const task of [...tasks.values()]) {
			const state = states.get(task.id) ?? null;
			if (state === null || isTerminal(state)) {
				task.endedAt ??= Date.now();
				if (Date.now() - task.endedAt >= resultGraceSeconds * 1000) await lose(task, state);
				continue;
			}
			task.endedAt = null;
			if (state.state !== "RUNNING") task.lastLineAt = Date.now();
			else if (Date.now() - task.lastLineAt > stallTimeoutSeconds * 1000) await endStalled(task);
		}
	}

	function giveUpAfter(since: number): void {
		if (Date.now() - since < CONTROLLER_PATIENCE_SECONDS * 1000) return;
		const lost = [...[...tasks.values()].flatMap((task) => table.remove(task)), ...queue];
		queue = [];
		for (const cell of lost) cell.settle({ error: controllerAway(), meter: null });
	}

	async function lose(task: Task, state: TaskState | null): Promise<void> {
		const log = await spool.readLog(task.jobId, task.task);
		if (state?.state === "TIMEOUT") mostCellsPerTask = Math.max(1, Math.ceil(task.cellCount / 2));
		for (const cell of table.remove(task)) {
			const wasRunning = task.running?.submission === cell.submission;
			const error = taskFailure({ cell: cell.cell, wasRunning, taskId: task.id }, state, log);
			// A cell whose turn had not come is none the worse, unless the task could not even begin.
			if (!wasRunning && task.hasBegun && error.failureClass !== "cancelled") queue.push(cell);
			else cell.settle({ error, meter: wasRunning ? meterSince(task.running!.time) : null });
		}
	}

	async function endStalled(task: Task): Promise<void> {
		await run("scancel", [task.id]);
		for (const cell of table.remove(task)) {
			const error = new ClusterExecutorError(
				"executor-cluster/stalled",
				`cell ${cell.cell}: Slurm task ${task.id} runs, but wrote nothing for ${stallTimeoutSeconds} s`,
				{ failureClass: "preempted", context: { taskId: task.id } },
			);
			const wasRunning = task.running?.submission === cell.submission;
			cell.settle({ error, meter: wasRunning ? meterSince(task.running!.time) : null });
		}
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
			table.add(place, [cell]);
			schedule();
		},
		abandon: (cells) =>
			inTurn(async () => {
				// Who is at what may have changed since the last look.
				await takeLines();
				const gone = new Set(cells);
				queue = queue.filter((cell) => !gone.has(cell));
				const held = new Set<Task>();
				for (const { submission } of gone) {
					const task = table.holderOf(submission);
					table.drop(submission);
					if (task !== undefined) held.add(task);
				}
				// A task that is at a kept cell goes on; what is gone of it is dropped when its turn comes.
				const ended = [...held].filter(({ running, cells }) => running === null || !cells.has(running.submission));
				for (const task of ended) queue.push(...table.remove(task));
				await cancelTasks(ended.map(({ id }) => id));
				schedule();
			}),
		async stop() {
			stopped = true;
			clearTimeout(gathering);
			clearTimeout(polling);
			await busy.catch(() => {});
			const jobIds = (await spool.readJobs()).flatMap(({ jobId }) => jobId ?? []);
			if (jobIds.length === 0) return;
			await cancelTasks(jobIds);
			const until = Date.now() + STOP_PATIENCE_SECONDS * 1000;
			while (Date.now() < until) {
				const states = await queryTasks(run, jobIds);
				if (states === null || [...states.values()].every(isTerminal)) return;
				await sleep(STOP_POLL_MILLISECONDS);
			}
		},
	};
}

function meterSince(time: number): Meter {
	return { wallSeconds: Math.max(0, (Date.now() - time) / 1000), cpuSeconds: 0, peakMemoryMebibytes: 0, cpus: null };
}

function controllerAway(): ClusterExecutorError {
	return new ClusterExecutorError(
		"executor-cluster/controller-unreachable",
		`Slurm's controller has not answered for ${CONTROLLER_PATIENCE_SECONDS} s`,
		{ failureClass: "fatal", remedy: "The tasks may still run; start again with the same run name to attach to them." },
	);
}
