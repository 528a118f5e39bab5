/** How a wave of cells becomes array tasks. */
export interface WaveLimits {
	/** Tasks that can run at once. */
	readonly slots: number;
	readonly maxArraySize: number;
	/** Tasks that may still be submitted. */
	readonly freeTasks: number;
	/** Seconds that a cell takes, as far as it is known; null before the first has ended. */
	readonly secondsPerCell: number | null;
	readonly targetChunkSeconds: number;
	/** More cells than this ran a task out of its time. */
	readonly mostCellsPerTask: number;
}

/**
 * Deals cells to tasks by turns, so that long and short ones mix. There are as many tasks as can run at once, and more
 * where a task would otherwise get more than the target; never more than Slurm takes. Cells for which there is no room are
 * left over, at the end.
 */
export function dealCells<Cell>(cells: readonly Cell[], limits: WaveLimits): { tasks: Cell[][]; leftOver: Cell[] } {
	const { slots, maxArraySize, freeTasks, secondsPerCell, targetChunkSeconds, mostCellsPerTask } = limits;
	const byLength = secondsPerCell === null ? 0 : Math.ceil((cells.length * secondsPerCell) / targetChunkSeconds);
	const wanted = Math.max(slots, byLength, Math.ceil(cells.length / mostCellsPerTask));
	const count = Math.max(1, Math.min(cells.length, wanted, maxArraySize - 1, freeTasks));
	const tasks: Cell[][] = Array.from({ length: count }, () => []);
	const most = Math.min(cells.length, count * mostCellsPerTask);
	for (let index = 0; index < most; index++) tasks[index % count]!.push(cells[index]!);
	return { tasks, leftOver: cells.slice(most) };
}
