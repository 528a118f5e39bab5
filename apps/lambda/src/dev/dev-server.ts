import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { LambdaFault, LambdaInvocation } from "./fault.ts";
import { outOfMemory, timedOut, unhandled } from "./function-error.ts";
import type { RuntimeAnswer } from "./runtime-protocol.ts";
import { type Slot, startSlot } from "./slot.ts";
import { LOG_TAIL_BYTES, MAX_EVENT_BYTES, sendAnswer, sendJson, sendServiceError } from "./wire.ts";

/** The function: the bundle that the build makes, or its source in a checkout. */
export const lambdaBundlePath: string = fileURLToPath(
	new URL(import.meta.url.endsWith(".ts") ? "../lambda.ts" : "./function/index.mjs", import.meta.url),
);

/** Options of `startLambdaDevServer`. */
export interface LambdaDevServerOptions {
	/** Default: any free port. */
	readonly port?: number | undefined;
	/** Default: process-shard. */
	readonly functionName?: string | undefined;
	/** Module that exports `handler`. Default: the built bundle. */
	readonly bundle?: string | undefined;
	/** Default: 2048. */
	readonly memoryMegabytes?: number | undefined;
	/** Default: 720. */
	readonly timeoutSeconds?: number | undefined;
	/** The most invocations at once, each in a process of its own; more are throttled. Default: 10. */
	readonly concurrency?: number | undefined;
	/** What the function's processes have in their environment, besides what Lambda sets; nothing else is passed on. */
	readonly environment?: Readonly<Record<string, string>> | undefined;
	/** Misbehaves where it gives a fault. */
	readonly fault?: ((invocation: LambdaInvocation) => LambdaFault | undefined) | undefined;
	/** Takes the function's own lines. */
	readonly onLog?: ((line: string) => void) | undefined;
}

/** A running local Lambda. */
export interface LambdaDevServer extends AsyncDisposable {
	readonly url: string;
	readonly port: number;
	/** Invocations that were asked for so far, throttled ones included. */
	readonly invocations: () => number;
	/** Child processes that have been started so far. */
	readonly coldStarts: () => number;
	close(): Promise<void>;
}

/**
 * Starts a server that speaks AWS Lambda's protocol, as far as executors need it, and runs the function in child
 * processes under its limits of memory and time. CloudWatch's answer on the present use is part of it.
 */
