import { LocalExecutorError } from "./errors.ts";
import type { AttemptIds } from "./work.ts";

/** Makes sense of why the pool could not run an attempt to its end, other than by being told to stop. */
export function threadFailure(cause: unknown, { index, attempt }: AttemptIds): LocalExecutorError {
	const details = { context: { index, attempt }, cause };
	const error: NodeJS.ErrnoException = cause instanceof Error ? cause : new Error(String(cause));
	const { name, code, message } = error;
	if (name === "DataCloneError") {
		return new LocalExecutorError(
			"executor-local/not-cloneable",
			`The payload of cell ${index} cannot enter a thread: ${message}.`,
			{
				...details,
				failureClass: "usage",
				remedy: "Pass plain data, or run the work in this thread with { work } instead of { module }.",
			},
		);
	}
	if (code === "ERR_WORKER_OUT_OF_MEMORY") {
		return new LocalExecutorError(
			"executor-local/thread-out-of-memory",
			`The thread of cell ${index} ran out of memory.`,
			{
				...details,
				failureClass: "out-of-memory",
				remedy: "Raise resourceLimits.maxOldGenerationSizeMb, or make the cell smaller.",
			},
		);
	}
	return new LocalExecutorError("executor-local/thread-crashed", `The thread of cell ${index} crashed: ${message}.`, {
		...details,
		failureClass: "bug",
		remedy: "Look for process.exit, and for errors thrown outside of what the work awaits.",
	});
}

/** For attempts that wait for a thread when none can be started. */
export function threadNotStarted(cause: unknown): LocalExecutorError {
	const reason = cause instanceof Error ? cause.message : "it exited at once";
	return new LocalExecutorError("executor-local/thread-not-started", `No worker thread could start: ${reason}.`, {
		// No cell can run without one.
		failureClass: "fatal",
		remedy: "Check resourceLimits, the options that Node was started with, and the limit of threads.",
		cause,
	});
}
