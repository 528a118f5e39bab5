import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { close, listen } from "./listen.ts";

/** One invocation that the server has seen. */
export interface LambdaInvocation {
	readonly functionName: string;
	/** The event's text. */
	readonly event: string;
	/** Counted from 0. */
	readonly index: number;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** How an invocation is answered. */
export interface LambdaReply {
	readonly delayMilliseconds?: number;
	/** Text of the answer; default `{}`. */
	readonly body?: string;
	/** Answers as a function that failed. */
	readonly functionError?: string;
	/** A service error: its HTTP status and name. */
	readonly status?: number;
	readonly errorName?: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** Drops the connection. */
	readonly drop?: boolean;
}

/** Options of `startLambdaServer`. */
export interface LambdaServerOptions {
	readonly answer?: (invocation: LambdaInvocation) => LambdaReply | Promise<LambdaReply>;
	/** Null: reading it is denied. */
	readonly accountLimit?: number | null;
	readonly currentConcurrent?: number | null;
	/** Undefined: the function has none. */
	readonly reserved?: number | null;
	readonly functionTimeoutSeconds?: number;
}

/** A running stub of AWS Lambda and CloudWatch. */
export interface LambdaTestServer extends AsyncDisposable {
	readonly url: string;
	readonly invocations: LambdaInvocation[];
	/** Most invocations at once so far. */
	readonly mostAtOnce: () => number;
	/** Connections that are open now. */
	readonly connections: () => number;
	answer: NonNullable<LambdaServerOptions["answer"]>;
	close(): Promise<void>;
}

const denied: LambdaReply = { status: 403, errorName: "AccessDeniedException" };

/** Starts a server that speaks as much of Lambda's and CloudWatch's protocol as executors need, and answers as told. */
export async function startLambdaServer(options: LambdaServerOptions = {}): Promise<LambdaTestServer> {
	const { accountLimit = 1000, currentConcurrent = 0, functionTimeoutSeconds = 900 } = options;
	let running = 0;
	let most = 0;
	let connections = 0;
	const server = createServer((request, response) => {
		route(request, response).catch(() => response.destroy());
	});
	server.on("connection", (socket) => {
		connections++;
		socket.on("close", () => connections--);
	});
	const state: LambdaTestServer = {
		url: "",
		invocations: [],
		mostAtOnce: () => most,
		connections: () => connections,
		answer: options.answer ?? (() => ({})),
		close: () => close(server),
		[Symbol.asyncDispose]: () => close(server),
	};

	async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const parts: Buffer[] = [];
		for await (const part of request) parts.push(part as Buffer);
		const body = Buffer.concat(parts).toString("utf8");
		const { pathname } = new URL(request.url ?? "/", "http://server");
		const invocation = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(pathname);
		if (invocation !== null) return invoke(decodeURIComponent(invocation[1]!), body, request, response);
		if (request.headers["x-amz-target"] === "GraniteServiceVersion20100801.GetMetricStatistics") {
			if (currentConcurrent === null) return send(response, denied);
			return send(response, {
				body: JSON.stringify({ Label: "ConcurrentExecutions", Datapoints: [{ Maximum: currentConcurrent }] }),
			});
		}
		if (pathname === "/2016-08-19/account-settings") {
			if (accountLimit === null) return send(response, denied);
			return send(response, { body: JSON.stringify({ AccountLimit: { ConcurrentExecutions: accountLimit } }) });
		}
		if (pathname.endsWith("/concurrency")) {
			if (options.reserved === null) return send(response, denied);
			return send(response, { body: JSON.stringify({ ReservedConcurrentExecutions: options.reserved }) });
		}
		if (pathname.endsWith("/configuration")) {
			return send(response, { body: JSON.stringify({ Timeout: functionTimeoutSeconds }) });
		}
		return send(response, { status: 404, errorName: "ResourceNotFoundException" });
	}

	async function invoke(
		functionName: string,
		event: string,
		{ headers }: IncomingMessage,
		response: ServerResponse,
	): Promise<void> {
		const invocation = { functionName, event, index: state.invocations.length, headers };
		state.invocations.push(invocation);
		most = Math.max(most, ++running);
		try {
			await send(response, await state.answer(invocation));
		} finally {
			running--;
		}
	}

	const port = await listen(server);
	return Object.assign(state, { url: `http://127.0.0.1:${port}` });
}

async function send(response: ServerResponse, reply: LambdaReply): Promise<void> {
	const { delayMilliseconds, body = "{}", functionError, status = 200, errorName, headers, drop } = reply;
	if (delayMilliseconds) await wait(delayMilliseconds);
	if (drop) {
		response.destroy();
		return;
	}
	response.writeHead(status, {
		"content-type": "application/json",
		...(functionError && { "x-amz-function-error": functionError }),
		...(errorName && { "x-amzn-errortype": errorName }),
		...headers,
	});
	response.end(errorName === undefined ? body : JSON.stringify({ message: "as scripted", Message: "as scripted" }));
}
