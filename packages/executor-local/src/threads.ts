import { MessageChannel, type ResourceLimits, type Worker } from "node:worker_threads";
import { Piscina } from "piscina";
import { threadFailure, threadNotStarted } from "./thread-failure.ts";
import { openInbox } from "./thread-inbox.ts";
import type { ThreadTask } from "./thread-task.ts";
import type { MessageHandler, Site } from "./work.ts";

/** Which work the threads do, and what they may use. */
export interface ThreadSetup {
	/** The URL of the module that has the work. */
	readonly module: string;
	readonly exportName: string;
	readonly workers: number;
	readonly resourceLimits: ResourceLimits | undefined;
	readonly onMessage: MessageHandler | undefined;
}

// It lies beside this file, among the sources and in the build alike.
const ENTRY = new URL(import.meta.url.endsWith(".ts") ? "./thread-entry.ts" : "./thread-entry.js", import.meta.url)
	.href;

/** Runs work in a pool of worker threads, which start when they are needed and stay until `close`. */
export function threads<Payload, Result>(setup: ThreadSetup): Site<Payload, Result> {
	const { module, exportName, workers, resourceLimits, onMessage } = setup;
	const pool = new Piscina({
		filename: ENTRY,
		minThreads: 0,
		maxThreads: workers,
		idleTimeout: Number.POSITIVE_INFINITY,
		// Between tasks a thread would otherwise block, and sockets that the work keeps open would miss their events.
		atomics: "disabled",
		recordTiming: false,
		...(resourceLimits === undefined ? {} : { resourceLimits }),
	});
	const inFlight = new Set<AbortController>();
	const removedThreads = watchThreads(pool);
	abortWhenNoThreadStarts(pool, inFlight);

	return {
		async run(payload, ids, attempt) {
			const { signal } = attempt;
			const { port1, port2: port } = new MessageChannel();
			const inbox = openInbox<Result>(port1, onMessage && ((message) => signal.aborted || onMessage(message, ids)));
			const task: ThreadTask = { ...ids, payload, module, exportName, listening: onMessage !== undefined, port };
			inFlight.add(attempt);
			try {
				await pool.run(task, { signal, transferList: [port] }).finally(() => inFlight.delete(attempt));
			} catch (error) {
				// An attempt that has ended must not go on writing: its thread has to be gone too.
				await removedThreads();
				signal.throwIfAborted();
				throw threadFailure(error, ids);
			} finally {
				inbox.close();
			}
			return inbox.result();
		},
		async close() {
			await pool.destroy();
			await removedThreads();
		},
	};
}

/** Follows the pool's threads; the function returned resolves when those that it has removed have really ended. */
function watchThreads(pool: Piscina): () => Promise<unknown> {
	const exits = new Map<Worker, Promise<void>>();
	pool.on("workerCreate", () => {
		for (const thread of pool.threads) {
			if (exits.has(thread)) continue;
			const exit = Promise.withResolvers<void>();
			exits.set(thread, exit.promise);
			thread.once("exit", () => {
				exits.delete(thread);
				exit.resolve();
			});
		}
	});
	return () => {
		const kept = new Set(pool.threads);
		return Promise.all([...exits].map(([thread, exit]) => (kept.has(thread) ? undefined : exit)));
	};
}

/**
 * Piscina leaves tasks waiting forever when threads die before they take one (too little memory to start, a failing `--import`):
 * there is no thread left then, and whatever is in flight waits for one.
 */
function abortWhenNoThreadStarts(pool: Piscina, inFlight: ReadonlySet<AbortController>): void {
	let lastError: unknown;
	// A thread's error outside of any task. After a cell has ended there is nobody to tell; the thread is replaced.
	pool.on("error", (error) => {
		lastError = error;
	});
	pool.on("workerDestroy", () => {
		// Later, because attempts that the thread did run are told after this event.
		setImmediate(() => {
			if (pool.threads.length > 0) return;
			for (const attempt of inFlight) attempt.abort(threadNotStarted(lastError));
		});
	});
}
