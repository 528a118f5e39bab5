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
}

/**
 * Deals cells to tasks by turns, so that long and short ones mix. There are as many tasks as can run at once, and more
 * where a task would otherwise get more than the target; never more than Slurm takes.
 */
export function dealCells<Cell>(cells: readonly Cell[], limits: WaveLimits): Cell[][] {
	const { slots, maxArraySize, freeTasks, secondsPerCell, targetChunkSeconds } = limits;
	const byLength = secondsPerCell === null ? 0 : Math.ceil((cells.length * secondsPerCell) / targetChunkSeconds);
	const wanted = Math.max(slots, byLength);
	const count = Math.max(1, Math.min(cells.length, wanted, maxArraySize - 1, freeTasks));
	const tasks: Cell[][] = Array.from({ length: count }, () => []);
	for (const [index, cell] of cells.entries()) tasks[index % count]!.push(cell);
	return tasks;
}
