import { LocalExecutorError } from "./errors.ts";
import { packError } from "./packed-error.ts";
import type { ThreadMessage, ThreadTask } from "./thread-task.ts";
import type { Work } from "./work.ts";

const neverAborted = new AbortController().signal;

/** What a worker thread does with a task: runs the work that it names and posts its outcome. Loaded by the pool. */
export default async function runTask(task: ThreadTask): Promise<void> {
	const { payload, index, attempt, runId, listening, port } = task;
	const post = (message: ThreadMessage) => port.postMessage(message);
	const emit = (message: unknown) => {
		if (listening) post({ type: "message", message });
	};
	try {
		const work = await loadWork(task);
		const result = await work(payload, { signal: neverAborted, index, attempt, runId, emit });
		try {
			post({ type: "result", result });
		} catch (cause) {
			throw new LocalExecutorError(
				"executor-local/not-cloneable",
				`The result of cell ${index} cannot leave its thread.`,
				{
					failureClass: "bug",
					remedy:
						"Return plain data: numbers, strings, bigints, typed arrays, maps, sets, and objects and arrays of them.",
					context: { index },
					cause,
				},
			);
		}
	} catch (thrown) {
		post({ type: "error", error: packError(thrown) });
	}
}

async function loadWork({ module, exportName }: ThreadTask): Promise<Work<unknown, unknown>> {
	const fail = (problem: string, cause?: unknown) =>
		new LocalExecutorError("executor-local/module-not-loadable", `The module ${module} ${problem}.`, {
			// No cell can run without it.
			failureClass: "fatal",
			remedy: "Pass the URL of a module that exports the work as a function, and its exportName.",
			context: { module, exportName },
			cause,
		});
	let loaded: Record<string, unknown>;
	try {
		loaded = await import(module);
	} catch (cause) {
		throw fail("cannot be imported in a worker thread", cause);
	}
	const work = loaded[exportName];
	if (typeof work === "function") return work as Work<unknown, unknown>;
	throw fail(`has no function "${exportName}"; it exports ${Object.keys(loaded).join(", ") || "nothing"}`);
}
