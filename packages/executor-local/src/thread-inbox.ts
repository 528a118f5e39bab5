import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { reviveError } from "./packed-error.ts";
import type { ThreadMessage } from "./thread-task.ts";

/** Receives what one attempt in a thread says. */
export interface Inbox<Result> {
	/** Takes what has been posted so far; then closes the port. */
	close(): void;
	/** The result, once closed; throws what the work, or `onMessage`, threw. */
	result(): Result;
}

/** Opens the inbox; messages are handed on as they come, if anybody listens. */
export function openInbox<Result>(
	port: MessagePort,
	onMessage: ((message: unknown) => void) | undefined,
): Inbox<Result> {
	let outcome: Exclude<ThreadMessage, { type: "message" }> | undefined;
	let handlerFailure: { readonly error: unknown } | undefined;
	const take = (message: ThreadMessage) => {
		if (message.type !== "message") outcome = message;
		else if (handlerFailure === undefined) {
			try {
				onMessage?.(message.message);
			} catch (error) {
				handlerFailure = { error };
			}
		}
	};
	if (onMessage !== undefined) port.on("message", take);
	return {
		close() {
			// What the thread posted before its task ended is in the queue, even if no event has told so yet.
			for (let entry = receiveMessageOnPort(port); entry !== undefined; entry = receiveMessageOnPort(port)) {
				take(entry.message);
			}
			port.close();
		},
		result() {
			if (handlerFailure !== undefined) throw handlerFailure.error;
			if (outcome?.type === "result") return outcome.result as Result;
			throw outcome === undefined ? new Error("the thread posted no outcome") : reviveError(outcome.error);
		},
	};
}
