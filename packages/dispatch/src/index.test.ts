import { expect, expectTypeOf, it } from "vitest";
import * as api from "./index.ts";
import { scriptedExecutor, virtualClock } from "./test-support.ts";

it("exports exactly this", () => {
	expect(Object.keys(api).sort()).toEqual([
		"DispatchError",
		"LAMBDA_MEMORY_GB",
		"LAMBDA_PRICE_PER_GB_SECOND",
		"LAMBDA_RETRY",
		"LOCAL_RETRY",
		"RETRYABLE_FAILURE_CLASSES",
		"addCost",
		"dispatch",
		"emptyRunReport",
		"errorText",
		"failureClassOf",
		"fileDescriptorSafeWorkers",
		"isExecutor",
		"isFileDescriptorExhaustion",
		"isZaggError",
		"openFileLimits",
		"priceRun",
		"retryPolicy",
		"systemClock",
		"tooManyOpenFilesMessage",
		"workerLimit",
		"zeroCost",
	]);
});

it("tells an executor by its members", () => {
	const executor = scriptedExecutor(virtualClock(), () => ({ result: 1 }));
	expect(api.isExecutor(executor)).toBe(true);
	for (const member of Object.keys(executor).filter((key) => key !== "calls" && key !== "peak")) {
		expect(api.isExecutor({ ...executor, [member]: undefined }), member).toBe(false);
	}
	expect(api.isExecutor({ ...executor, specVersion: 2 })).toBe(false);
	expect(api.isExecutor(null)).toBe(false);
	expect(api.isExecutor("lambda")).toBe(false);
});

it("carries payload and result types from the executor into the report", () => {
	type Report = Awaited<ReturnType<typeof api.dispatch<{ shardKey: bigint }, number[]>>>;
	expectTypeOf<Report["results"]>().toEqualTypeOf<number[][]>();
	expectTypeOf<Report["failures"][number]["payload"]>().toEqualTypeOf<{ shardKey: bigint }>();
});
