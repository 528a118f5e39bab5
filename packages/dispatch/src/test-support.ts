import type { Clock } from "./clock.ts";
import { type CellCost, zeroCost } from "./cost.ts";
import type { AttemptOutcome, Executor, SubmitOptions } from "./executor.ts";
import { emptyRunReport } from "./report.ts";

/** Time that moves only when everything waits: to the next sleeper, at once. */
export interface VirtualClock extends Clock {
	/** Moves time on until `work` has settled, and returns its result. */
	drive<T>(work: Promise<T>): Promise<T>;
	/** The sleeps so far, in milliseconds, in the order in which they began. */
	readonly sleeps: number[];
}

export function virtualClock(start = 0): VirtualClock {
	let now = start;
	const sleepers = new Set<{ at: number; wake: () => void }>();
	const sleeps: number[] = [];
	return {
		now: () => now,
		sleeps,
		sleep(milliseconds, signal) {
			sleeps.push(milliseconds);
			return new Promise((resolve) => {
				const wake = () => {
					sleepers.delete(sleeper);
					resolve();
				};
				const sleeper = { at: now + milliseconds, wake };
				sleepers.add(sleeper);
				if (signal.aborted) wake();
				else signal.addEventListener("abort", wake, { once: true });
			});
		},
		async drive(work) {
			let settled = false;
			const done = () => {
				settled = true;
			};
			work.then(done, done);
			for (;;) {
				// Lets every promise that can move do so before time does.
				await new Promise((resolve) => setImmediate(resolve));
				if (settled) return work;
				const next = [...sleepers].sort((a, b) => a.at - b.at)[0];
				if (next === undefined) throw new Error("nothing sleeps and nothing has settled: the work hangs");
				now = next.at;
				next.wake();
			}
		},
	};
}

/** What one attempt does: takes some seconds, then returns, or throws. */
export type Step = { readonly seconds?: number } & ({ readonly result: unknown } | { readonly error: unknown });

export interface ScriptedExecutor extends Executor<number, unknown> {
	/** Every submit, in order. */
	readonly calls: { index: number; attempt: number }[];
	/** The most attempts in flight at once. */
	readonly peak: number;
}

/**
 * Executes a script on virtual time: attempt n of payload p does `script(p, n)`. An attempt costs one compute second per second,
 * and rejects at once when its signal is aborted, unless `cancels` is false.
 */
export function scriptedExecutor(
	clock: Clock,
	script: (payload: number, attempt: number) => Step,
	{ cancels = true }: { cancels?: boolean } = {},
): ScriptedExecutor {
	const calls: { index: number; attempt: number }[] = [];
	let running = 0;
	let peak = 0;
	const run = async (payload: number, { signal, index, attempt }: SubmitOptions) => {
		calls.push({ index, attempt });
		const step = script(payload, attempt);
		const patience = cancels ? signal : new AbortController().signal;
		if (step.seconds !== undefined) await clock.sleep(step.seconds * 1000, patience);
		if (patience.aborted) throw patience.reason;
		if ("error" in step) throw step.error;
		return step.result;
	};
	return {
		name: "scripted",
		specVersion: 1,
		capabilities: {
			cancelsRunningWork: cancels,
			isolatesCrashes: false,
			runsInParallel: false,
			transfer: "reference",
			maxPayloadBytes: null,
			costSource: "wall-clock",
		},
		calls,
		get peak() {
			return peak;
		},
		preflight: async () => ({ workers: 1, detail: null }),
		async submit(payload, options) {
			peak = Math.max(peak, ++running);
			try {
				return await run(payload, options);
			} finally {
				running--;
			}
		},
		measureCost: (outcome: AttemptOutcome): CellCost => ({
			...zeroCost(),
			computeTimeSeconds: outcome.durationSeconds,
		}),
		finalize: async () => emptyRunReport(),
		shutdown: async () => {},
	};
}

/** An error as the packages of this workspace throw it. */
export function taggedError(failureClass: string, message: string, context: Record<string, unknown> = {}): Error {
	const error = new Error(message);
	return Object.assign(error, {
		[Symbol.for("zagg.error")]: true,
		code: `test/${failureClass}`,
		failureClass,
		remedy: undefined,
		context,
	});
}
