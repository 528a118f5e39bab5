import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { earthdataAccess } from "./earthdata.ts";

const PASSWORD = "correct horse";
const TOKEN = "eyJ0eXAi-token";
const SECRET = "wJalrXUtn-secret";

let url: string;
let answer: (request: IncomingMessage) => { status?: number; body?: unknown; drop?: boolean };
const asked: string[] = [];
const server = createServer((request, response) => {
	asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
	const { status = 200, body, drop } = answer(request);
	if (drop) response.destroy();
	else response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
});
beforeAll(async () => {
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});
beforeEach(() => {
	asked.length = 0;
	answer = ({ url: path }) =>
		path === "/s3credentials"
			? {
					body: {
						accessKeyId: "ASIA",
						secretAccessKey: SECRET,
						sessionToken: "session",
						expiration: "2026-01-01 01:00:00+00:00",
					},
				}
			: { body: { access_token: TOKEN, token_type: "Bearer", expiration_date: "03/01/2026" } };
});

const access = (options: Partial<Parameters<typeof earthdataAccess>[0]> = {}) =>
	earthdataAccess({
		login: { username: "ada", password: PASSWORD },
		driver: "s3",
		loginUrl: url,
		s3CredentialsUrl: `${url}/s3credentials`,
		now: () => Date.parse("2026-01-01T00:00:00Z"),
		...options,
	});

describe("earthdataAccess", () => {
	test("gets a token with name and password, and credentials with the token", async () => {
		expect(await access()()).toEqual({
			s3: {
				credentials: {
					accessKeyId: "ASIA",
					secretAccessKey: SECRET,
					sessionToken: "session",
					expiration: "2026-01-01T01:00:00.000Z",
				},
			},
		});
		expect(asked).toEqual([
			`POST /api/users/find_or_create_token Basic ${btoa(`ada:${PASSWORD}`)}`,
			`GET /s3credentials Bearer ${TOKEN}`,
		]);
	});

	test("asks for a token only where a token is all that is needed, and for nothing when there is one", async () => {
		expect(await access({ driver: "https" })()).toEqual({ bearerToken: TOKEN });
		expect(asked).toHaveLength(1);
		expect(await access({ driver: "https", login: { token: "mine" } })()).toEqual({ bearerToken: "mine" });
		expect(asked).toHaveLength(1);
		await access({ login: { token: "mine" } })();
		expect(asked.at(-1)).toBe("GET /s3credentials Bearer mine");
	});

	test("asks once for many, and again five minutes before the end", async () => {
		let time = Date.parse("2026-01-01T00:00:00Z");
		const provide = access({ login: { token: "mine" }, now: () => time });
		await Promise.all([provide(), provide(), provide()]);
		time += 54 * 60_000;
		await provide();
		expect(asked).toHaveLength(1);
		time += 2 * 60_000;
		await provide();
		expect(asked).toHaveLength(2);
	});

	test("is not stopped by a renewal that fails while the old credentials last", async () => {
		let time = Date.parse("2026-01-01T00:00:00Z");
		const provide = access({ login: { token: "mine" }, now: () => time });
		const first = await provide();
		answer = () => ({ status: 500 });
		time += 58 * 60_000;
		expect(await provide()).toEqual(first);
		time += 2 * 60_000;
		await expect(provide()).rejects.toMatchObject({ code: "credentials/unavailable" });
	});

	test.each([
		[{ status: 401, body: PASSWORD }, "credentials/refused", "access-denied"],
		[{ status: 302, body: "" }, "credentials/refused", "access-denied"],
		[{ status: 500, body: "down" }, "credentials/unavailable", "transport"],
		[{ status: 503, body: "busy" }, "credentials/unavailable", "throttled"],
		[{ body: "<html>" }, "credentials/unavailable", "transport"],
		[{ body: { accessKeyId: "only" } }, "credentials/unavailable", "transport"],
		[{ drop: true }, "credentials/unavailable", "transport"],
	])("an answer of %j is %s, told without a secret, and not kept", async (refusal, code, failureClass) => {
		const usual = answer;
		answer = () => refusal;
		const provide = access();
		const error = await provide().then(
			() => expect.unreachable(),
			(thrown: Error) => thrown,
		);
		expect(error).toMatchObject({ code, failureClass });
		const told = JSON.stringify(error, Object.getOwnPropertyNames(error));
		for (const secret of [PASSWORD, btoa(`ada:${PASSWORD}`), TOKEN]) expect(told).not.toContain(secret);
		answer = usual;
		expect(await provide()).toHaveProperty("s3");
	});
});
