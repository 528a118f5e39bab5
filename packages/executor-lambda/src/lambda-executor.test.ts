import { dispatch, LAMBDA_RETRY, type RunReport, retryPolicy } from "@zagg/dispatch";
import { type LambdaServerOptions, type LambdaTestServer, startLambdaServer } from "@zagg/test-servers";
import { describe, expect, onTestFinished, test } from "vitest";
import type { LambdaExecutorError } from "./errors.ts";
import { type LambdaExecutor, lambdaExecutor, MAX_PAYLOAD_BYTES } from "./lambda-executor.ts";
import type { LambdaExecutorOptions } from "./options.ts";

const SECRETS = ["wJalrXUtnFEMI-secret", "FwoGZXIvYXdzE-token", "payload-secret"];
type Options = Partial<LambdaExecutorOptions<unknown, unknown>>;

async function start(
	server: LambdaServerOptions,
	options: Options = {},
): Promise<{ server: LambdaTestServer; executor: LambdaExecutor<unknown, unknown> }> {
	const running = await startLambdaServer(server);
	const executor = lambdaExecutor<unknown, unknown>({
		functionName: "process-shard",
		region: "us-west-2",
		endpoint: running.url,
		credentials: { accessKeyId: "AKIA", secretAccessKey: SECRETS[0]!, sessionToken: SECRETS[1]! },
		...options,
	});
	onTestFinished(async () => {
		await executor.shutdown();
		await running.close();
	});
	return { server: running, executor };
}

/** Runs payloads without waiting between attempts. */
async function run(
	executor: LambdaExecutor<unknown, unknown>,
	payloads: Iterable<unknown>,
	signal?: AbortSignal,
): Promise<RunReport> {
	const { workers } = await executor.preflight(1000);
	const retry = { ...LAMBDA_RETRY, backoff: () => 0 };
	return dispatch(executor, payloads, { workers, retry, ...(signal && { signal }) });
}

describe("lambdaExecutor", () => {
	test("invokes once per cell, synchronously and without a log, and reads the answer", async () => {
		const { server, executor } = await start({ answer: ({ event }) => ({ body: `{"got":${event}}` }) });
		const report = await run(executor, [{ secret: SECRETS[2] }, 2]);
		expect(report.results).toEqual([{ got: { secret: SECRETS[2] } }, { got: 2 }]);
		expect(server.invocations.map(({ functionName }) => functionName)).toEqual(["process-shard", "process-shard"]);
		expect(server.invocations[0]!.headers).toMatchObject({ "x-amz-invocation-type": "RequestResponse" });
		expect(server.invocations[0]!.headers).not.toHaveProperty("x-amz-log-type");
	});

	test("sends and reads what the caller's own encoding makes", async () => {
		const { server, executor } = await start(
			{ answer: () => ({ body: "12711972898206646278" }) },
			{ encode: (payload) => `{"key": ${payload}}`, decode: BigInt },
		);
		expect((await run(executor, [12711972898206646278n])).results).toEqual([12711972898206646278n]);
		expect(server.invocations[0]!.event).toBe('{"key": 12711972898206646278}');
	});

	test("must be asked for its width first", async () => {
		const { executor } = await start({});
		const options = { signal: new AbortController().signal, runId: "r", index: 0, attempt: 1 };
		await expect(executor.submit({}, options)).rejects.toThrow("LambdaExecutor.preflight() must run before submit()");
		expect(() => lambdaExecutor({ functionName: "" })).toThrow("functionName");
		expect(() => lambdaExecutor({ functionName: "f", workers: 0 })).toThrow("at least 1");
	});

	test("has as many connections as cells at once, beyond the SDK's fifty", async () => {
		const { server, executor } = await start(
			{ accountLimit: 10_000, answer: () => ({ delayMilliseconds: 300 }) },
			{ workers: 120 },
		);
		expect((await executor.preflight(1000)).workers).toBe(120);
		await run(
			executor,
			Array.from({ length: 240 }, (_, index) => index),
		);
		expect(server.mostAtOnce()).toBe(120);
		await executor.shutdown();
		await executor.shutdown();
		await expect.poll(() => server.connections()).toBe(0);
		await expect(executor.preflight(1)).rejects.toMatchObject({ code: "executor-lambda/shut-down" });
	});

	test("never asks for more than the cells there are", async () => {
		const { executor } = await start({ accountLimit: 1000, currentConcurrent: 200 });
		expect((await executor.preflight(10_000)).workers).toBe(700);
		expect((await executor.preflight(3)).workers).toBe(3);
		expect((await executor.preflight(0)).workers).toBe(1);
	});
});

