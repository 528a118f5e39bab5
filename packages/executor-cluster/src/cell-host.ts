import { type ChildProcess, fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { CellLine, Meter } from "./lines.ts";
import type { PackedError } from "./packed-error.ts";
import type { Manifest } from "./spool.ts";
import { fromWire, toWire } from "./wire-json.ts";

/** What became of a cell in its process. */
export interface CellReply extends Omit<Meter, "cpus"> {
	readonly ok: boolean;
	readonly result?: unknown;
	readonly error?: PackedError;
}

/** Runs cells in a process apart, so that one that hangs, crashes or eats all memory does not take the others along. */
export interface CellHost {
	run(cell: CellLine, onMessage: (message: unknown) => void): Promise<CellReply>;
	close(): void;
}

const isSource = import.meta.url.endsWith(".ts");
const cellProcess = new URL(isSource ? "./cell-process.ts" : "./cell-process.js", import.meta.url);

const MEMORY_POLL_MILLISECONDS = 100;

/** Makes a host; its process starts with the first cell, and anew after a cell that ended it. */
export function createCellHost(manifest: Manifest): CellHost {
	const { module, exportName, cellTimeoutSeconds, cellMemoryMegabytes } = manifest;
	let child: ChildProcess | undefined;

	function living(): ChildProcess {
		if (child?.connected) return child;
		child = fork(cellProcess, [module, exportName], {
			execArgv: isSource ? ["--conditions=@zagg/source"] : [],
			stdio: ["ignore", "inherit", "inherit", "ipc"],
		});
		return child;
	}

	return {
		run(cell, onMessage) {
			const process = living();
			const started = performance.now();
			let peakMemoryMebibytes = 0;
			let killedFor: "time" | "memory" | undefined;
			const kill = (reason: "time" | "memory"): void => {
				killedFor ??= reason;
				process.kill("SIGKILL");
			};
			const timer = cellTimeoutSeconds ? setTimeout(() => kill("time"), cellTimeoutSeconds * 1000) : undefined;
			const watch = setInterval(async () => {
				const used = await residentMebibytes(process.pid);
				peakMemoryMebibytes = Math.max(peakMemoryMebibytes, used);
				if (cellMemoryMegabytes !== null && used > cellMemoryMegabytes) kill("memory");
			}, MEMORY_POLL_MILLISECONDS);
			return new Promise<CellReply>((resolve) => {
				const onReply = (text: string): void => {
					const reply = fromWire(text) as CellReply & { message?: unknown };
					if ("message" in reply) onMessage(reply.message);
					else settle(reply);
				};
				const onExit = (code: number | null, signal: string | null): void => {
					const how = signal === null ? `exit code ${code}` : signal;
					settle({
						ok: false,
						error: deathOf(killedFor, how, manifest),
						wallSeconds: (performance.now() - started) / 1000,
						cpuSeconds: 0,
						peakMemoryMebibytes,
					});
				};
				const settle = (reply: CellReply): void => {
					clearTimeout(timer);
					clearInterval(watch);
					process.off("message", onReply);
					process.off("exit", onExit);
					resolve(reply);
				};
				process.on("message", onReply);
				process.once("exit", onExit);
				process.send(toWire(cell));
			});
		},
		close() {
			child?.kill("SIGKILL");
		},
	};
}

function deathOf(killedFor: "time" | "memory" | undefined, how: string, manifest: Manifest): PackedError {
	const error = (
		code: string,
		failureClass: PackedError["failureClass"],
		message: string,
		remedy: string,
	): PackedError => ({
		name: "ClusterExecutorError",
		message,
		stack: undefined,
		failureClass,
		code,
		remedy,
	});
	if (killedFor === "time") {
		const message = `the cell did not end within ${manifest.cellTimeoutSeconds} s`;
		return error("executor-cluster/timeout", "timeout", message, "Give cells more time, or make them smaller.");
	}
	// V8 aborts when its heap is full.
	if (killedFor === "memory" || how === "SIGABRT" || how === "exit code 134") {
		const limit = manifest.cellMemoryMegabytes === null ? "" : ` (limit ${manifest.cellMemoryMegabytes} MB)`;
		const message = `the cell ran out of memory${limit}`;
		return error(
			"executor-cluster/out-of-memory",
			"out-of-memory",
			message,
			"Ask for more memory, or make the cells smaller.",
		);
	}
	return error(
		"executor-cluster/cell-crashed",
		"bug",
		`the cell's process ended before the cell did (${how})`,
		"Look at the task's log in the spool folder.",
	);
}

async function residentMebibytes(pid: number | undefined): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
	return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}
