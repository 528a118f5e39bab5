import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cycleDates } from "./cycle.ts";
import { type SearchOptions, searchGranules } from "./stac-search.ts";

interface Asked {
	readonly method: string;
	readonly path: string;
	readonly query: URLSearchParams;
	readonly body: string;
}

let server: Server;
let url: string;
let answer: (asked: Asked, response: ServerResponse) => void;
const asked: Asked[] = [];
async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
	let body = "";
	for await (const part of request) body += part;
	const { pathname, searchParams } = new URL(request.url!, url);
	asked.push({ method: request.method!, path: pathname, query: searchParams, body });
	answer(asked.at(-1)!, response);
}
beforeAll(async () => {
	server = createServer((request, response) => void take(request, response));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});
beforeEach(() => {
	asked.length = 0;
});

const query = {
	shortName: "ATL06",
	version: "007",
	startDate: "2024-01-06",
	endDate: "2024-04-06",
	bbox: [-180, -90, 180, -60.5] as const,
};
const search = (options: SearchOptions = {}) =>
	searchGranules(query, { baseUrl: url, retryWaitSeconds: 0.01, ...options });
const item = (id: string): unknown => ({
	id,
	collection: "ATL06_007",
	geometry: null,
	properties: { datetime: "2024-01-06T00:00:00Z" },
	assets: {
		"01": { href: `https://host/${id}.h5`, roles: ["data"] },
		"02": { href: `s3://bucket/${id}.h5`, roles: ["data"] },
		"03": { href: `https://host/${id}.dmrpp`, roles: ["data"] },
		"04": { href: `https://host/${id}.xml`, roles: ["metadata"] },
		browse: { href: `https://host/${id}.png`, roles: ["browse"] },
		"05": { href: "https://host/other", roles: null },
	},
});
const send = (response: ServerResponse, value: unknown, status = 200, headers: Record<string, string> = {}): void => {
	response.writeHead(status, { "content-type": "application/geo+json", ...headers });
	response.end(typeof value === "string" ? value : JSON.stringify(value));
};

