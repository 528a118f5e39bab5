import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { LambdaFault, LambdaInvocation } from "./fault.ts";
import { outOfMemory, timedOut, unhandled } from "./function-error.ts";
import type { SlotOutcome } from "./slot.ts";
import type { SlotPool } from "./slot-pool.ts";
import { LOG_TAIL_BYTES, MAX_ASYNCHRONOUS_EVENT_BYTES, MAX_EVENT_BYTES, sendAnswer, sendServiceError } from "./wire.ts";

/** What invocations of the function run under. */
export interface InvokerOptions {
	readonly pool: SlotPool;
	readonly memoryMegabytes: number;
	readonly timeoutSeconds: number;
	/** The most at once. */
	readonly concurrency: number;
	/** The limit is the function's own. */
	readonly isReserved: boolean;
	readonly fault: ((invocation: LambdaInvocation) => LambdaFault | undefined) | undefined;
	readonly onLog: (line: string) => void;
	/** Ends waits of faults. */
	readonly signal: AbortSignal;
}

/** Answers requests of the Invoke operation. */
export interface Invoker {
	invoke(request: IncomingMessage, payload: Buffer, response: ServerResponse): Promise<void>;
	readonly invocations: () => number;
	/** Invocations that run now. */
	readonly running: () => number;
}

/** Makes an invoker. */
export function invoker(options: InvokerOptions): Invoker {
	const { pool, memoryMegabytes, timeoutSeconds, concurrency, onLog } = options;
	let invocations = 0;
	let running = 0;

	async function invoke(request: IncomingMessage, payload: Buffer, response: ServerResponse): Promise<void> {
		const type = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
		const event = payload.length === 0 ? "{}" : payload.toString("utf8");
		const limit = type === "Event" ? MAX_ASYNCHRONOUS_EVENT_BYTES : MAX_EVENT_BYTES;
		if (payload.length > limit) {
			return sendServiceError(response, {
				status: 413,
				name: "RequestTooLargeException",
				message: `${payload.length} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`,
			});
		}
		const flaw = jsonFlaw(event);
		if (flaw !== null) {
			return sendServiceError(response, {
				status: 400,
				name: "InvalidRequestContentException",
				message: `Could not parse request body into json: ${flaw}`,
			});
		}
		const invocation: LambdaInvocation = { index: invocations++, requestId: randomUUID(), event };
		response.setHeader("x-amzn-requestid", invocation.requestId);
		response.setHeader("x-amz-executed-version", "$LATEST");
		if (type === "DryRun") return void response.writeHead(204).end();
		const fault = options.fault?.(invocation);
		if (fault?.kind === "throttle" || running >= concurrency) return throttle(response, fault);
		if (fault?.kind === "denied") {
			return sendServiceError(response, {
				status: 403,
				name: "AccessDeniedException",
				message: "User is not authorized to perform: lambda:InvokeFunction",
			});
		}
		running++;
		try {
			if (type === "Event") response.writeHead(202).end();
			const { answer, log } = await run(invocation, fault);
			if (type === "Event") return;
			if (fault?.kind === "drop") return void response.destroy();
			sendAnswer(response, answer, request.headers["x-amz-log-type"] === "Tail" ? log : null);
		} finally {
			running--;
		}
	}

	async function run({ requestId, event }: LambdaInvocation, fault: LambdaFault | undefined) {
		const started = performance.now();
		let log = `START RequestId: ${requestId} Version: $LATEST\n`;
		const onLine = (line: string): void => {
			log = `${log}${line}\n`.slice(-LOG_TAIL_BYTES);
			onLog(line);
		};
		if (fault?.kind === "slow") await wait(fault.seconds * 1000, undefined, { signal: options.signal });
		const { answer, maxMemoryMegabytes } = faultOutcome(fault, requestId) ?? (await pool.run(requestId, event, onLine));
		const milliseconds = performance.now() - started;
		const report = [
			`REPORT RequestId: ${requestId}`,
			`Duration: ${milliseconds.toFixed(2)} ms`,
			`Billed Duration: ${Math.ceil(milliseconds)} ms`,
			`Memory Size: ${memoryMegabytes} MB`,
			`Max Memory Used: ${Math.ceil(maxMemoryMegabytes)} MB`,
		];
		return { answer, log: `${log}END RequestId: ${requestId}\n${report.join("\t")}\n` };
	}

	function throttle(response: ServerResponse, fault: LambdaFault | undefined): void {
		const Reason = options.isReserved
			? "ReservedFunctionConcurrentInvocationLimitExceeded"
			: "ConcurrentInvocationLimitExceeded";
		sendServiceError(response, {
			status: 429,
			name: "TooManyRequestsException",
			message: "Rate Exceeded.",
			fields: { Reason },
			...(fault?.kind === "throttle" && { retryAfterSeconds: fault.retryAfterSeconds }),
		});
	}

	function faultOutcome(fault: LambdaFault | undefined, requestId: string): SlotOutcome | null {
		switch (fault?.kind) {
			case "timeout":
				return { answer: timedOut(requestId, timeoutSeconds), maxMemoryMegabytes: 0 };
			case "out-of-memory":
				return { answer: outOfMemory(requestId), maxMemoryMegabytes: memoryMegabytes };
			case "unhandled":
				return { answer: unhandled("as asked for"), maxMemoryMegabytes: 0 };
			case "garbage":
				return { answer: { text: "<html>not what you expect</html>" }, maxMemoryMegabytes: 0 };
			default:
				return null;
		}
	}

	return { invoke, invocations: () => invocations, running: () => running };
}

function jsonFlaw(text: string): string | null {
	try {
		JSON.parse(text);
		return null;
	} catch (error) {
		return (error as Error).message;
	}
}
