import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

/** What a finished `zagg` left behind. */
export interface Finished {
	readonly exitCode: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** Starts the command as a process of its own, from the sources. */
export function startZagg(
	args: readonly string[],
	cwd: string,
	environment: Readonly<Record<string, string>> = {},
): { child: ChildProcess; finished: Promise<Finished> } {
	const main = join(import.meta.dirname, "main.ts");
	const child = spawn(process.execPath, ["--conditions=@zagg/source", main, ...args], {
		cwd,
		stdio: "pipe",
		env: { ...process.env, ...environment },
	});
	const finished = new Promise<Finished>((resolve, reject) => {
		let stdout = "";
		let stderr = "";
		child.stdout.setEncoding("utf8").on("data", (text: string) => {
			stdout += text;
		});
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			stderr += text;
		});
		child.on("error", reject);
		child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
	});
	return { child, finished };
}

/** Runs the command to its end. */
export function zagg(args: readonly string[], cwd: string): Promise<Finished> {
	return startZagg(args, cwd).finished;
}
