import { afterAll, beforeAll, expect, test } from "vitest";
import { type HttpTestServer, startHttpServer } from "./http-server.ts";

const content = Uint8Array.from({ length: 100 }, (_, index) => index);
let server: HttpTestServer;
beforeAll(async () => {
	server = await startHttpServer({ files: { "/a.bin": content }, redirects: { "/moved": "/a.bin" } });
});
afterAll(() => server.close());

test.each([
	["bytes=10-19", 206, [10, 20], "bytes 10-19/100"],
	["bytes=90-", 206, [90, 100], "bytes 90-99/100"],
	["bytes=-5", 206, [95, 100], "bytes 95-99/100"],
	["bytes=95-500", 206, [95, 100], "bytes 95-99/100"],
	["", 200, [0, 100], null],
] as const)("answers the range %j", async (range, status, [start, end], contentRange) => {
	const response = await fetch(`${server.url}/a.bin`, { headers: range === "" ? {} : { range } });
	expect([response.status, response.headers.get("content-range")]).toEqual([status, contentRange]);
	expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([...content.subarray(start, end)]);
	expect(server.requests.at(-1)).toMatchObject({ path: "/a.bin", bytesSent: end - start });
});

test("refuses a range outside of the file, and knows no other file", async () => {
	expect((await fetch(`${server.url}/a.bin`, { headers: { range: "bytes=100-" } })).status).toBe(416);
	expect((await fetch(`${server.url}/b.bin`)).status).toBe(404);
});

test("redirects", async () => {
	const response = await fetch(`${server.url}/moved`, { redirect: "manual" });
	expect([response.status, response.headers.get("location")]).toEqual([302, "/a.bin"]);
});

test("misbehaves as scripted", async () => {
	server.fault = ({ method }) => (method === "GET" ? { status: 503, headers: { "retry-after": "7" } } : undefined);
	expect((await fetch(`${server.url}/a.bin`)).headers.get("retry-after")).toBe("7");
	server.fault = () => ({ drop: true });
	await expect(fetch(`${server.url}/a.bin`)).rejects.toThrow("fetch failed");
	server.fault = () => ({ truncateAfterBytes: 10 });
	await expect(fetch(`${server.url}/a.bin`).then((response) => response.arrayBuffer())).rejects.toThrow();
	server.fault = undefined;
});

test("asks for the bearer token", async () => {
	await using guarded = await startHttpServer({ files: { "/a": content }, bearerToken: "token" });
	expect((await fetch(`${guarded.url}/a`)).status).toBe(401);
	expect((await fetch(`${guarded.url}/a`, { headers: { authorization: "Bearer token" } })).status).toBe(200);
});
