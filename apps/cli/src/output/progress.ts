import type { Terminal } from "./terminal.ts";

/** Redrawing more often than this shows nothing more and costs time. */
const REDRAW_MILLISECONDS = 100;

/** Shows how far a piece of work is, and lines of text above it. */
export interface Progress {
	update(done: number, total: number, note?: string): void;
	line(text: string): void;
	end(): void;
}

/** A bar on the last line of a terminal; plain lines where there is none. */
export function createProgress(terminal: Terminal, unit: string): Progress {
	if (!terminal.interactive) {
		return { update: () => {}, line: (text) => terminal.error(`${text}\n`), end: () => {} };
	}
	const started = performance.now();
	let drawnAt = Number.NEGATIVE_INFINITY;
	let bar = "";
	const clear = (): void => {
		if (bar !== "") terminal.error("\r\u001b[2K");
	};
	return {
		update(done, total, note) {
			const now = performance.now();
			if (now - drawnAt < REDRAW_MILLISECONDS && done < total) return;
			drawnAt = now;
			clear();
			bar = barText(done, total, unit, (now - started) / 1000, note).slice(0, terminal.columns - 1);
			terminal.error(bar);
		},
		line(text) {
			clear();
			terminal.error(`${text}\n${bar}`);
		},
		end() {
			clear();
			bar = "";
		},
	};
}

function barText(done: number, total: number, unit: string, elapsedSeconds: number, note = ""): string {
	const width = 24;
	const filled = total === 0 ? width : Math.round((done / total) * width);
	const remaining = done > 0 ? (elapsedSeconds / done) * (total - done) : Number.NaN;
	const left = done < total && remaining >= 1 ? `  about ${durationText(remaining)} left` : "";
	return `${"█".repeat(filled)}${"░".repeat(width - filled)} ${done}/${total} ${unit}${left}${note && `  ${note}`}`;
}

function durationText(seconds: number): string {
	if (seconds < 90) return `${Math.round(seconds)} s`;
	return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
