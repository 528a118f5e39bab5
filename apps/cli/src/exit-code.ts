/** Exit codes of every command. */
export const ExitCode = {
	/** All cells done. */
	ok: 0,
	/** Some cells failed, or the run failed. */
	failed: 1,
	/** Wrong flags, config or shard map. */
	usage: 2,
	/** Stopped by Ctrl-C. */
	interrupted: 130,
} as const;

/** The exit code that fits an error. */
export function exitCodeOf(error: unknown): number {
	const { failureClass } = error as { failureClass?: unknown };
	return failureClass === "usage" ? ExitCode.usage : ExitCode.failed;
}

/** What people read of an error: the message, and what to do next where the error knows it. */
export function errorText(error: unknown): string {
	const { message, remedy } = error as { message?: string; remedy?: string };
	const text = `zagg: ${message ?? String(error)}`;
	return remedy ? `${text}\n  ${remedy}` : text;
}
