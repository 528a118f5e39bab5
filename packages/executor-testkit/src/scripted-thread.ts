import { Worker } from "node:worker_threads";
import type { FailureClass } from "@zagg/dispatch";
import { scriptedWorkerModule } from "./scripted-worker.ts";

/** How an attempt at a scripted cell ended in a thread of its own. */
export type ScriptedOutcome =
	| { readonly status: "succeeded"; readonly result: unknown }
	| {
			readonly status: "failed";
			/** "untagged" for what a backend would see as an unhandled exception or a process that exited. */
			readonly failureClass: FailureClass | "untagged";
			readonly errorName: string;
			readonly message: string;
	  };

const THREAD = `
	const { parentPort, workerData } = require("node:worker_threads");
	import(workerData.module)
		.then(({ default: work }) => work(workerData.cell))
		.then((result) => parentPort.postMessage({ status: "succeeded", result }))
		.catch(({ name, message, failureClass = "untagged" }) => {
			parentPort.postMessage({ status: "failed", failureClass, errorName: name, message });
		});
`;

/**
 * Runs one attempt at a scripted cell in a new thread, as a backend would run it far away: for the stub of a service that an
 * executor talks to, which then says in the service's own words how it ended. Never rejects, whatever the cell does.
 *
 * @param cell as it came over the wire; a `ScriptedCell`.
 */
export function runScriptedCellInThread(cell: unknown, memoryMegabytes: number): Promise<ScriptedOutcome> {
	const workerData = { module: scriptedWorkerModule.href, cell };
	const resourceLimits = { maxOldGenerationSizeMb: memoryMegabytes };
	const thread = new Worker(THREAD, { eval: true, workerData, resourceLimits });
	return new Promise((resolve) => {
		const fail = (failureClass: "out-of-memory" | "untagged", errorName: string, message: string) =>
			resolve({ status: "failed", failureClass, errorName, message });
		thread.on("message", resolve);
		thread.on("error", ({ name, message, code }: NodeJS.ErrnoException) => {
			fail(code === "ERR_WORKER_OUT_OF_MEMORY" ? "out-of-memory" : "untagged", name, message);
		});
		// Comes last, and changes nothing for a thread that has answered.
		thread.on("exit", (exitCode) => fail("untagged", "Exit", `exited with code ${exitCode}`));
	});
}
