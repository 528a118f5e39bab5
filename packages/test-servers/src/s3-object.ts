import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { decodeAwsChunked } from "./aws-chunked.ts";
import { parseRange } from "./byte-range.ts";
import { type Fault, sendBody } from "./fault.ts";
import type { S3Request } from "./s3-server.ts";
import { errorXml } from "./s3-xml.ts";

/** Answers a request for one object: GET and HEAD with ranges and conditions, PUT, DELETE. */
export function answerObject(
	request: S3Request,
	objects: Map<string, Uint8Array>,
	body: Uint8Array,
	response: ServerResponse,
	fault: Fault | undefined,
): unknown {
	const object = objects.get(request.key);
	switch (request.method) {
		case "GET":
		case "HEAD":
			if (object === undefined) return sendError(response, 404, "NoSuchKey", "The specified key does not exist.");
			return sendObject(request, object, response, fault);
		case "PUT":
			if (request.headers["if-none-match"] === "*" && object !== undefined) return preconditionFailed(response);
			if (!matches(request.headers["if-match"], object)) return preconditionFailed(response);
			objects.set(request.key, body);
			return response.writeHead(200, { etag: etagOf(body) }).end();
		case "DELETE":
			objects.delete(request.key);
			return response.writeHead(204).end();
		default:
			return sendError(response, 405, "MethodNotAllowed", `${request.method} is not answered here`);
	}
}

function sendObject(
	request: S3Request,
	object: Uint8Array,
	response: ServerResponse,
	fault: Fault | undefined,
): unknown {
	if (!matches(request.headers["if-match"], object)) return preconditionFailed(response);
	const range = parseRange(request.headers.range as string | undefined, object.length);
	if (range === "unsatisfiable") {
		return sendError(response, 416, "InvalidRange", "The requested range is not satisfiable");
	}
	const { start, end } = range ?? { start: 0, end: object.length };
	response.writeHead(range === null ? 200 : 206, {
		etag: etagOf(object),
		"accept-ranges": "bytes",
		"content-type": "application/octet-stream",
		"content-length": end - start,
		...(range !== null && { "content-range": `bytes ${start}-${end - 1}/${object.length}` }),
	});
	if (request.method === "HEAD") return response.end();
	request.bytesSent = end - start;
	return sendBody(response, object.subarray(start, end), fault);
}

/** The request's whole body, without the `aws-chunked` encoding. */
export async function bodyOf(message: IncomingMessage): Promise<Uint8Array> {
	const parts: Buffer[] = [];
	for await (const part of message) parts.push(part as Buffer);
	const body = Buffer.concat(parts);
	const encoded =
		String(message.headers["content-encoding"] ?? "").includes("aws-chunked") ||
		String(message.headers["x-amz-content-sha256"] ?? "").startsWith("STREAMING-");
	return encoded ? decodeAwsChunked(body) : new Uint8Array(body);
}

/** Sends an error in S3's form. */
export function sendError(response: ServerResponse, status: number, code: string, message: string): void {
	sendXml(response, status, errorXml(code, message));
}

/** Sends a document. */
export function sendXml(response: ServerResponse, status: number, text: string): void {
	response.writeHead(status, { "content-type": "application/xml" }).end(text);
}

function preconditionFailed(response: ServerResponse): void {
	sendError(response, 412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
}

function matches(condition: string | string[] | undefined, object: Uint8Array | undefined): boolean {
	return condition === undefined || (object !== undefined && condition === etagOf(object));
}

function etagOf(body: Uint8Array): string {
	return `"${createHash("md5").update(body).digest("hex")}"`;
}
