import { type ChildProcess, fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import { exited, outOfMemory, timedOut } from "./function-error.ts";
import type { RuntimeAnswer, RuntimeRequest } from "./runtime-protocol.ts";

/** What a child process runs under. */
export interface SlotOptions {
	/** URL of the module. */
	readonly bundle: string;
	readonly memoryMegabytes: number;
	readonly timeoutSeconds: number;
	readonly environment: Readonly<Record<string, string>>;
	readonly onLog: (line: string) => void;
}

/** What an invocation came to. */
export interface SlotOutcome {
	readonly answer: RuntimeAnswer;
	/** The most memory that the process has had so far. */
	readonly maxMemoryMegabytes: number;
}

/** One child process: it runs one event at a time, and is used again while it lives. */
export interface Slot {
	readonly isAlive: () => boolean;
	run(requestId: string, event: string): Promise<SlotOutcome>;
	kill(): Promise<void>;
}

// The child stands beside this module: as a source file, or as a built one.
const runtime = new URL(import.meta.url.endsWith(".ts") ? "./runtime.ts" : "./runtime.js", import.meta.url);

const MEMORY_POLL_MILLISECONDS = 50;
// Of the function's memory; the rest is what Node itself needs.
const HEAP_SHARE = 0.9;
/** AWS gives a function so long to load, outside of its own time limit. */
const LONGEST_START_MILLISECONDS = 10_000;

/** Starts a child process that has loaded the bundle. */
export function startSlot(options: SlotOptions): Slot {
	const { bundle, memoryMegabytes, timeoutSeconds, environment, onLog } = options;
	const child = fork(runtime, [bundle], {
		env: environment,
		execArgv: [
			`--max-old-space-size=${Math.max(16, Math.floor(memoryMegabytes * HEAP_SHARE))}`,
			// The function's source, in a checkout.
			...(bundle.endsWith(".ts") ? ["--conditions=@zagg/source"] : []),
		],
		stdio: ["ignore", "pipe", "pipe", "ipc"],
	});
	for (const stream of [child.stdout!, child.stderr!]) onLines(stream, onLog);
	let end: string | undefined;
	const ended = new Promise<string>((resolve) => {
		const endAs = (how: string): void => {
			end ??= how;
			resolve(how);
		};
		child.once("error", (error) => endAs(error.message));
		child.once("exit", (code, signal) => endAs(signal === null ? `exit status ${code}` : `signal: ${signal}`));
	});
	const ready = nextMessage<{ ready: true }>(child, ended);

	/** Runs work until it is done, or until the child has been killed for its time or its memory. */
	async function guarded<T>(milliseconds: number, work: () => Promise<T>, onMemory: (megabytes: number) => void) {
		let killedFor: "time" | "memory" | undefined;
		const stop = (reason: "time" | "memory"): void => {
			killedFor ??= reason;
			child.kill("SIGKILL");
		};
		const timer = setTimeout(() => stop("time"), milliseconds);
		const watch = setInterval(async () => {
			const used = await residentMegabytes(child.pid);
			onMemory(used);
			if (used > memoryMegabytes) stop("memory");
		}, MEMORY_POLL_MILLISECONDS);
		try {
			return { outcome: await work(), killedFor };
		} finally {
			clearTimeout(timer);
			clearInterval(watch);
		}
	}

	function failure(requestId: string, how: string, killedFor: "time" | "memory" | undefined): RuntimeAnswer {
		if (killedFor === "time") return timedOut(requestId, timeoutSeconds);
		// V8 aborts when its heap is full.
		const isFull = killedFor === "memory" || how === "signal: SIGABRT" || how === "exit status 134";
		return isFull ? outOfMemory(requestId) : exited(requestId, how);
	}

	return {
		isAlive: () => end === undefined && child.connected,
		async run(requestId, event) {
			let maxMemoryMegabytes = 0;
			const onMemory = (megabytes: number): void => {
				maxMemoryMegabytes = Math.max(maxMemoryMegabytes, megabytes);
			};
			const start = await guarded(LONGEST_START_MILLISECONDS, () => ready, onMemory);
			if (typeof start.outcome === "string") {
				return { answer: failure(requestId, start.outcome, start.killedFor), maxMemoryMegabytes };
			}
			const ask = (): Promise<RuntimeAnswer | string> => {
				const answer = nextMessage<RuntimeAnswer>(child, ended);
				child.send({ requestId, event, deadline: Date.now() + timeoutSeconds * 1000 } satisfies RuntimeRequest);
				return answer;
			};
			const { outcome, killedFor } = await guarded(timeoutSeconds * 1000, ask, onMemory);
			// Lines that were written before the answer may be read after it, though in the same turn.
			await new Promise(setImmediate);
			if (typeof outcome === "string") return { answer: failure(requestId, outcome, killedFor), maxMemoryMegabytes };
			onMemory((outcome.maxResidentKilobytes ?? 0) / 1024);
			return { answer: outcome, maxMemoryMegabytes };
		},
		async kill() {
			child.kill("SIGKILL");
			await ended;
		},
	};
}

/** The child's next message, or how it ended. */
function nextMessage<Message>(child: ChildProcess, ended: Promise<string>): Promise<Message | string> {
	let take: (message: Message) => void = () => {};
	const message = new Promise<Message>((resolve) => {
		take = resolve;
		child.once("message", resolve as (message: unknown) => void);
	});
	return Promise.race([message, ended]).finally(() => child.off("message", take as (message: unknown) => void));
}

function onLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
	let rest = "";
	stream.setEncoding("utf8");
	stream.on("data", (text: string) => {
		const lines = (rest + text).split("\n");
		rest = lines.pop()!;
		for (const line of lines) onLine(line);
	});
}

// Where there is no /proc only the heap's own limit holds.
async function residentMegabytes(pid: number | undefined): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
	return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}
