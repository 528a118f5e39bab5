import { type S3TestServer, startS3Server } from "@zagg/test-servers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { errorOf } from "../testing.ts";
import { createS3Reader, type S3Reader } from "./s3-source.ts";

const SECRET = "wJalrXUtnFEMI-secret";
const content = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 11) ^ (index >> 8));

let server: S3TestServer;
let reader: S3Reader;
beforeAll(async () => {
	server = await startS3Server({ requireAuthorization: true });
	server.put("granules", "a/b.h5", content);
	reader = createS3Reader({
		endpointUrl: server.url,
		credentials: { accessKeyId: "AKIA", secretAccessKey: SECRET, sessionToken: "token" },
	});
});
afterAll(async () => {
	reader.close();
	await server.close();
});
beforeEach(() => {
	server.fault = undefined;
	server.requests.length = 0;
});

describe("createS3Reader", () => {
	test("reads ranges, and counts them", async () => {
		const source = await reader.open("s3://granules/a/b.h5");
		expect([source.name, source.size]).toEqual(["s3://granules/a/b.h5", content.length]);
		expect(await source.read(150_000, 50_000)).toEqual(content.subarray(150_000));
		expect(source.statistics).toEqual({ bytesRead: 65_536 + 50_000, requests: 2 });
		expect(server.requests.map(({ headers }) => headers["x-amz-security-token"])).toEqual(["token", "token"]);
	});

	test.each([
		[403, "AccessDenied", "hdf5/access-denied", "access-denied", 1],
		[400, "ExpiredToken", "hdf5/access-denied", "access-denied", 1],
		[404, "NoSuchKey", "hdf5/no-file", "data", 1],
		[503, "SlowDown", "hdf5/io", "throttled", 3],
		[500, "InternalError", "hdf5/io", "transport", 3],
		[301, "PermanentRedirect", "hdf5/io", "data", 1],
	] as const)("status %i %s is %s of class %s after %i requests", async (status, name, code, kind, requests) => {
		server.fault = () => ({ status, code: name });
		const error = await errorOf(reader.open("s3://granules/a/b.h5"), code);
		expect([error.failureClass, server.requests.length]).toEqual([kind, requests]);
		expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(SECRET);
	});

	test("asks a function for credentials, again when they are about to expire, and not for every range", async () => {
		let asked = 0;
		const expiresInMilliseconds = [60_000, 3_600_000];
		const renewing = createS3Reader({
			endpointUrl: server.url,
			async credentials() {
				const expiration = new Date(Date.now() + expiresInMilliseconds[asked]!).toISOString();
				return { accessKeyId: "AKIA", secretAccessKey: SECRET, sessionToken: `token${++asked}`, expiration };
			},
		});
		const source = await renewing.open("s3://granules/a/b.h5");
		await source.read(150_000, 10);
		await source.read(150_000, 10);
		renewing.close();
		const tokens = server.requests.map(({ headers }) => headers["x-amz-security-token"]);
		expect([tokens.length, tokens.at(-1), asked]).toEqual([3, "token2", 2]);
	});

	test("a dropped connection costs one more request", async () => {
		const source = await reader.open("s3://granules/a/b.h5");
		let failures = 1;
		server.fault = () => (failures-- > 0 ? { drop: true } : undefined);
		expect(await source.read(150_000, 10)).toEqual(content.subarray(150_000, 150_010));
		expect(source.statistics.requests).toBe(3);
	});

	test("an empty object is no HDF5, and an address without a key no object", async () => {
		server.put("granules", "empty.h5", new Uint8Array());
		await errorOf(reader.open("s3://granules/empty.h5"), "hdf5/not-hdf5");
		await errorOf(reader.open("s3://granules"), "hdf5/usage");
	});

	test("many ranges at once use more connections than the SDK's default would", async () => {
		const source = await reader.open("s3://granules/a/b.h5");
		let open = 0;
		let most = 0;
		server.fault = () => {
			most = Math.max(most, ++open);
			setTimeout(() => open--, 100);
			return { delayMilliseconds: 100 };
		};
		await Promise.all(Array.from({ length: 90 }, (_, index) => source.read(70_000 + index, 1)));
		expect(most).toBeGreaterThan(60);
	});
});
