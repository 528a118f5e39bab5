import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type HttpTestServer, type S3TestServer, startHttpServer, startS3Server } from "@zagg/test-servers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Hdf5File, openHdf5 } from "../file.ts";
import { createHdf5File } from "../writer/index.ts";
import { openHttpsSource } from "./https-source.ts";
import { memorySource } from "./memory-source.ts";
import { createS3Reader, type S3Reader } from "./s3-source.ts";

const realGranule = fileURLToPath(
	new URL("../../../../../shared/data/atl03/ATL03_20181014002445_02350104_006_02_gt1l_subset.h5", import.meta.url),
);

const ROWS = 400_000;
const COLUMNS = ["latitude", "longitude", "height", "sigma"];
const WINDOW = [200_000, 240_000] as const;

let http: HttpTestServer;
let s3: S3TestServer;
let reader: S3Reader;
let content: Uint8Array;
beforeAll(async () => {
	const folder = await mkdtemp(join(tmpdir(), "zagg-hdf5-remote-"));
	const path = join(folder, "granule.h5");
	const file = await createHdf5File(path);
	for (const [column, name] of COLUMNS.entries()) {
		const data = Float64Array.from({ length: ROWS }, (_, row) => Math.sin(row * 12.9898 + column));
		await file.writeDataset(`/beam/${name}`, data, { chunkShape: [10_000], deflateLevel: 1, shuffle: true });
	}
	await file.close();
	content = new Uint8Array(await readFile(path));
	await rm(folder, { recursive: true });
	[http, s3] = await Promise.all([startHttpServer({ files: { "/granule.h5": content } }), startS3Server()]);
	s3.put("granules", "granule.h5", content);
	const credentials = { accessKeyId: "AKIA", secretAccessKey: "secret" };
	reader = createS3Reader({ endpointUrl: s3.url, credentials });
});
afterAll(async () => {
	reader.close();
	await Promise.all([http.close(), s3.close()]);
});
beforeEach(() => {
	http.requests.length = 0;
	s3.requests.length = 0;
});

async function readWindow(file: Hdf5File) {
	try {
		return await Promise.all(COLUMNS.map(async (name) => (await file.dataset(`/beam/${name}`)).read({ rows: WINDOW })));
	} finally {
		await file.close();
	}
}

describe.each(["https", "s3"])("a tenth of the rows over %s", (driver) => {
	test("moves little more than a tenth of the bytes, in few requests, and is right", async () => {
		const [server, source] =
			driver === "https"
				? [http, await openHttpsSource(`${http.url}/granule.h5`)]
				: [s3, await reader.open("s3://granules/granule.h5")];
		const columns = await readWindow(await openHdf5(source));
		expect(columns).toEqual(await readWindow(await openHdf5(memorySource(content))));
		const sent = server.requests.reduce((sum, { bytesSent }) => sum + bytesSent, 0);
		expect(source.statistics).toEqual({ bytesRead: sent, requests: server.requests.length });
		expect(sent).toBeLessThan(content.length * 0.13);
		expect(server.requests.length).toBeLessThanOrEqual(10);
	});
});

test("a connection that breaks in the middle of a granule does not break the read", async () => {
	const file = await openHdf5(await openHttpsSource(`${http.url}/granule.h5`));
	let answers = 0;
	http.fault = () => (++answers % 3 === 0 ? { truncateAfterBytes: 5000 } : undefined);
	const columns = await readWindow(file);
	http.fault = undefined;
	expect(columns).toEqual(await readWindow(await openHdf5(memorySource(content))));
	expect(file.source.statistics.requests).toBe(http.requests.length);
});

describe.skipIf(!existsSync(realGranule))("a real granule (needs ../shared)", () => {
	test("gives a tenth of its photons for less than a third of its bytes, small as it is", async () => {
		const bytes = new Uint8Array(await readFile(realGranule));
		http.files.set("/real.h5", bytes);
		const file = await openHdf5(await openHttpsSource(`${http.url}/real.h5`));
		const local = await openHdf5(memorySource(bytes));
		const paths = ["lat_ph", "lon_ph", "h_ph"].map((name) => `/gt1l/heights/${name}`);
		const { shape } = await local.dataset(paths[0]!);
		const start = Math.floor(shape[0]! / 2);
		const rows = [start, start + Math.floor(shape[0]! / 10)] as const;
		for (const path of paths) {
			const window = await (await file.dataset(path)).read({ rows });
			expect(window).toEqual(await (await local.dataset(path)).read({ rows }));
		}
		expect(file.source.statistics.bytesRead).toBeLessThan(bytes.length / 3);
		await file.close();
	});
});
