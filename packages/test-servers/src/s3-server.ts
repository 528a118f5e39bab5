import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { applyFault, type Fault } from "./fault.ts";
import { close, listen } from "./listen.ts";
import { answerObject, bodyOf, sendError, sendXml } from "./s3-object.ts";
import { deletedXml, keysToDelete, listXml } from "./s3-xml.ts";

/** One request that the S3 server has seen. */
export interface S3Request {
	readonly method: string;
	readonly bucket: string;
	readonly key: string;
	readonly query: URLSearchParams;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	/** Bytes of the answer's body. */
	bytesSent: number;
}

/** Options of `startS3Server`. */
export interface S3ServerOptions {
	readonly port?: number;
	readonly buckets?: readonly string[];
	/** Refuses requests that carry no `Authorization`. */
	readonly requireAuthorization?: boolean;
	/** Keys in one page of a listing. */
	readonly pageSize?: number;
}

/** A running S3 server. */
export interface S3TestServer extends AsyncDisposable {
	readonly url: string;
	readonly port: number;
	readonly requests: S3Request[];
	/** Set to misbehave. */
	fault: ((request: S3Request) => Fault | undefined) | undefined;
	put(bucket: string, key: string, body: Uint8Array): void;
	get(bucket: string, key: string): Uint8Array | undefined;
	delete(bucket: string, key: string): void;
	/** Keys of a bucket, in order. */
	keys(bucket: string): string[];
	close(): Promise<void>;
}

/** Starts an S3 server with path-style addresses and in-memory buckets. Signatures are not checked. */
export async function startS3Server(options: S3ServerOptions = {}): Promise<S3TestServer> {
	const buckets = new Map<string, Map<string, Uint8Array>>();
	for (const name of options.buckets ?? []) buckets.set(name, new Map());
	const server = createServer((request, response) => {
		answer(request, response).catch((error: unknown) => {
			if (response.headersSent) response.destroy();
			else sendError(response, 500, "InternalError", String(error));
		});
	});
	const state: S3TestServer = {
		url: "",
		port: 0,
		requests: [],
		fault: undefined,
		put(bucket, key, body) {
			if (!buckets.has(bucket)) buckets.set(bucket, new Map());
			buckets.get(bucket)!.set(key, body);
		},
		get: (bucket, key) => buckets.get(bucket)?.get(key),
		delete: (bucket, key) => void buckets.get(bucket)?.delete(key),
		keys: (bucket) => [...(buckets.get(bucket)?.keys() ?? [])].sort(),
		close: () => close(server),
		[Symbol.asyncDispose]: () => close(server),
	};

	async function answer(message: IncomingMessage, response: ServerResponse): Promise<unknown> {
		const url = new URL(message.url ?? "/", "http://server");
		const [bucketName = "", ...segments] = url.pathname.slice(1).split("/");
		const bucket = decodeURIComponent(bucketName);
		const key = decodeURIComponent(segments.join("/"));
		const request: S3Request = {
			method: message.method ?? "GET",
			bucket,
			key,
			query: url.searchParams,
			headers: message.headers,
			bytesSent: 0,
		};
		state.requests.push(request);
		const body = await bodyOf(message);
		const fault = state.fault?.(request);
		if (await applyFault(fault, response)) return;
		response.setHeader("x-amz-request-id", String(state.requests.length));
		if (fault?.status !== undefined) {
			for (const [name, value] of Object.entries(fault.headers ?? {})) response.setHeader(name, value);
			return sendError(response, fault.status, fault.code ?? "InternalError", "as scripted");
		}
		if (options.requireAuthorization && message.headers.authorization === undefined) {
			return sendError(response, 403, "AccessDenied", "Access Denied");
		}
		const objects = buckets.get(bucket);
		if (objects === undefined) {
			return sendError(response, 404, "NoSuchBucket", "The specified bucket does not exist");
		}
		if (key === "") return answerBucket(request, objects, body, response);
		return answerObject(request, objects, body, response, fault);
	}

	function answerBucket(
		request: S3Request,
		objects: Map<string, Uint8Array>,
		body: Uint8Array,
		response: ServerResponse,
	): unknown {
		if (request.method === "POST" && request.query.has("delete")) {
			const keys = keysToDelete(Buffer.from(body).toString("utf8"));
			for (const key of keys) objects.delete(key);
			return sendXml(response, 200, deletedXml(keys));
		}
		if (request.method === "GET") {
			return sendXml(
				response,
				200,
				listXml(request.bucket, [...objects.keys()].sort(), request.query, options.pageSize),
			);
		}
		if (request.method === "HEAD") return response.writeHead(200).end();
		return sendError(response, 405, "MethodNotAllowed", request.method);
	}

	const port = await listen(server, options.port);
	return Object.assign(state, { port, url: `http://127.0.0.1:${port}` });
}
