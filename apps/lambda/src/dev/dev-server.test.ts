import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import {
	GetAccountSettingsCommand,
	GetFunctionCommand,
	GetFunctionConcurrencyCommand,
	GetFunctionConfigurationCommand,
	InvokeCommand,
	type InvokeCommandInput,
	LambdaClient,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type LambdaDevServer, type LambdaDevServerOptions, startLambdaDevServer } from "./dev-server.ts";
import { parseFault } from "./fault.ts";

// What the function does is told by the event.
const FUNCTION = `
export async function handler(event, context) {
	console.log("got", JSON.stringify(event));
	if (event.do === "wait") await new Promise((resolve) => setTimeout(resolve, event.milliseconds));
	if (event.do === "spin") for (;;);
	if (event.do === "throw") throw new TypeError("no such thing");
	if (event.do === "exit") process.exit(3);
	if (event.do === "eat") { const all = []; for (;;) all.push(Buffer.alloc(8e6, 1)); }
	if (event.do === "hoard") { const all = []; for (;;) all.push({ all: [...all] }); }
	if (event.do === "flood") return "x".repeat(7e6);
	return { event, pid: process.pid, secret: process.env.SECRET_OF_PARENT, given: process.env.GIVEN,
		name: context.functionName, remaining: context.getRemainingTimeInMillis() };
}`;

