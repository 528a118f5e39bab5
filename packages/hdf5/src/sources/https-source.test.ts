import { type HttpTestServer, startHttpServer } from "@zagg/test-servers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { errorOf } from "../testing.ts";
import { openHttpsSource } from "./https-source.ts";

const TOKEN = "eyJ0eXAiOiJKV1Qi-secret";
const content = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7) ^ (index >> 8));

let server: HttpTestServer;
let elsewhere: HttpTestServer;
beforeAll(async () => {
	server = await startHttpServer({ files: { "/granule.h5": content } });
	elsewhere = await startHttpServer({ files: { "/signed.h5": content } });
});
afterAll(() => Promise.all([server.close(), elsewhere.close()]));
beforeEach(() => {
	for (const each of [server, elsewhere]) {
		each.fault = undefined;
		each.requests.length = 0;
		each.redirects.clear();
		each.files.set("/granule.h5", content).set("/signed.h5", content);
	}
});

const everything = (error: Error): string => JSON.stringify(error, Object.getOwnPropertyNames(error));

describe("openHttpsSource", () => {
	test("learns the size with the first page, and asks for no more than is read", async () => {
		const source = await openHttpsSource(`${server.url}/granule.h5?token=1#part`);
		expect([source.name, source.size]).toEqual([`${server.url}/granule.h5`, content.length]);
		expect([...(await source.read(10, 20))]).toEqual([...content.subarray(10, 30)]);
		expect(await source.read(100_000, 70_000)).toEqual(content.subarray(100_000, 170_000));
		expect(source.statistics).toEqual({ bytesRead: 65_536 + 70_000, requests: 2 });
		expect(server.requests.map(({ headers }) => headers.range)).toEqual(["bytes=0-65535", "bytes=100000-169999"]);
		await source.close();
		await errorOf(source.read(0, 1), "hdf5/usage");
	});

	test("opens a file shorter than a page, and refuses to read beyond its end", async () => {
		server.files.set("/short", content.subarray(0, 10));
		const source = await openHttpsSource(`${server.url}/short`);
		expect(source.size).toBe(10);
		await errorOf(source.read(5, 6), "hdf5/truncated");
	});

	test("sends the token to the first origin only, and remembers where it was led", async () => {
		server.redirects.set("/granule.h5", `${elsewhere.url}/signed.h5?signature=abc`);
		const source = await openHttpsSource(`${server.url}/granule.h5`, { bearerToken: TOKEN });
		await source.read(70_000, 10);
		expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${TOKEN}`]);
		expect(elsewhere.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
	});

	test("asks the first address again when the one it was led to has expired", async () => {
		server.redirects.set("/granule.h5", `${elsewhere.url}/signed.h5`);
		const source = await openHttpsSource(`${server.url}/granule.h5`);
		let refusals = 1;
		elsewhere.fault = () => (refusals-- > 0 ? { status: 403 } : undefined);
		expect([...(await source.read(70_000, 2))]).toEqual([...content.subarray(70_000, 70_002)]);
		expect([server.requests.length, elsewhere.requests.length]).toEqual([2, 3]);
	});

	test.each([
		[401, "hdf5/access-denied", "access-denied", 1],
		[403, "hdf5/access-denied", "access-denied", 1],
		[404, "hdf5/no-file", "data", 1],
		[400, "hdf5/io", "data", 1],
		[500, "hdf5/io", "transport", 3],
		[429, "hdf5/io", "throttled", 3],
	] as const)(
		"HTTP %i is %s of class %s after %i requests, without the token",
		async (status, code, kind, requests) => {
			server.fault = () => ({ status, headers: { "retry-after": "5" } });
			const error = await errorOf(
				openHttpsSource(`${server.url}/granule.h5?key=${TOKEN}`, { bearerToken: TOKEN }),
				code,
			);
			expect([error.failureClass, server.requests.length]).toEqual([kind, requests]);
			expect(everything(error)).not.toContain(TOKEN);
			if (status === 429) expect(error.context.retryAfterSeconds).toBe(5);
		},
	);

	test.each([{ drop: true }, { truncateAfterBytes: 1000 }, { status: 503 }])(
		"a request that fails once (%o) is sent again, and counted",
		async (fault) => {
			const source = await openHttpsSource(`${server.url}/granule.h5`);
			let failures = 1;
			server.fault = () => (failures-- > 0 ? fault : undefined);
			expect(await source.read(100_000, 5000)).toEqual(content.subarray(100_000, 105_000));
			expect(source.statistics.requests).toBe(3);
		},
	);

	test("gives up on a connection that is always dropped, without its address's secrets", async () => {
		server.fault = () => ({ drop: true });
		const error = await errorOf(openHttpsSource(`${server.url}/granule.h5?key=${TOKEN}`), "hdf5/io");
		expect([error.failureClass, server.requests.length]).toEqual(["transport", 3]);
		expect(everything(error)).not.toContain(TOKEN);
	});

	test("gives up waiting", async () => {
		server.fault = () => ({ delayMilliseconds: 400 });
		const error = await errorOf(openHttpsSource(`${server.url}/granule.h5`, { timeoutSeconds: 0.05 }), "hdf5/io");
		expect(error.message).toContain("no answer in time");
	});

	test("stops when it is cancelled", async () => {
		server.fault = () => ({ delayMilliseconds: 300 });
		const controller = new AbortController();
		setTimeout(() => controller.abort(), 50);
		await errorOf(openHttpsSource(`${server.url}/granule.h5`, { signal: controller.signal }), "hdf5/cancelled");
		expect(server.requests).toHaveLength(1);
	});

	test("a file that is replaced meanwhile is no data", async () => {
		const source = await openHttpsSource(`${server.url}/granule.h5`);
		server.files.set("/granule.h5", content.subarray(1));
		expect((await errorOf(source.read(100_000, 10), "hdf5/io")).message).toContain("was replaced");
	});

	test("a server without ranges is refused before the whole file is sent", async () => {
		await using plain = await startHttpServer({ files: { "/a": content }, ignoresRanges: true });
		await errorOf(openHttpsSource(`${plain.url}/a`), "hdf5/unsupported");
	});

	test("a login page instead of the file is a refusal", async () => {
		server.fault = () => ({ status: 200, headers: { "content-type": "text/html;charset=utf-8" } });
		const error = await errorOf(openHttpsSource(`${server.url}/granule.h5`), "hdf5/access-denied");
		expect([error.message.includes("(a login page)"), error.failureClass]).toEqual([true, "access-denied"]);
	});

	test("refuses addresses that are not secure, and redirects to them", async () => {
		await errorOf(openHttpsSource("http://example.com/a.h5"), "hdf5/usage");
		await errorOf(openHttpsSource("ftp://example.com/a.h5"), "hdf5/usage");
		await errorOf(openHttpsSource("granule.h5"), "hdf5/usage");
		server.redirects.set("/granule.h5", "http://example.com/granule.h5");
		expect((await errorOf(openHttpsSource(`${server.url}/granule.h5`), "hdf5/io")).message).toContain("not secure");
		server.redirects.set("/granule.h5", "/granule.h5");
		expect((await errorOf(openHttpsSource(`${server.url}/granule.h5`), "hdf5/io")).message).toContain("redirects");
	});
});
