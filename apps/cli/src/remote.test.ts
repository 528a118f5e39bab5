import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseJson } from "@zagg/aggregate";
import { type HttpTestServer, type S3TestServer, startHttpServer, startS3Server } from "@zagg/test-servers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeAtl06Sample } from "./demo/atl06-sample.ts";
import { startZagg, zagg } from "./testing.ts";

const TOKEN = "eyJ0eXAi-token";
const SECRET = "wJalr-secret";

let folder: string;
let http: HttpTestServer;
let s3: S3TestServer;
let granuleBytes = 0;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "zagg-remote-"));
	http = await startHttpServer({ bearerToken: TOKEN });
	s3 = await startS3Server({ buckets: ["granules"], requireAuthorization: true });
	const granules = join(folder, "granules");
	await writeAtl06Sample({ directory: granules, granuleCount: 2, segmentsPerBeam: 20_000, seed: 3 });
	const mapped = await zagg(
		["catalog", "--config", "atl06", "--granules", "granules/*.h5", "--output", "local.json"],
		folder,
	);
	expect(mapped, mapped.stderr).toMatchObject({ exitCode: 0 });
	for (const name of await readdir(granules)) {
		const bytes = await readFile(join(granules, name));
		granuleBytes += bytes.length;
		http.files.set(`/${name}`, bytes);
		s3.put("granules", name, bytes);
	}
	const text = await readFile(join(folder, "local.json"), "utf8");
	await writeFile(
		join(folder, "remote.json"),
		text.replace(
			/"s3": null,\s*"https": null,\s*"file": "[^"]*?([^/"]+)"/g,
			`"s3": "s3://granules/$1", "https": "${http.url}/$1"`,
		),
	);
	await writeFile(
		join(folder, "creds.json"),
		JSON.stringify({ accessKeyId: "A", secretAccessKey: SECRET, endpointUrl: s3.url }),
	);
}, 60_000);
afterAll(async () => {
	await http.close();
	await s3.close();
	await rm(folder, { recursive: true, force: true });
});

const run = (map: string, store: string, driver: string, flags: string[] = [], environment = {}) =>
	startZagg(
		["run", "--config", "atl06", "--catalog", map, "--store", store, "--driver", driver, "--json", ...flags],
		folder,
		{ NETRC: join(folder, "none"), ...environment },
	).finished;
async function filesOf(store: string): Promise<string[]> {
	const entries = (await readdir(join(folder, store), { recursive: true, withFileTypes: true })).filter((entry) =>
		entry.isFile(),
	);
	return entries.map((entry) => join(entry.parentPath, entry.name).slice(join(folder, store).length)).sort();
}

describe("zagg run on remote granules", () => {
	it.each([
		["https", [], { EARTHDATA_TOKEN: TOKEN }],
		["s3", ["--input-creds", "creds.json"], {}],
	])(
		"--driver %s stores what local files give, and counts what came",
		async (driver, flags, environment) => {
			const local = await run("local.json", "local.zarr", "file");
			expect(local, local.stderr).toMatchObject({ exitCode: 0 });
			const { exitCode, stdout, stderr } = await run("remote.json", `${driver}.zarr`, driver, flags, environment);
			expect(exitCode, stderr).toBe(0);
			expect(await filesOf(`${driver}.zarr`)).toEqual(await filesOf("local.zarr"));
			for (const name of await filesOf("local.zarr")) {
				const [ours, theirs] = await Promise.all([
					readFile(join(folder, `${driver}.zarr${name}`)),
					readFile(join(folder, `local.zarr${name}`)),
				]);
				expect(ours.equals(theirs), name).toBe(true);
			}
			const { results } = parseJson(stdout) as {
				results: { bytes_read: number; requests: number; granule_count: number }[];
			};
			for (const { bytes_read, requests, granule_count } of results) {
				expect(bytes_read).toBeGreaterThan(65_536);
				expect(bytes_read).toBeLessThanOrEqual(granuleBytes * 2);
				expect(requests).toBeGreaterThan(granule_count);
			}
			expect(stdout + stderr).not.toMatch(new RegExp(`${TOKEN}|${SECRET}`));
		},
		90_000,
	);

	it("without a login says what to do, and writes no chunk", async () => {
		const { exitCode, stderr } = await run("remote.json", "denied.zarr", "https");
		expect(exitCode).toBe(1);
		expect(stderr).toContain("may not be read (HTTP 401)");
		expect(stderr).toContain("EARTHDATA_TOKEN");
		expect((await filesOf("denied.zarr")).filter((name) => name.includes("/c/"))).toEqual([]);
	}, 60_000);
});