let folder: string;
let bundle: string;
beforeAll(async () => {
	process.env.SECRET_OF_PARENT = "secret";
	folder = await mkdtemp(join(tmpdir(), "zagg-dev-server-"));
	bundle = join(folder, "index.mjs");
	await writeFile(bundle, FUNCTION);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const configuration = { region: "us-west-2", maxAttempts: 1, credentials: { accessKeyId: "a", secretAccessKey: "b" } };

async function start(options: LambdaDevServerOptions = {}): Promise<{ server: LambdaDevServer; client: LambdaClient }> {
	const server = await startLambdaDevServer({ bundle, timeoutSeconds: 5, environment: { GIVEN: "yes" }, ...options });
	const client = new LambdaClient({ ...configuration, endpoint: server.url });
	onTestFinished(async () => {
		client.destroy();
		await server.close();
	});
	return { server, client };
}

async function invoke(client: LambdaClient, event: unknown, input: Partial<InvokeCommandInput> = {}) {
	const Payload = typeof event === "string" ? event : JSON.stringify(event);
	const reply = await client.send(new InvokeCommand({ FunctionName: "process-shard", Payload, ...input }));
	const text = reply.Payload?.transformToString() ?? "";
	return { reply, text, answer: text === "" || text.startsWith("<") ? undefined : JSON.parse(text) };
}

describe("the local Lambda", () => {
	test("runs the function in a child process that it uses again, with a clean environment", async () => {
		const lines: string[] = [];
		const { server, client } = await start({ onLog: (line) => lines.push(line) });
		const { answer: first, reply } = await invoke(client, { n: 1 });
		const { answer: second } = await invoke(client, { n: 2 });
		expect(first).toMatchObject({ event: { n: 1 }, given: "yes", name: "process-shard" });
		expect(first).not.toHaveProperty("secret");
		expect(first.remaining).toBeGreaterThan(4000);
		expect([second.pid, first.pid === process.pid]).toEqual([first.pid, false]);
		expect(reply).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
		expect(reply.FunctionError).toBeUndefined();
		expect([server.invocations(), server.coldStarts()]).toEqual([2, 1]);
		expect(lines).toEqual(['got {"n":1}', 'got {"n":2}']);
	});

	test("rounds 64-bit integers, as the managed runtime does", async () => {
		const { client } = await start();
		const { answer } = await invoke(client, '{"shard_key": 12711972898206646278}');
		expect(answer.event.shard_key).toBe(Number("12711972898206646278"));
	});

	test("tells the end of the log where it is asked for", async () => {
		const { client } = await start();
		const { reply } = await invoke(client, {}, { LogType: "Tail" });
		expect(atob(reply.LogResult!)).toMatch(
			/^START RequestId: (\S+) Version: \$LATEST\ngot \{\}\nEND RequestId: \1\nREPORT RequestId: \1\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 2048 MB\tMax Memory Used: [1-9]\d* MB\n$/,
		);
	});

	test("answers an event and a dry run without a body", async () => {
		const { client } = await start();
		expect((await invoke(client, {}, { InvocationType: "Event" })).reply.StatusCode).toBe(202);
		expect((await invoke(client, {}, { InvocationType: "DryRun" })).reply.StatusCode).toBe(204);
	});

	test.each([
		[{ do: "throw" }, "TypeError", "no such thing"],
		[{ do: "exit" }, "Runtime.ExitError", "Runtime exited with error: exit status 3"],
		[{ do: "spin" }, "Sandbox.Timedout", "Task timed out after 1.00 seconds"],
		[{ do: "wait", milliseconds: 3000 }, "Sandbox.Timedout", "Task timed out after 1.00 seconds"],
		[{ do: "eat" }, "Runtime.OutOfMemory", "Runtime exited with error: signal: killed"],
		[{ do: "hoard" }, "Runtime.OutOfMemory", "Runtime exited with error: signal: killed"],
		[{ do: "flood" }, "Function.ResponseSizeTooLarge", "exceeded maximum allowed payload size"],
	])("a function that does %j fails in Lambda's own form, and the next one runs", async (event, type, message) => {
		const { client } = await start({
			timeoutSeconds: event.do === "eat" || event.do === "hoard" ? 20 : 1,
			memoryMegabytes: 128,
		});
		const { reply, answer } = await invoke(client, event);
		expect(reply).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled" });
		expect(answer.errorType).toBe(type);
		expect(answer.errorMessage).toContain(message);
		expect((await invoke(client, { n: 2 })).answer.event).toEqual({ n: 2 });
	});

	test("runs as many at once as it may, and throttles more", async () => {
		const { server, client } = await start({ concurrency: 2 });
		const all = await Promise.allSettled(
			Array.from({ length: 3 }, () => invoke(client, { do: "wait", milliseconds: 800 })),
		);
		expect(all.map(({ status }) => status).sort()).toEqual(["fulfilled", "fulfilled", "rejected"]);
		const refused = all.find((outcome) => outcome.status === "rejected")!;
		expect((refused as PromiseRejectedResult).reason).toMatchObject({
			name: "TooManyRequestsException",
			Reason: "ConcurrentInvocationLimitExceeded",
		});
		expect(server.coldStarts()).toBe(2);
	});

	test("refuses what is too large, and functions that it does not have", async () => {
		const { client } = await start();
		await expect(invoke(client, "x".repeat(6_291_457))).rejects.toMatchObject({ name: "RequestTooLargeException" });
		await expect(invoke(client, {}, { FunctionName: "other" })).rejects.toMatchObject({
			name: "ResourceNotFoundException",
		});
		const arn = "arn:aws:lambda:us-west-2:123456789012:function:process-shard";
		expect((await invoke(client, {}, { FunctionName: arn })).reply.StatusCode).toBe(200);
	});

	test("refuses an event that is no JSON, and takes none for an empty one", async () => {
		const { server, client } = await start();
		await expect(invoke(client, '{"a": NaN}')).rejects.toMatchObject({ name: "InvalidRequestContentException" });
		expect((await invoke(client, "")).answer.event).toEqual({});
		const large = JSON.stringify("x".repeat(1_048_575));
		await expect(invoke(client, large, { InvocationType: "Event" })).rejects.toMatchObject({
			name: "RequestTooLargeException",
		});
		expect(server.invocations()).toBe(1);
	});

	test("is not for pages in a browser", async () => {
		const { server } = await start();
		const headers = { origin: "https://example.org" };
		const url = `${server.url}/2015-03-31/functions/process-shard/invocations`;
		expect((await fetch(url, { method: "POST", body: "{}", headers })).status).toBe(403);
		expect(server.invocations()).toBe(0);
	});

	test("gives the function no login of whoever runs it", async () => {
		const file = join(folder, "environment.mjs");
		await writeFile(file, "export const handler = () => Object.keys(process.env).sort();");
		const { client } = await start({ bundle: file });
		const { answer } = await invoke(client, {});
		expect(answer.filter((name: string) => !name.startsWith("NODE_"))).toEqual([
			"AWS_CONFIG_FILE",
			"AWS_EC2_METADATA_DISABLED",
			"AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
			"AWS_LAMBDA_FUNCTION_NAME",
			"AWS_LAMBDA_FUNCTION_VERSION",
			"AWS_REGION",
			"AWS_SHARED_CREDENTIALS_FILE",
			"GIVEN",
			"LAMBDA_TASK_ROOT",
			"TZ",
		]);
	});

	test("fails every invocation of a bundle that cannot be loaded", async () => {
		const lines: string[] = [];
		const { client } = await start({ bundle: join(folder, "none.mjs"), onLog: (line) => lines.push(line) });
		expect((await invoke(client, {})).answer.errorMessage).toContain("Runtime exited with error: exit status 1");
		expect(lines.join()).toContain("ERR_MODULE_NOT_FOUND");
	});

	test("starts nothing any more when it is closed", async () => {
		const { server, client } = await start({ fault: () => ({ kind: "slow", seconds: 60 }) });
		const pending = invoke(client, {});
		const refused = expect(pending).rejects.toThrow();
		while (server.invocations() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
		await server.close();
		await refused;
		expect(server.coldStarts()).toBe(0);
	});

	test("has the reserved concurrency that it is given", async () => {
		const { client } = await start({ reservedConcurrency: 1 });
		const FunctionName = "process-shard";
		const concurrency = await client.send(new GetFunctionConcurrencyCommand({ FunctionName }));
		expect(concurrency.ReservedConcurrentExecutions).toBe(1);
		const all = await Promise.allSettled([1, 2].map(() => invoke(client, { do: "wait", milliseconds: 500 })));
		expect(all.find(({ status }) => status === "rejected")).toMatchObject({
			reason: { Reason: "ReservedFunctionConcurrentInvocationLimitExceeded" },
		});
	});

	test("tells its limits, and its present use", async () => {
		const { server, client } = await start({ concurrency: 7, memoryMegabytes: 512, timeoutSeconds: 33 });
		const FunctionName = "process-shard";
		expect((await client.send(new GetAccountSettingsCommand({}))).AccountLimit?.ConcurrentExecutions).toBe(107);
		expect(await client.send(new GetFunctionConfigurationCommand({ FunctionName }))).toMatchObject({
			Timeout: 33,
			MemorySize: 512,
		});
		expect((await client.send(new GetFunctionCommand({ FunctionName }))).Configuration?.Architectures).toEqual([
			"arm64",
		]);
		const concurrency = await client.send(new GetFunctionConcurrencyCommand({ FunctionName }));
		expect(concurrency.ReservedConcurrentExecutions).toBeUndefined();
		const cloudWatch = new CloudWatchClient({ ...configuration, endpoint: server.url });
		const { Datapoints } = await cloudWatch.send(
			new GetMetricStatisticsCommand({
				Namespace: "AWS/Lambda",
				MetricName: "ConcurrentExecutions",
				StartTime: new Date(0),
				EndTime: new Date(),
				Period: 60,
				Statistics: ["Maximum"],
			}),
		);
		expect(Datapoints?.[0]?.Maximum).toBe(0);
		cloudWatch.destroy();
	});

	test.each([
		["throttle", { name: "TooManyRequestsException" }],
		["denied", { name: "AccessDeniedException" }],
		["drop", { code: "ECONNRESET" }],
	] as const)("can be told to %s", async (kind, error) => {
		const { client } = await start({ fault: ({ index }) => (index === 0 ? { kind } : undefined) });
		await expect(invoke(client, {})).rejects.toMatchObject(error);
		expect((await invoke(client, {})).reply.StatusCode).toBe(200);
	});

	test("says when to come again, if told to", async () => {
		const { client } = await start({ fault: () => ({ kind: "throttle", retryAfterSeconds: 7 }) });
		await expect(invoke(client, {})).rejects.toMatchObject({
			name: "TooManyRequestsException",
			retryAfterSeconds: "7",
		});
	});

	test("can be told to fail as a function, to answer garbage and to be slow", async () => {
		const faults = ["timeout", "out-of-memory", "unhandled", "garbage"] as const;
		const { server, client } = await start({
			fault: ({ index }) => (index < 4 ? { kind: faults[index]! } : { kind: "slow", seconds: 0.3 }),
		});
		const types: unknown[] = [];
		for (let index = 0; index < 3; index++) types.push((await invoke(client, {})).answer.errorType);
		expect(types).toEqual(["Sandbox.Timedout", "Runtime.OutOfMemory", "Error"]);
		expect((await invoke(client, {})).text).toContain("<html>");
		const started = performance.now();
		expect((await invoke(client, {})).reply.StatusCode).toBe(200);
		expect(performance.now() - started).toBeGreaterThan(290);
		expect(server.coldStarts()).toBe(1);
	});
});

test("faults are read from text", () => {
	expect(parseFault("throttle:0.1")).toEqual({ fault: { kind: "throttle" }, share: 0.1 });
	expect(parseFault("slow=2.5:1")).toEqual({ fault: { kind: "slow", seconds: 2.5 }, share: 1 });
	for (const text of ["throttle", "slow:1", "throttle=2:1", "storm:0.5", "throttle:2", "throttle:-1"]) {
		expect(parseFault(text), text).toBeNull();
	}
});
