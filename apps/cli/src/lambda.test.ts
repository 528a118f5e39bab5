import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseJson } from "@zagg/aggregate";
import { type LambdaDevServer, type LambdaFault, startLambdaDevServer } from "@zagg/lambda-worker";
import { type S3TestServer, startS3Server } from "@zagg/test-servers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { writeAtl06Sample } from "./demo/atl06-sample.ts";
import { type Finished, startZagg, zagg } from "./testing.ts";

const realGranules = join(import.meta.dirname, "../../../../shared/data/atl06");
const SECRETS = ["read-secret", "read-token", "write-secret"];

let folder: string;
let s3: S3TestServer;
let lambda: LambdaDevServer;
let fault: ((index: number) => LambdaFault | undefined) | undefined;
const functionLog: string[] = [];

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "zagg-lambda-"));
	s3 = await startS3Server({ buckets: ["granules", "out"], requireAuthorization: true });
	lambda = await startLambdaDevServer({
		concurrency: 2,
		environment: { AWS_ENDPOINT_URL_S3: s3.url },
		fault: ({ index }) => fault?.(index),
		onLog: (line) => functionLog.push(line),
	});
	await writeFile(
		join(folder, "in.json"),
		JSON.stringify({ accessKeyId: "ASIA", secretAccessKey: SECRETS[0], sessionToken: SECRETS[1], endpointUrl: s3.url }),
	);
	await writeFile(
		join(folder, "out.json"),
		JSON.stringify({ aws_access_key_id: "AKIA", aws_secret_access_key: SECRETS[2], endpoint_url: s3.url }),
	);
});
afterAll(async () => {
	await lambda.close();
	await s3.close();
	await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
	fault = undefined;
	functionLog.length = 0;
	for (const key of s3.keys("out")) s3.delete("out", key);
});

/** Maps local granules, puts them on S3, and makes a map of those. */
async function prepare(granules: string, name: string): Promise<string> {
	const local = `${name}-local.json`;
	const mapped = await zagg(
		["catalog", "--config", "atl06", "--granules", join(granules, "*.h5"), "--output", local],
		folder,
	);
	expect(mapped, mapped.stderr).toMatchObject({ exitCode: 0 });
	for (const file of await readdir(granules)) s3.put("granules", file, await readFile(join(granules, file)));
	const map = parseJson(await readFile(join(folder, local), "utf8")) as { granules: { id: string }[][] };
	const text = await readFile(join(folder, local), "utf8");
	const remote = text.replace(
		/"s3": null,\s*"https": null,\s*"file": "[^"]*?([^/"]+)"/g,
		'"s3": "s3://granules/$1", "https": null',
	);
	expect(map.granules.length).toBeGreaterThan(0);
	await writeFile(join(folder, `${name}.json`), remote);
	return `${name}.json`;
}

const environment = (): Record<string, string> => ({
	AWS_ENDPOINT_URL_LAMBDA: lambda.url,
	AWS_ENDPOINT_URL_CLOUDWATCH: lambda.url,
	AWS_ACCESS_KEY_ID: "local",
	AWS_SECRET_ACCESS_KEY: "local",
});
const lambdaArgs = (map: string, ...more: string[]): string[] => [
	...["run", "--config", "atl06", "--catalog", map, "--store", "s3://out/x.zarr", "--backend", "lambda"],
	...["--input-creds", "in.json", "--output-creds", "out.json", ...more],
];
const runLambda = (map: string, ...more: string[]): Promise<Finished> =>
	startZagg(lambdaArgs(map, ...more), folder, environment()).finished;

async function expectSameStore(map: string, store: string): Promise<number> {
	const args = ["run", "--config", "atl06", "--catalog", map, "--store", store, "--driver", "file", "--quiet"];
	const local = await zagg(args, folder);
	expect(local, local.stderr).toMatchObject({ exitCode: 0 });
	const files = (await readdir(join(folder, store), { recursive: true, withFileTypes: true }))
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name).slice(join(folder, store).length + 1))
		.sort();
	expect(s3.keys("out")).toEqual(files.map((file) => `x.zarr/${file}`));
	for (const file of files) {
		expect((await readFile(join(folder, store, file))).equals(s3.get("out", `x.zarr/${file}`)!), file).toBe(true);
	}
	return files.length;
}

describe.skipIf(!existsSync(realGranules))("five real granules on Lambda (needs ../shared)", () => {
	it("make a store on S3 that is the local backend's, byte for byte", async () => {
		const map = await prepare(realGranules, "real");
		const { exitCode, stdout, stderr } = await runLambda(map);
		expect(exitCode, stderr).toBe(0);
		expect(stdout).toMatch(
			/^\nDone: 5 cells with data, 18,656 obs, 0 errors, \d+\.\ds\nLambda compute: \d+s total, \d+ GB-s, ~\$0\.00\nOutput: s3:\/\/out\/x\.zarr\n$/,
		);
		expect(stderr).toContain("Account concurrency: limit=102, current=0, padding=100, available=2 -> using 2 workers");
		expect(await expectSameStore("real-local.json", "real.zarr")).toBeGreaterThan(60);
		// What the function read came in ranges.
		const read = s3.requests.filter(({ bucket, method }) => bucket === "granules" && method === "GET");
		expect(read.every(({ headers }) => headers.range !== undefined)).toBe(true);
		for (const secret of SECRETS) expect(stdout + stderr + functionLog.join("\n")).not.toContain(secret);
	}, 60_000);
});

