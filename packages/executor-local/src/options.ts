import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { ResourceLimits } from "node:worker_threads";
import { LocalExecutorError } from "./errors.ts";
import type { MessageHandler, Work } from "./work.ts";

interface CommonOptions {
	/** The most cells at once; a whole number of at least 1. */
	readonly workers: number;
	/**
	 * How long an attempt may take, in seconds, from the moment it has a lane or a thread (a new thread's start included);
	 * then it fails with class `timeout`. Default: no limit.
	 */
	readonly timeoutSeconds?: number;
	/** Takes what the work emits. */
	readonly onMessage?: MessageHandler;
}

/** Options for running work in this thread. */
export interface LaneOptions<Payload, Result> extends CommonOptions {
	/** The work itself. Meant for work that mostly waits: work that computes keeps all the rest waiting. */
	readonly work: Work<Payload, Result>;
}

/** Options for running work in worker threads. */
export interface ThreadOptions extends CommonOptions {
	/** The module that has the work: `new URL("./cell.js", import.meta.url)`, another URL, or an absolute path. */
	readonly module: URL | string;
	/** The export that is the work, a `Work`. Default: "default". */
	readonly exportName?: string;
	/**
	 * What a thread's heap may hold (Node's `resourceLimits`); beyond it an attempt fails with class `out-of-memory`. It does
	 * not count what typed arrays hold. `maxOldGenerationSizeMb` is at least 16.
	 */
	readonly resourceLimits?: ResourceLimits;
}

/** Options of `localExecutor`. */
export type LocalExecutorOptions<Payload, Result> = LaneOptions<Payload, Result> | ThreadOptions;

// setTimeout's longest delay is 2^31 - 1 ms; a longer one would fire at once.
const LONGEST_TIMEOUT_SECONDS = 2_147_483;

// With too small a heap a starting thread takes the whole process down (Node 24: at 2 MB; under 8 MB no thread starts).
const SMALLEST_HEAP_MB = 16;

/** Checks what the types cannot. */
export function checkOptions(options: LocalExecutorOptions<never, unknown>): void {
	const { workers, timeoutSeconds, work, module, resourceLimits } = options as Partial<
		LaneOptions<never, unknown> & ThreadOptions
	>;
	if (!Number.isInteger(workers) || workers! < 1) {
		throw invalid("workers", "must be a whole number of at least 1", workers);
	}
	if (timeoutSeconds !== undefined && !(timeoutSeconds > 0 && timeoutSeconds <= LONGEST_TIMEOUT_SECONDS)) {
		throw invalid("timeoutSeconds", `must be above 0 and at most ${LONGEST_TIMEOUT_SECONDS}`, timeoutSeconds);
	}
	if ((work === undefined) === (module === undefined)) {
		throw invalid("work or module", "must be given, and not both", module === undefined ? "neither" : "both");
	}
	const heapMb = resourceLimits?.maxOldGenerationSizeMb;
	if (heapMb !== undefined && !(heapMb >= SMALLEST_HEAP_MB)) {
		throw invalid("resourceLimits.maxOldGenerationSizeMb", `must be at least ${SMALLEST_HEAP_MB}`, heapMb);
	}
	if (work !== undefined && typeof work !== "function") throw invalid("work", "must be a function", typeof work);
}

/** Which of the two kinds of options these are. */
export function isThreadOptions<Payload, Result>(
	options: LocalExecutorOptions<Payload, Result>,
): options is ThreadOptions {
	return (options as Partial<ThreadOptions>).module !== undefined;
}

/** The URL by which a thread imports the module. A relative one would be looked for beside this package, so it is refused. */
export function moduleUrl(module: URL | string): string {
	if (module instanceof URL) return module.href;
	if (module.startsWith("file:")) return module;
	if (isAbsolute(module)) return pathToFileURL(module).href;
	throw invalid("module", 'must be a URL such as new URL("./cell.js", import.meta.url), or an absolute path', module);
}

function invalid(option: string, rule: string, actual: unknown): LocalExecutorError {
	return new LocalExecutorError(
		"executor-local/invalid-option",
		`localExecutor: ${option} ${rule}, got ${String(actual)}.`,
		{ failureClass: "usage", context: { option, actual: String(actual) } },
	);
}
