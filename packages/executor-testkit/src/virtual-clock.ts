import type { Clock } from "@zagg/dispatch";

/** Time that stands still until everything waits for it; then it moves to the next sleeper, at once. */
export interface VirtualClock extends Clock {
	/** Moves time on whenever somebody sleeps, until `work` has settled, and returns its result. */
	drive<T>(work: Promise<T>): Promise<T>;
	/** The sleeps so far, in milliseconds, in the order in which they began. */
	readonly sleeps: readonly number[];
}

/**
 * Makes a clock for `dispatch({ clock })`: backoff takes no real time, and `sleeps` tells how long it would have been. Work that
 * really runs takes its real time, of which the clock sees nothing.
 *
 * @param startMilliseconds the time at which it stands; default 0.
 */
export function virtualClock(startMilliseconds = 0): VirtualClock {
	let now = startMilliseconds;
	let somebodySleeps = Promise.withResolvers<void>();
	const sleepers = new Set<{ readonly at: number; wake(): void }>();
	const sleeps: number[] = [];
	return {
		now: () => now,
		sleeps,
		sleep(milliseconds, signal) {
			sleeps.push(milliseconds);
			return new Promise((resolve) => {
				const wake = () => {
					sleepers.delete(sleeper);
					signal.removeEventListener("abort", wake);
					resolve();
				};
				const sleeper = { at: now + milliseconds, wake };
				if (signal.aborted) return resolve();
				sleepers.add(sleeper);
				signal.addEventListener("abort", wake);
				somebodySleeps.resolve();
			});
		},
		async drive(work) {
			let settled = false;
			const done = work.then(
				() => {
					settled = true;
				},
				() => {
					settled = true;
				},
			);
			for (;;) {
				// Lets everything that can move do so before time does.
				await new Promise((resolve) => setImmediate(resolve));
				if (settled) return work;
				const [first, ...others] = sleepers;
				if (first === undefined) {
					somebodySleeps = Promise.withResolvers();
					await Promise.race([done, somebodySleeps.promise]);
					continue;
				}
				const next = others.reduce((earliest, other) => (other.at < earliest.at ? other : earliest), first);
				now = next.at;
				next.wake();
			}
		},
	};
}