export async function startLambdaDevServer(options: LambdaDevServerOptions = {}): Promise<LambdaDevServer> {
	const {
		functionName = "process-shard",
		bundle = lambdaBundlePath,
		memoryMegabytes = 2048,
		timeoutSeconds = 720,
		concurrency = 10,
		onLog = () => {},
	} = options;
	const environment = {
		AWS_REGION: "us-west-2",
		AWS_LAMBDA_FUNCTION_NAME: functionName,
		AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
		...options.environment,
	};
	const idle: Slot[] = [];
	const all = new Set<Slot>();
	let invocations = 0;
	let coldStarts = 0;
	let running = 0;

	function takeSlot(onLine: (line: string) => void): { slot: Slot; release: () => void } {
		// The one used last is the warmest.
		for (let slot = idle.pop(); slot !== undefined; slot = idle.pop()) {
			if (slot.isAlive()) return lend(slot, onLine);
			all.delete(slot);
		}
		coldStarts++;
		const listeners: { onLine: (line: string) => void } = { onLine };
		const slot = startSlot({
			bundle: pathToFileURL(bundle).href,
			memoryMegabytes,
			timeoutSeconds,
			environment,
			onLog: (line) => listeners.onLine(line),
		});
		lines.set(slot, listeners);
		all.add(slot);
		return lend(slot, onLine);
	}

	const lines = new WeakMap<Slot, { onLine: (line: string) => void }>();
	function lend(slot: Slot, onLine: (line: string) => void): { slot: Slot; release: () => void } {
		lines.get(slot)!.onLine = onLine;
		return {
			slot,
			release: () => {
				if (slot.isAlive()) idle.push(slot);
				else all.delete(slot);
			},
		};
	}

	async function invoke(request: IncomingMessage, event: string, response: ServerResponse): Promise<void> {
		const invocation: LambdaInvocation = { index: invocations++, requestId: randomUUID(), event };
		const { requestId } = invocation;
		response.setHeader("x-amzn-requestid", requestId);
		response.setHeader("x-amz-executed-version", "$LATEST");
		const type = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
		if (type === "DryRun") return void response.writeHead(204).end();
		const fault = options.fault?.(invocation);
		if (fault?.kind === "throttle" || running >= concurrency) {
			return sendServiceError(response, 429, "TooManyRequestsException", "Rate Exceeded.", {
				Reason: "ConcurrentInvocationLimitExceeded",
			});
		}
		if (fault?.kind === "denied") {
			return sendServiceError(
				response,
				403,
				"AccessDeniedException",
				"User is not authorized to perform: lambda:InvokeFunction",
			);
		}
		running++;
		const started = performance.now();
		let log = "";
		const onLine = (line: string): void => {
			log = `${log}${line}\n`.slice(-LOG_TAIL_BYTES);
			onLog(line);
		};
		try {
			if (type === "Event") response.writeHead(202).end();
			if (fault?.kind === "slow") await wait(fault.seconds * 1000);
			const answer = faultAnswer(fault, requestId) ?? (await runEvent(requestId, event, onLine));
			if (type === "Event") return;
			if (fault?.kind === "drop") return void response.destroy();
			const milliseconds = performance.now() - started;
			const report = `REPORT RequestId: ${requestId}\tDuration: ${milliseconds.toFixed(2)} ms\tBilled Duration: ${Math.ceil(milliseconds)} ms\tMemory Size: ${memoryMegabytes} MB\n`;
			const tail = request.headers["x-amz-log-type"] === "Tail" ? log + report : null;
			sendAnswer(response, answer, tail);
		} finally {
			running--;
		}
	}

	async function runEvent(requestId: string, event: string, onLine: (line: string) => void): Promise<RuntimeAnswer> {
		const { slot, release } = takeSlot(onLine);
		try {
			return await slot.run(requestId, event);
		} finally {
			release();
		}
	}

	function faultAnswer(fault: LambdaFault | undefined, requestId: string): RuntimeAnswer | null {
		switch (fault?.kind) {
			case "timeout":
				return timedOut(requestId, timeoutSeconds);
			case "out-of-memory":
				return outOfMemory(requestId);
			case "unhandled":
				return unhandled("as asked for");
			case "garbage":
				return { text: "<html>not what you expect</html>" };
			default:
				return null;
		}
	}

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const parts: Buffer[] = [];
		for await (const part of request) parts.push(part as Buffer);
		const body = Buffer.concat(parts);
		const { pathname } = new URL(request.url ?? "/", "http://server");
		if (request.headers["x-amz-target"] === "GraniteServiceVersion20100801.GetMetricStatistics") {
			return sendJson(response, {
				Label: "ConcurrentExecutions",
				Datapoints: [{ Timestamp: Math.floor(Date.now() / 1000), Maximum: running, Unit: "Count" }],
			});
		}
		if (pathname === "/2016-08-19/account-settings") {
			return sendJson(response, {
				// As much as leaves the wanted width after a preflight has kept its padding free.
				AccountLimit: { ConcurrentExecutions: concurrency + 100, UnreservedConcurrentExecutions: concurrency + 100 },
				AccountUsage: { FunctionCount: 1, TotalCodeSize: 0 },
			});
		}
		const match = /^\/\d{4}-\d\d-\d\d\/functions\/([^/]+)(?:\/([a-z-]+))?$/.exec(pathname);
		const asked = decodeURIComponent(match?.[1] ?? "");
		const isKnown =
			asked === functionName || asked.startsWith(`${functionName}:`) || asked.endsWith(`:function:${functionName}`);
		if (match === null || !isKnown) {
			return sendServiceError(response, 404, "ResourceNotFoundException", `Function not found: ${asked}`);
		}
		switch (match[2]) {
			case "invocations":
				if (body.length > MAX_EVENT_BYTES) {
					return sendServiceError(
						response,
						413,
						"RequestTooLargeException",
						`${body.length} byte payload is too large for the RequestResponse invocation type (limit ${MAX_EVENT_BYTES} bytes)`,
					);
				}
				return invoke(request, body.toString("utf8"), response);
			case "concurrency":
				return sendJson(response, {});
			case "configuration":
				return sendJson(response, configuration());
			case undefined:
				return sendJson(response, { Configuration: configuration() });
			default:
				return sendServiceError(response, 404, "ResourceNotFoundException", `${pathname} is not answered here`);
		}
	}

	const configuration = () => ({
		FunctionName: functionName,
		Runtime: "nodejs24.x",
		Architectures: ["arm64"],
		Handler: "index.handler",
		MemorySize: memoryMegabytes,
		Timeout: timeoutSeconds,
		State: "Active",
	});

	const server = createServer((request, response) => {
		answer(request, response).catch(() => response.destroy());
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(options.port ?? 0, "127.0.0.1", resolve);
	});
	const { port } = server.address() as AddressInfo;
	const close = async (): Promise<void> => {
		const closed = new Promise<void>((resolve) => server.close(() => resolve()));
		server.closeAllConnections();
		await Promise.all([...all].map((slot) => slot.kill()));
		await closed;
	};
	return {
		url: `http://127.0.0.1:${port}`,
		port,
		invocations: () => invocations,
		coldStarts: () => coldStarts,
		close,
		[Symbol.asyncDispose]: close,
	};
}