describe("failures", () => {
	const timedOut =
		'{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: 1 Error: Task timed out after 3.00 seconds"}';
	const killed =
		'{"errorType":"Runtime.ExitError","errorMessage":"RequestId: 1 Error: Runtime exited with error: signal: killed"}';
	const unhandled = '{"errorType":"TypeError","errorMessage":"x is not a function","trace":[]}';

	test.each([
		["timeout", { functionError: "Unhandled", body: timedOut }, "timeout", "timeout", 1, true],
		["out of memory", { functionError: "Unhandled", body: killed }, "out-of-memory", "out-of-memory", 1, true],
		["unhandled", { functionError: "Unhandled", body: unhandled }, "function-error", "bug", 1, true],
		["garbage", { body: "<html>" }, "bad-response", "bug", 1, true],
		["an empty answer", { body: "" }, "bad-response", "bug", 1, true],
		["throttled", { status: 429, errorName: "TooManyRequestsException" }, "throttled", "throttled", 3, false],
		["a dropped connection", { drop: true }, "transport", "transport", 3, true],
		["a failing service", { status: 503, errorName: "ServiceException" }, "transport", "transport", 3, true],
		["denied", { status: 403, errorName: "AccessDeniedException" }, "access-denied", "access-denied", 1, false],
		["refused", { status: 400, errorName: "InvalidRequestContentException" }, "refused", "usage", 1, false],
	] as const)("%s", async (_, answer, code, failureClass, invocations, ran) => {
		const { server, executor } = await start({ answer: () => ({ delayMilliseconds: 20, ...answer }) });
		const report = await run(executor, [{ secret: SECRETS[2] }]);
		expect(server.invocations).toHaveLength(invocations);
		const [failure] = report.failures;
		expect(failure).toMatchObject({ failureClass, error: { code: `executor-lambda/${code}` } });
		// What ran is paid for.
		expect(report.cost.computeTimeSeconds > 0.015).toBe(ran);
		expect(report.cost.costUsd > 0).toBe(ran);
		const told = JSON.stringify(report, (_key, value) =>
			value instanceof Error ? Object.getOwnPropertyNames(value).map((name) => Reflect.get(value, name)) : value,
		);
		const { payload: _payload, ...rest } = failure!;
		expect(SECRETS.slice(0, 2).filter((secret) => told.includes(secret))).toEqual([]);
		expect(String(rest.message) + String((rest.error as Error).stack)).not.toContain(SECRETS[2]);
	});

	test("the first hundred characters of a function's error are told", async () => {
		const { executor } = await start({ answer: () => ({ functionError: "Unhandled", body: unhandled.repeat(5) }) });
		await executor.preflight(1);
		const options = { signal: new AbortController().signal, runId: "r", index: 0, attempt: 1 };
		const error = await executor.submit({}, options).catch((thrown: Error) => thrown);
		expect((error as Error).message).toBe(`Lambda error (Unhandled): ${unhandled.repeat(5).slice(0, 100)}`);
	});

	test("throttled twice, then fine: three invocations, one cell", async () => {
		const { server, executor } = await start({
			answer: ({ index }) => (index < 2 ? { status: 429, errorName: "TooManyRequestsException" } : { body: "7" }),
		});
		const report = await run(executor, [1]);
		expect([report.results, report.attempts, server.invocations.length]).toEqual([[7], 3, 3]);
	});

	test("a delay that the service asks for reaches the loop", async () => {
		const { executor } = await start({
			answer: () => ({ status: 429, errorName: "TooManyRequestsException", headers: { "retry-after": "2" } }),
		});
		await executor.preflight(1);
		const report = await dispatch(executor, [1], { workers: 1, retry: retryPolicy({ maxAttempts: 1 }) });
		expect((report.failures[0]!.error as LambdaExecutorError).context).toMatchObject({ retryAfterSeconds: 2 });
	});

	test("an unknown function ends the run", async () => {
		const { server, executor } = await start({
			answer: () => ({ status: 404, errorName: "ResourceNotFoundException" }),
		});
		await expect(run(executor, [1, 2, 3].values())).rejects.toMatchObject({ code: "dispatch/run-fatal" });
		expect(server.invocations.length).toBeLessThanOrEqual(3);
	});

	test("a payload that is too large is not sent", async () => {
		const { server, executor } = await start({});
		const payload = "x".repeat(MAX_PAYLOAD_BYTES - 2);
		const report = await run(executor, [payload, `${payload}x`]);
		expect([report.results.length, server.invocations.length]).toEqual([1, 1]);
		expect(report.failures[0]).toMatchObject({
			failureClass: "usage",
			error: {
				code: "executor-lambda/payload-too-large",
				message: "the payload has 6291457 bytes, and AWS Lambda takes at most 6291456",
			},
		});
		expect(report.cost.computeTimeSeconds).toBeLessThan(2);
	});

	test("an answer that takes longer than the function may is a lost one", async () => {
		const { server, executor } = await start(
			{ answer: () => ({ delayMilliseconds: 2000 }) },
			{ functionTimeoutSeconds: -29.5 },
		);
		await executor.preflight(1);
		const report = await dispatch(executor, [1], { workers: 1 });
		expect(report.failures[0]).toMatchObject({ failureClass: "transport" });
		expect(server.invocations).toHaveLength(1);
		expect(report.cost.computeTimeSeconds).toBeGreaterThan(0.4);
	});

	test("a cancelled run stops waiting", async () => {
		const { server, executor } = await start({ answer: () => ({ delayMilliseconds: 5000 }) });
		const controller = new AbortController();
		setTimeout(() => controller.abort(), 150);
		const report = await run(executor, [1, 2], controller.signal);
		expect(report).toMatchObject({ completionReason: "cancelled", cellsCancelled: 2 });
		expect(server.invocations).toHaveLength(2);
		// What goes on running on AWS is at least counted as long as it was watched.
		expect(report.cost.computeTimeSeconds).toBeGreaterThan(0.1);
	});
});

describe("cost", () => {
	const costOf = (result: unknown, options: Options = {}) =>
		lambdaExecutor<unknown, { s: number }>({
			functionName: "f",
			durationSeconds: (answer) => answer.s,
			...(options as object),
		}).measureCost({
			status: "succeeded",
			index: 0,
			attempt: 1,
			durationSeconds: 99,
			result: result as { s: number },
		});

	test("is what the result says, at 2 GB", () => {
		expect(costOf({ s: 3 })).toEqual({ computeTimeSeconds: 3, gbSeconds: 6, costUsd: 6 * 0.0000133334 });
		expect(costOf({})).toEqual({ computeTimeSeconds: 0, gbSeconds: 0, costUsd: 0 });
		expect(costOf({ s: 3 }, { memoryGb: 4, pricePerGbSecond: 1 })).toMatchObject({ gbSeconds: 12, costUsd: 12 });
	});

	test("adds up in the order of completion", async () => {
		const { executor } = await start(
			{ answer: ({ event }) => ({ body: event }) },
			{ workers: 1, durationSeconds: Number },
		);
		const report = await run(executor, [0.1, 0.2, 0.3, 12.7]);
		expect(report.cost.computeTimeSeconds).toBe(13.299999999999999);
	});
});
