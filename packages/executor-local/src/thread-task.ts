import type { MessagePort } from "node:worker_threads";
import type { PackedError } from "./packed-error.ts";
import type { AttemptIds } from "./work.ts";

/** What a worker thread is asked to do. */
export interface ThreadTask extends AttemptIds {
	readonly payload: unknown;
	/** The URL of the module that has the work. */
	readonly module: string;
	readonly exportName: string;
	/** Whether anybody listens to what the work emits. */
	readonly listening: boolean;
	/**
	 * Takes everything that the attempt has to say, its outcome last. On one port the order is certain, and a result that cannot
	 * be cloned is an error here, where piscina would lose the thread over it.
	 */
	readonly port: MessagePort;
}

/** What comes through a task's port. */
export type ThreadMessage =
	| { readonly type: "message"; readonly message: unknown }
	| { readonly type: "result"; readonly result: unknown }
	| { readonly type: "error"; readonly error: PackedError };