describe("searchGranules", () => {
	it("asks as the Python system does, and names assets by what they are", async () => {
		answer = (_, response) => send(response, { features: [item("a")], links: [] });
		const { items, metadata } = await search();
		expect(asked).toHaveLength(1);
		expect([asked[0]!.method, asked[0]!.path]).toEqual(["GET", "/NSIDC_CPRD/search"]);
		expect(Object.fromEntries(asked[0]!.query)).toEqual({
			collections: "ATL06_007",
			bbox: "-180.0,-90.0,180.0,-60.5",
			datetime: "2024-01-06T00:00:00Z/2024-04-06T23:59:59Z",
			limit: "2000",
		});
		expect(Object.entries(items[0]!.assets).map(([name, { href }]) => [name, href])).toEqual([
			["data", "https://host/a.h5"],
			["data_s3", "s3://bucket/a.h5"],
			["metadata", "https://host/a.xml"],
		]);
		expect(Object.keys(metadata)).toEqual([
			...["source", "provider", "collection", "short_name", "version", "start_date", "end_date", "bbox"],
			...["preserve_thumbnails", "total_granules"],
		]);
	});

	it("keeps thumbnails when they are wanted", async () => {
		answer = (_, response) => send(response, { features: [item("a")] });
		const { items } = await searchGranules({ ...query, preserveThumbnails: true }, { baseUrl: url });
		expect(items[0]!.assets.browse?.href).toBe("https://host/a.png");
	});

	it("follows pages that are linked with GET, and pages that are linked with POST", async () => {
		const counts: number[] = [];
		answer = ({ method, query: { size }, path, body }, response) => {
			if (method === "POST") return send(response, { features: [item(`post-${JSON.parse(body).token}`)], links: [] });
			if (path.endsWith("/next")) {
				const link = { rel: "next", method: "post", href: `${url}/more`, body: { token: 3 } };
				return send(response, { features: [item("get-2")], links: [{ rel: "self", href: "x" }, link] });
			}
			expect(size).toBe(4);
			return send(response, { features: [item("get-1")], links: [{ rel: "next", href: `${url}/next?cursor=1` }] });
		};
		const { items } = await search({ onProgress: (count) => counts.push(count) });
		expect(items.map(({ id }) => id)).toEqual(["get-1", "get-2", "post-3"]);
		expect(asked.map(({ method, path, body }) => [method, path, body])).toEqual([
			["GET", "/NSIDC_CPRD/search", ""],
			["GET", "/next", ""],
			["POST", "/more", '{"token":3}'],
		]);
		expect(counts).toEqual([1, 2, 3]);
	});

	it("ends at a page without granules, whatever it links to", async () => {
		let pages = 0;
		answer = (_, response) =>
			send(response, {
				features: pages++ < 2 ? [item(`p${pages}`)] : [],
				links: [{ rel: "next", href: `${url}/p${pages}` }],
			});
		expect((await search()).items).toHaveLength(2);
		expect(asked).toHaveLength(3);
	});

	it.each([500, 502, 503, 429])("tries again after HTTP %i", async (status) => {
		const reasons: string[] = [];
		answer = (_, response) =>
			asked.length < 3
				? send(response, "busy", status, { "retry-after": "0" })
				: send(response, { features: [item("a")] });
		expect((await search({ onRetry: (reason) => reasons.push(reason) })).items).toHaveLength(1);
		expect(asked).toHaveLength(3);
		expect(reasons[0]).toContain(`HTTP ${status}`);
	});

	it("waits as long as the service asks for", async () => {
		answer = (_, response) =>
			asked.length < 2 ? send(response, "", 429, { "retry-after": "1" }) : send(response, { features: [item("a")] });
		const started = performance.now();
		await search();
		expect(performance.now() - started).toBeGreaterThan(950);
	});

	it.each([
		["HTTP 500 for good", (response: ServerResponse) => send(response, "", 500), "answers with HTTP 500", 5],
		["a lost connection for good", (response: ServerResponse) => response.destroy(), "does not answer", 5],
		["HTTP 400", (response: ServerResponse) => send(response, "", 400), "answers with HTTP 400", 1],
		[
			"another content type",
			(response: ServerResponse) => send(response, "<html>", 200, { "content-type": "text/html" }),
			"something that is not JSON (text/html)",
			1,
		],
		["other JSON", (response: ServerResponse) => send(response, [1]), "no page of STAC items", 1],
	] as const)("says what is wrong with %s", async (_, respond, message, requests) => {
		answer = (_asked, response) => respond(response);
		await expect(search()).rejects.toMatchObject({
			code: "catalog/search-failed",
			message: expect.stringContaining(message),
		});
		expect(asked).toHaveLength(requests);
	});

	it("gives up on a service whose pages lead in a circle", async () => {
		answer = (_, response) =>
			send(response, { features: [item("a")], links: [{ rel: "next", href: `${url}/circle` }] });
		await expect(search()).rejects.toThrow("the granule search does not end");
		expect(asked).toHaveLength(2);
	});

	it("says so when there is none", async () => {
		answer = (_, response) => send(response, { features: [] });
		await expect(search()).rejects.toThrow(
			"No granules for ATL06_007 over (-180.0, -90.0, 180.0, -60.5) in 2024-01-06..2024-04-06",
		);
	});

	it("stops when it is cancelled", async () => {
		const controller = new AbortController();
		answer = () => controller.abort(new Error("enough"));
		await expect(search({ signal: controller.signal })).rejects.toThrow("enough");
	});

	it.each([
		["2024-13-01", "2024-12-31"],
		["yesterday", "2024-12-31"],
		["2024-12-31", "2024-01-01"],
	])("refuses the period %s to %s", async (startDate, endDate) => {
		await expect(searchGranules({ ...query, startDate, endDate }, { baseUrl: url })).rejects.toMatchObject({
			code: "catalog/bad-query",
		});
		expect(asked).toEqual([]);
	});
});

describe("cycleDates", () => {
	it.each([
		[1, "2018-10-13", "2019-01-12"],
		[2, "2019-01-12", "2019-04-13"],
		[10, "2021-01-09", "2021-04-10"],
		[22, "2024-01-06", "2024-04-06"],
		[30, "2026-01-03", "2026-04-04"],
	])("of cycle %i are %s and %s", (cycle, startDate, endDate) => {
		expect(cycleDates(cycle)).toEqual({ startDate, endDate });
	});

	it("do not exist for what is no cycle", () => {
		expect(() => cycleDates(0)).toThrow("not a cycle");
		expect(() => cycleDates(1.5)).toThrow("not a cycle");
	});
});
