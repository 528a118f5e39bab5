import { type Executor, type ExecutorCapabilities, emptyRunReport } from "@zagg/dispatch";
import { LocalExecutorError } from "./errors.ts";
import { openGate } from "./gate.ts";
import { lanes } from "./lanes.ts";
import { checkOptions, isThreadOptions, type LocalExecutorOptions, moduleUrl } from "./options.ts";
import { threads } from "./threads.ts";
import type { Site } from "./work.ts";

const LANE_CAPABILITIES: ExecutorCapabilities = Object.freeze({
	cancelsRunningWork: false,
	isolatesCrashes: false,
	runsInParallel: false,
	transfer: "reference",
	maxPayloadBytes: null,
	costSource: "wall-clock",
});

const THREAD_CAPABILITIES: ExecutorCapabilities = Object.freeze({
	cancelsRunningWork: true,
	isolatesCrashes: true,
	runsInParallel: true,
	transfer: "structured-clone",
	maxPayloadBytes: null,
	costSource: "wall-clock",
});

/**
 * Makes an executor for this machine.
 *
 * With `work`, cells run in this thread, interleaved at their awaits: nothing is copied, and cancelling is a request. With
 * `module`, they run in worker threads, in parallel: payloads and results are structured clones, the thread of a cancelled or
 * timed-out cell is ended, and a crashed thread fails one attempt and is replaced.
 *
 * `submit` may be called more often than there are workers; the rest waits in order. Cost is the attempt's wall time and no
 * dollars. There is nothing to finalize.
 *
 * @throws LocalExecutorError `executor-local/invalid-option`.
 */
export function localExecutor<Payload, Result>(
	options: LocalExecutorOptions<Payload, Result>,
): Executor<Payload, Result> {
	checkOptions(options);
	const { workers, timeoutSeconds } = options;
	const site = openSite(options);
	const gate = openGate(workers);
	const attempts = new Set<AbortController>();
	let closing: Promise<void> | undefined;

	return {
		name: "local",
		specVersion: 1,
		capabilities: isThreadOptions(options) ? THREAD_CAPABILITIES : LANE_CAPABILITIES,
		async preflight(_cellCount, { signal } = {}) {
			signal?.throwIfAborted();
			return { workers, detail: null };
		},
		async submit(payload, { signal, ...ids }) {
			if (closing !== undefined) throw shutDown("usage");
			signal.throwIfAborted();
			const attempt = new AbortController();
			const cancel = () => attempt.abort(signal.reason);
			signal.addEventListener("abort", cancel);
			attempts.add(attempt);
			try {
				await gate.enter(attempt.signal);
				const timer = abortAfter(timeoutSeconds, attempt, ids.index);
				try {
					return await site.run(payload, ids, attempt);
				} finally {
					clearTimeout(timer);
					gate.leave();
				}
			} finally {
				attempts.delete(attempt);
				signal.removeEventListener("abort", cancel);
			}
		},
		measureCost: ({ durationSeconds }) => ({ computeTimeSeconds: durationSeconds, gbSeconds: 0, costUsd: 0 }),
		finalize: async () => emptyRunReport(),
		shutdown() {
			if (closing === undefined) {
				for (const attempt of attempts) attempt.abort(shutDown("cancelled"));
				closing = site.close();
			}
			return closing;
		},
	};
}

function openSite<Payload, Result>(options: LocalExecutorOptions<Payload, Result>): Site<Payload, Result> {
	if (!isThreadOptions(options)) return lanes(options.work, options.onMessage);
	const { module, exportName = "default", workers, resourceLimits, onMessage } = options;
	return threads({ module: moduleUrl(module), exportName, workers, resourceLimits, onMessage });
}

function abortAfter(timeoutSeconds: number | undefined, attempt: AbortController, index: number) {
	if (timeoutSeconds === undefined) return undefined;
	return setTimeout(() => {
		const message = `Cell ${index} took longer than ${timeoutSeconds} s.`;
		const remedy = "Raise timeoutSeconds, or make the cell smaller.";
		const details = { failureClass: "timeout", remedy, context: { index, timeoutSeconds } } as const;
		attempt.abort(new LocalExecutorError("executor-local/timeout", message, details));
	}, timeoutSeconds * 1000);
}

function shutDown(failureClass: "usage" | "cancelled"): LocalExecutorError {
	const message = "The local executor is shut down; it runs no cells.";
	return new LocalExecutorError("executor-local/shut-down", message, { failureClass, remedy: "Make a new executor." });
}
