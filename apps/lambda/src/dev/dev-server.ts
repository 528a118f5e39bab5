import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { LambdaFault, LambdaInvocation } from "./fault.ts";
import { invoker } from "./invoke.ts";
import { slotPool } from "./slot-pool.ts";
import { sendJson, sendServiceError } from "./wire.ts";

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
	/** Reserved concurrency of the function, which limits it too. Default: none. */
	readonly reservedConcurrency?: number | undefined;
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
	/** Drops every connection and ends every child process. */
	close(): Promise<void>;
}

// A preflight leaves as much of the account's limit free.
const PADDING = 100;

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
		reservedConcurrency,
		environment,
		fault,
		onLog = () => {},
	} = options;
	const closing = new AbortController();
	const pool = slotPool({ functionName, bundle, memoryMegabytes, timeoutSeconds, environment });
	const { invoke, invocations, running } = invoker({
		pool,
		memoryMegabytes,
		timeoutSeconds,
		concurrency: Math.min(concurrency, reservedConcurrency ?? concurrency),
		isReserved: reservedConcurrency !== undefined && reservedConcurrency <= concurrency,
		fault,
		onLog,
		signal: closing.signal,
	});

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		// A page in a browser on this machine must not get at it; only browsers send this.
		if (request.headers.origin !== undefined) {
			return sendServiceError(response, { status: 403, name: "AccessDeniedException", message: "not for browsers" });
		}
		const parts: Buffer[] = [];
		for await (const part of request) parts.push(part as Buffer);
		const { pathname } = new URL(request.url ?? "/", "http://server");
		if (request.headers["x-amz-target"] === "GraniteServiceVersion20100801.GetMetricStatistics") {
			return sendJson(response, {
				Label: "ConcurrentExecutions",
				Datapoints: [{ Timestamp: Math.floor(Date.now() / 1000), Maximum: running(), Unit: "Count" }],
			});
		}
		if (pathname === "/2016-08-19/account-settings") {
			const limit = concurrency + PADDING;
			return sendJson(response, {
				AccountLimit: { ConcurrentExecutions: limit, UnreservedConcurrentExecutions: limit },
				AccountUsage: { FunctionCount: 1, TotalCodeSize: 0 },
			});
		}
		const match = /^\/\d{4}-\d\d-\d\d\/functions\/([^/]+)(?:\/([a-z-]+))?$/.exec(pathname);
		const asked = decodeURIComponent(match?.[1] ?? "");
		if (match === null || !isNameOf(asked, functionName)) {
			return notFound(response, `Function not found: ${asked}`);
		}
		switch (match[2]) {
			case "invocations":
				return invoke(request, Buffer.concat(parts), response);
			case "concurrency":
				return sendJson(
					response,
					reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency },
				);
			case "configuration":
				return sendJson(response, configuration);
			case undefined:
				return sendJson(response, { Configuration: configuration });
			default:
				return notFound(response, `${pathname} is not answered here`);
		}
	}

	const configuration = {
		FunctionName: functionName,
		Runtime: "nodejs24.x",
		Architectures: ["arm64"],
		Handler: "index.handler",
		MemorySize: memoryMegabytes,
		Timeout: timeoutSeconds,
		State: "Active",
	};

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
		closing.abort();
		server.closeAllConnections();
		await pool.close();
		await closed;
	};
	return {
		url: `http://127.0.0.1:${port}`,
		port,
		invocations,
		coldStarts: pool.coldStarts,
		close,
		[Symbol.asyncDispose]: close,
	};
}

/** A function is asked for by its name, its ARN, or a part of that; a version or alias may follow. */
function isNameOf(asked: string, functionName: string): boolean {
	const name = /^(?:.*:function:)?([^:]+)(?::[^:]+)?$/.exec(asked)?.[1];
	return name === functionName;
}

function notFound(response: ServerResponse, message: string): void {
	sendServiceError(response, { status: 404, name: "ResourceNotFoundException", message });
}
