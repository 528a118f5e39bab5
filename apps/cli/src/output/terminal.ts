/** Where a command writes: results to stdout, everything else to stderr. */
export interface Terminal {
	out(text: string): void;
	error(text: string): void;
	/** Whether stderr is a terminal that a line can be redrawn on. */
	readonly interactive: boolean;
	readonly columns: number;
}

/** The process's own streams. */
export function processTerminal(): Terminal {
	return {
		out: (text) => void process.stdout.write(`${text}\n`),
		error: (text) => void process.stderr.write(text),
		interactive: process.stderr.isTTY === true && process.env.TERM !== "dumb" && process.env.CI === undefined,
		columns: process.stderr.columns ?? 80,
	};
}
