import { tmpdir } from "node:os";
import { join } from "node:path";
import { runScriptedCellInThread, testExecutor } from "@zagg/executor-testkit";
import { startLambdaServer } from "@zagg/test-servers";
import { afterAll, describe, it } from "vitest";
import { lambdaExecutor } from "./index.ts";

// The function of every test starts a thread.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), "node-compile-cache");
const unhandled = (errorMessage: string) => ({ functionError: "Unhandled", body: JSON.stringify({ errorMessage }) });
const server = await startLambdaServer({
	answer: async ({ event }) => {
		server.invocations.length = 0;
		const cell = JSON.parse(event);
		if (cell.ledger === null) return { body: JSON.stringify(cell.steps[0].return) };
		const outcome = await runScriptedCellInThread(cell, 64);
		if (outcome.status === "succeeded") return { body: JSON.stringify(outcome.result) };
		if (outcome.failureClass === "throttled") return { status: 429, errorName: "TooManyRequestsException" };
		if (outcome.failureClass === "transport") return { drop: true };
		if (outcome.failureClass === "timeout") return unhandled("Task timed out after 3.00 seconds");
		if (outcome.failureClass === "out-of-memory") return unhandled("Error: Runtime exited with error: signal: killed");
		return unhandled(outcome.message);
	},
});
afterAll(() => server.close());

await testExecutor({
	name: "Lambda executor",
	runner: { describe, it },
	memoryCells: 5_000,
	create: ({ workers }) =>
		lambdaExecutor({
			functionName: "scripted",
			workers,
			region: "us-west-2",
			endpoint: server.url,
			credentials: { accessKeyId: "a", secretAccessKey: "b" },
		}),
});