describe("zagg run --backend lambda", () => {
	let map: string;
	beforeAll(async () => {
		const granules = join(folder, "granules");
		await writeAtl06Sample({ directory: granules, granuleCount: 2, segmentsPerBeam: 2000, seed: 7 });
		map = await prepare(granules, "sample");
	});

	it("makes the store of the local backend, also when it is throttled and connections drop", async () => {
		const first = lambda.invocations();
		// The set-up comes first, which is not tried again.
		fault = (index) =>
			(({ 1: { kind: "throttle" }, 2: { kind: "drop" } }) as Record<number, LambdaFault>)[index - first];
		const { exitCode, stdout, stderr } = await runLambda(map, "--json");
		expect(exitCode, stderr).toBe(0);
		const { results } = parseJson(stdout) as { results: { retries: number }[] };
		expect(results.reduce((sum, { retries }) => sum + retries, 0)).toBe(2);
		await expectSameStore("sample-local.json", "sample.zarr");
	}, 60_000);

	it("counts what fails, and exits with 1", async () => {
		const first = lambda.invocations();
		fault = (index) => (index === first + 1 ? { kind: "out-of-memory" } : undefined);
		const { exitCode, stdout, stderr } = await runLambda(map, "--json", "--overwrite");
		expect(exitCode).toBe(1);
		const summary = parseJson(stdout) as {
			cells_error: number;
			results: { error: string | null; lambda_duration: number }[];
		};
		expect(summary.cells_error).toBe(1);
		expect(summary.results.find(({ error }) => error !== null)?.error).toContain("Runtime.OutOfMemory");
		expect(stderr).toContain("Runtime.OutOfMemory");
		for (const secret of SECRETS) expect(stdout + stderr).not.toContain(secret);
	}, 60_000);

	it("says which function it does not find, and what to do", async () => {
		const { exitCode, stderr } = await runLambda(map, "--function-name", "elsewhere");
		expect(exitCode).toBe(1);
		expect(stderr).toContain("Function not found: elsewhere");
		expect(stderr).toContain("--function-name");
		expect(s3.keys("out")).toEqual([]);
	});

	it("needs a store on S3, and credentials that are whole", async () => {
		const args = ["run", "--config", "atl06", "--catalog", map, "--backend", "lambda"];
		expect(await zagg([...args, "--store", "out.zarr"], folder)).toMatchObject({
			exitCode: 2,
			stderr: expect.stringContaining("Lambda backend requires s3:// store path, got: out.zarr"),
		});
		await writeFile(join(folder, "half.json"), '{"accessKeyId": "AKIA"}');
		expect(await runLambda(map, "--output-creds", "half.json")).toMatchObject({
			exitCode: 2,
			stderr: expect.stringContaining("output_credentials is missing required field(s): secretAccessKey"),
		});
	});

	it("stops at Ctrl-C, and the next run completes the store", async () => {
		fault = () => ({ kind: "slow", seconds: 2 });
		const { child, finished } = startZagg(lambdaArgs(map), folder, environment());
		child.stderr!.on(
			"data",
			(text: string) => text.includes("workers") && setTimeout(() => child.kill("SIGINT"), 2500),
		);
		expect(await finished).toMatchObject({ exitCode: 130, stderr: expect.stringContaining("interrupted") });
		fault = undefined;
		expect((await runLambda(map)).exitCode).toBe(0);
		await expectSameStore("sample-local.json", "again.zarr");
	}, 60_000);
});

describe("zagg lambda dev", () => {
	it("serves until Ctrl-C, with the faults that were asked for", async () => {
		const { child, finished } = startZagg(["lambda", "dev", "--port", "0", "--fault", "throttle:1"], folder);
		const url = await new Promise<string>((resolve) => {
			child.stdout!.on("data", (text: string) => {
				const match = /at (http:\S+)/.exec(text);
				if (match) resolve(match[1]!);
			});
		});
		const response = await fetch(`${url}/2015-03-31/functions/process-shard/invocations`, {
			method: "POST",
			body: "{}",
		});
		expect(response.status).toBe(429);
		child.kill("SIGINT");
		expect(await finished).toMatchObject({ exitCode: 0 });
	});

	it("refuses a fault that it does not know", async () => {
		expect(await zagg(["lambda", "dev", "--fault", "storm"], folder)).toMatchObject({
			exitCode: 2,
			stderr: expect.stringContaining("KIND:SHARE"),
		});
	});
});
