import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { type LambdaServerOptions, startLambdaServer } from "@zagg/test-servers";
import { describe, expect, test } from "vitest";
import {
	availableWorkers,
	type ConcurrencyReport,
	concurrencyLogLines,
	probeConcurrency,
	roomFor,
} from "./concurrency.ts";

async function probe(options: LambdaServerOptions): Promise<ConcurrencyReport> {
	await using server = await startLambdaServer(options);
	const configuration = {
		endpoint: server.url,
		region: "us-west-2",
		credentials: { accessKeyId: "AKIA", secretAccessKey: "secret" },
	};
	const lambda = new LambdaClient(configuration);
	const cloudWatch = new CloudWatchClient(configuration);
	try {
		return await probeConcurrency(lambda, cloudWatch, "process-shard");
	} finally {
		lambda.destroy();
		cloudWatch.destroy();
	}
}

describe("roomFor", () => {
	test.each([
		[1000, 200, 100, 700],
		[1000, 0, 100, 900],
		[10000, 0, 500, 9500],
		[100, 200, 100, 1],
		[null, 7, 100, null],
	])("limit %s with %i in use: padding %i, available %s", (limit, current, padding, available) => {
		expect(roomFor(limit, current)).toEqual({ padding, available });
	});
});

describe("availableWorkers", () => {
	test.each([
		[1700, 8192, 1000, 200, 700],
		[1700, 256, 1000, 0, 224],
		[50, 8192, 10000, 0, 50],
		[1700, 256, null, 0, 224],
		[1700, 16, 100, 200, 1],
		[0, 8192, 1000, 0, 1],
	])("%i asked for, %i descriptors, limit %s with %i in use: %i", (requested, soft, limit, current, workers) => {
		expect(availableWorkers(requested, roomFor(limit, current), soft)).toBe(workers);
	});
});

describe("probeConcurrency", () => {
	test("reads the limit, the use and the reserve", async () => {
		expect(await probe({ accountLimit: 1000, currentConcurrent: 200, reserved: 50 })).toEqual({
			accountLimit: 1000,
			currentConcurrent: 200,
			padding: 100,
			available: 700,
			functionReserved: 50,
			warnings: [],
		});
		expect((await probe({})).functionReserved).toBeNull();
	});

	test("goes on where reading is denied, and says what", async () => {
		const report = await probe({ accountLimit: null, currentConcurrent: null, reserved: null });
		expect(report).toMatchObject({ accountLimit: null, currentConcurrent: 0, available: null, functionReserved: null });
		expect(report.warnings).toEqual([
			"Could not read account concurrency ceiling (lambda:GetAccountSettings): as scripted",
			"Could not read current concurrency (cloudwatch:GetMetricStatistics): as scripted",
			"Could not read function concurrency (lambda:GetFunctionConcurrency) for process-shard: as scripted",
		]);
	});
});

test("the log tells the width and why", async () => {
	const report = await probe({ accountLimit: 1000, currentConcurrent: 200, reserved: 50 });
	expect(concurrencyLogLines(report, 700)).toEqual([
		{ level: "info", message: "Function reserved concurrency: 50" },
		{
			level: "info",
			message: "Account concurrency: limit=1000, current=200, padding=100, available=700 -> using 700 workers",
		},
	]);
	const blind = { ...report, accountLimit: null, available: null, functionReserved: null };
	expect(concurrencyLogLines(blind, 224)).toEqual([
		{
			level: "warn",
			message: "Account concurrency unreadable (missing IAM?); bounding workers by file-descriptor limit only -> 224",
		},
	]);
});
