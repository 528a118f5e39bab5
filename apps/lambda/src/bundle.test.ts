import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { startS3Server } from "@zagg/test-servers";
import { build } from "tsup";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { functionBundle } from "../tsup.function.ts";
import { startLambdaDevServer } from "./dev/dev-server.ts";

const AIM_ZIPPED_BYTES = 5e6;
// The aim is 300 ms on a machine that does nothing else; tests share theirs.
const LONGEST_IMPORT_MILLISECONDS = 1500;

let folder: string;
let bundle: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "zagg-bundle-"));
	bundle = join(folder, "index.mjs");
	await build({ ...functionBundle, outDir: folder, silent: true, config: false });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the function's bundle", () => {
	test("is one small file that imports alone, and soon", async () => {
		expect(deflateRawSync(readFileSync(bundle)).length).toBeLessThan(AIM_ZIPPED_BYTES);
		expect((await stat(bundle)).size).toBeLessThan(4 * AIM_ZIPPED_BYTES);
		const script = `const start = performance.now(); const { handler } = await import(${JSON.stringify(bundle)}); console.log(typeof handler, performance.now() - start);`;
		const told = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
			cwd: folder,
			encoding: "utf8",
			env: {},
		});
		const [kind, milliseconds] = told.split(" ");
		expect(kind).toBe("function");
		expect(Number(milliseconds)).toBeLessThan(LONGEST_IMPORT_MILLISECONDS);
	});

	test("answers on the local Lambda", async () => {
		await using s3 = await startS3Server({ buckets: ["out"] });
		await using server = await startLambdaDevServer({ bundle });
		const client = new LambdaClient({
			endpoint: server.url,
			region: "us-west-2",
			credentials: { accessKeyId: "a", secretAccessKey: "b" },
		});
		const event = {
			mode: "finalize",
			store_path: "s3://out/x.zarr",
			output_credentials: { accessKeyId: "A", secretAccessKey: "S", endpointUrl: s3.url },
		};
		s3.put("out", "x.zarr/zarr.json", Buffer.from('{"zarr_format":3,"node_type":"group","attributes":{}}'));
		const { Payload } = await client.send(
			new InvokeCommand({ FunctionName: "process-shard", Payload: JSON.stringify(event) }),
		);
		expect(JSON.parse(Payload!.transformToString())).toEqual({
			statusCode: 200,
			body: '{"ok": true, "mode": "finalize"}',
		});
		expect(Buffer.from(s3.get("out", "x.zarr/zarr.json")!).toString()).toContain("consolidated_metadata");
		client.destroy();
	});
});
