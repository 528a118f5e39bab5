/** Time, as the loop sees it; tests pass one that they move themselves. */
export interface Clock {
	/** Milliseconds since the Unix epoch, fractions allowed; must never run backwards. */
	now(): number;
	/** Resolves after `milliseconds`, or early once `signal` is aborted; never rejects, and leaves no timer behind. */
	sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

// Longer timers fire at once (Node's documented limit of setTimeout).
const LONGEST_TIMER_MILLISECONDS = 2 ** 31 - 1;

/** The machine's clock: monotonic, so that a corrected wall clock never makes a negative duration. */
export const systemClock: Clock = Object.freeze({
	now: () => performance.timeOrigin + performance.now(),
	sleep: (milliseconds: number, signal: AbortSignal) =>
		new Promise<void>((resolve) => {
			if (signal.aborted) return resolve();
			const wake = () => {
				clearTimeout(timer);
				signal.removeEventListener("abort", wake);
				resolve();
			};
			const timer = setTimeout(wake, Math.min(milliseconds, LONGEST_TIMER_MILLISECONDS));
			signal.addEventListener("abort", wake);
		}),
});
