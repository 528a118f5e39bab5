import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { parseRange } from "./byte-range.ts";
import { applyFault, type Fault, sendBody } from "./fault.ts";
import { close, listen } from "./listen.ts";

/** One request that the HTTP server has seen. */
export interface HttpRequest {
	readonly method: string;
	readonly path: string;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	/** Bytes of the answer's body. */
	bytesSent: number;
}

/** Options of `startHttpServer`. */
export interface HttpServerOptions {
	readonly port?: number;
	/** Files by path, which begins with `/`. */
	readonly files?: Readonly<Record<string, Uint8Array>>;
	/** Where requests for a path are sent instead, with status 302. */
	readonly redirects?: Readonly<Record<string, string>>;
	/** Answers 401 to requests without this bearer token. */
	readonly bearerToken?: string;
	/** Ignores ranges, as some servers do: answers 200 with the whole file. */
	readonly ignoresRanges?: boolean;
}

/** A running HTTP server. */
export interface HttpTestServer extends AsyncDisposable {
	readonly url: string;
	readonly port: number;
	readonly requests: HttpRequest[];
	/** Set to misbehave. */
	fault: ((request: HttpRequest) => Fault | undefined) | undefined;
	/** Files by path; may be changed while the server runs. */
	readonly files: Map<string, Uint8Array>;
	/** Redirects by path; may be changed while the server runs. */
	readonly redirects: Map<string, string>;
	close(): Promise<void>;
}

/** Starts a server of files with byte ranges, entity tags, redirects and a check of the bearer token. */
export async function startHttpServer(options: HttpServerOptions = {}): Promise<HttpTestServer> {
	const server = createServer((message, response) => {
		answer(message, response).catch(() => response.destroy());
	});
	const state: HttpTestServer = {
		url: "",
		port: 0,
		requests: [],
		fault: undefined,
		files: new Map(Object.entries(options.files ?? {})),
		redirects: new Map(Object.entries(options.redirects ?? {})),
		close: () => close(server),
		[Symbol.asyncDispose]: () => close(server),
	};

	async function answer(message: IncomingMessage, response: ServerResponse): Promise<unknown> {
		const path = new URL(message.url ?? "/", "http://server").pathname;
		const { method = "GET", headers } = message;
		const request: HttpRequest = { method, path, headers, bytesSent: 0 };
		state.requests.push(request);
		const fault = state.fault?.(request);
		if (await applyFault(fault, response)) return;
		if (fault?.status !== undefined) return response.writeHead(fault.status, fault.headers).end("as scripted");
		if (options.bearerToken !== undefined && headers.authorization !== `Bearer ${options.bearerToken}`) {
			return response.writeHead(401).end();
		}
		const target = state.redirects.get(path);
		if (target !== undefined) return response.writeHead(302, { location: target }).end();
		const file = state.files.get(path);
		if (file === undefined) return response.writeHead(404).end();
		return sendFile(request, file, response, fault);
	}

	function sendFile(
		request: HttpRequest,
		file: Uint8Array,
		response: ServerResponse,
		fault: Fault | undefined,
	): unknown {
		const header = options.ignoresRanges ? undefined : request.headers.range;
		const range = parseRange(header as string | undefined, file.length);
		if (range === "unsatisfiable") {
			return response.writeHead(416, { "content-range": `bytes */${file.length}` }).end();
		}
		const { start, end } = range ?? { start: 0, end: file.length };
		response.writeHead(range === null ? 200 : 206, {
			etag: `"${file.length}-${file[0] ?? 0}-${file.at(-1) ?? 0}"`,
			"content-length": end - start,
			...(range !== null && { "content-range": `bytes ${start}-${end - 1}/${file.length}` }),
		});
		request.bytesSent = end - start;
		return sendBody(response, file.subarray(start, end), fault);
	}

	const port = await listen(server, options.port);
	return Object.assign(state, { port, url: `http://127.0.0.1:${port}` });
}
