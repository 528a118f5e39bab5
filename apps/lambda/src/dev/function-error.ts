import type { RuntimeAnswer } from "./runtime-protocol.ts";

/** The answer for a function that was stopped at its time limit, in AWS's words. */
export function timedOut(requestId: string, timeoutSeconds: number): RuntimeAnswer {
	return failure(
		"Sandbox.Timedout",
		`RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
	);
}

/** The answer for a function that was killed because of its memory. */
export function outOfMemory(requestId: string): RuntimeAnswer {
	return failure("Runtime.OutOfMemory", `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`);
}

/** The answer for a function whose process ended by itself. */
export function exited(requestId: string, how: string): RuntimeAnswer {
	return failure("Runtime.ExitError", `RequestId: ${requestId} Error: Runtime exited with error: ${how}`);
}

/** The answer for a function that threw. */
export function unhandled(message: string): RuntimeAnswer {
	return { functionError: "Unhandled", text: JSON.stringify({ errorType: "Error", errorMessage: message, trace: [] }) };
}

function failure(errorType: string, errorMessage: string): RuntimeAnswer {
	return { functionError: "Unhandled", text: JSON.stringify({ errorType, errorMessage }) };
}
