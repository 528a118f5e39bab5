import { DispatchError } from "./errors.ts";

/** How many cells may be in flight, changeable while a run goes on. */
export interface WorkerLimit {
	readonly current: number;
	/**
	 * Takes effect at once: a higher limit starts cells, a lower one lets running cells finish and starts no more until
	 * there is room.
	 *
	 * @throws DispatchError `dispatch/invalid-option` unless `workers` is a whole number of at least 1.
	 */
	set(workers: number): void;
	/** Calls `listener` after each change, until the returned function is called. */
	onChange(listener: (current: number, previous: number) => void): () => void;
}

/**
 * Makes a limit to pass as `workers`, for whoever wants to narrow a run that gets throttled, and to widen it again:
 *
 * ```ts
 * const workers = workerLimit(100);
 * const narrow = (event: DispatchEvent) => {
 *   if (event.type === "attempt-end" && event.failureClass === "throttled") workers.set(Math.max(1, workers.current >> 1));
 * };
 * await dispatch(executor, payloads, { workers, onEvent: narrow });
 * ```
 */
export function workerLimit(initial: number): WorkerLimit {
	let current = validWorkers(initial);
	const listeners = new Set<(current: number, previous: number) => void>();
	return {
		get current() {
			return current;
		},
		set(workers) {
			const previous = current;
			current = validWorkers(workers);
			if (current !== previous) for (const listener of listeners) listener(current, previous);
		},
		onChange(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

function validWorkers(workers: number): number {
	if (Number.isInteger(workers) && workers >= 1) return workers;
	throw new DispatchError(
		"dispatch/invalid-option",
		`workers must be a whole number of at least 1, got ${String(workers)}.`,
		{ remedy: "Pass the number of workers that preflight reported.", context: { workers } },
	);
}
