import { devNull } from "node:os";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { type Slot, type SlotOutcome, startSlot } from "./slot.ts";

/** What the function's processes run under. */
export interface SlotPoolOptions {
	readonly functionName: string;
	/** Path of the module. */
	readonly bundle: string;
	readonly memoryMegabytes: number;
	readonly timeoutSeconds: number;
	readonly environment: Readonly<Record<string, string>> | undefined;
}

/** The function's processes, each used again while it lives. */
export interface SlotPool {
	/** Runs an event in an idle process, or else in a new one. @throws when the pool is closed */
	run(requestId: string, event: string, onLine: (line: string) => void): Promise<SlotOutcome>;
	/** Processes that have been started so far. */
	readonly coldStarts: () => number;
	/** Ends all processes. */
	close(): Promise<void>;
}

interface PooledSlot {
	readonly slot: Slot;
	/** Takes the lines of the event that it runs. */
	onLine: (line: string) => void;
}

/** Makes a pool. Nothing is started yet. */
export function slotPool(options: SlotPoolOptions): SlotPool {
	const { bundle, memoryMegabytes, timeoutSeconds } = options;
	const environment = functionEnvironment(options);
	const idle: PooledSlot[] = [];
	const all = new Set<PooledSlot>();
	let coldStarts = 0;
	let isClosed = false;

	function take(): PooledSlot {
		// The one used last is the warmest.
		for (let pooled = idle.pop(); pooled !== undefined; pooled = idle.pop()) {
			if (pooled.slot.isAlive()) return pooled;
			all.delete(pooled);
		}
		coldStarts++;
		const onLog = (line: string): void => pooled.onLine(line);
		const slot = startSlot({
			bundle: pathToFileURL(bundle).href,
			memoryMegabytes,
			timeoutSeconds,
			environment,
			onLog,
		});
		const pooled: PooledSlot = { slot, onLine: () => {} };
		all.add(pooled);
		return pooled;
	}

	return {
		async run(requestId, event, onLine) {
			if (isClosed) throw new Error("the local Lambda is closed");
			const pooled = take();
			pooled.onLine = onLine;
			try {
				return await pooled.slot.run(requestId, event);
			} finally {
				if (pooled.slot.isAlive()) idle.push(pooled);
				else all.delete(pooled);
			}
		},
		coldStarts: () => coldStarts,
		async close() {
			isClosed = true;
			await Promise.all([...all].map(({ slot }) => slot.kill()));
		},
	};
}

/** As much as Lambda sets and the function may look at, and what was given; nothing of this process, no login of its user. */
function functionEnvironment(options: SlotPoolOptions): Record<string, string> {
	const { functionName, bundle, memoryMegabytes, environment } = options;
	return {
		AWS_REGION: "us-west-2",
		AWS_LAMBDA_FUNCTION_NAME: functionName,
		AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
		AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
		LAMBDA_TASK_ROOT: dirname(bundle),
		TZ: "UTC",
		// The AWS SDK would find these by itself.
		AWS_CONFIG_FILE: devNull,
		AWS_SHARED_CREDENTIALS_FILE: devNull,
		AWS_EC2_METADATA_DISABLED: "true",
		...environment,
	};
}
