/** Where a run's lines go; nothing is printed by the library. */
export interface RunLog {
	info(message: string): void;
	warn(message: string): void;
}

/** Drops every line. */
export const silentLog: RunLog = { info: () => {}, warn: () => {} };
