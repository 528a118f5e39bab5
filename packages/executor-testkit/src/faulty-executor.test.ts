import { dispatch, failureClassOf, retryPolicy } from "@zagg/dispatch";
import { localExecutor } from "@zagg/executor-local";
import { expect, it } from "vitest";
import { faultyExecutor, type SubmitFault } from "./faulty-executor.ts";

function squares(script: readonly SubmitFault[]) {
	const ran: number[] = [];
	const work = (payload: number) => {
		ran.push(payload);
		return payload * payload;
	};
	const executor = faultyExecutor(localExecutor({ workers: 1, work }), script);
	return { executor, ran };
}

const retry = retryPolicy({ maxAttempts: 3, baseSeconds: 0, maxSeconds: 0 });

it("fails the next submit once, without running the work, and leaves the rest alone", async () => {
	const { executor, ran } = squares([{ error: "throttled" }]);
	const report = await dispatch(executor, [2, 3], { workers: 1, retry });
	expect(report.results).toEqual([4, 9]);
	expect(report.attempts).toBe(3);
	expect(ran).toEqual([2, 3]);
	expect(executor.injected).toMatchObject([{ index: 0, attempt: 1, error: { failureClass: "throttled" } }]);
});

it("fails a chosen cell, a chosen attempt, after some and so often", async () => {
	const { executor } = squares([
		{ error: "data", index: 1 },
		{ error: "transport", attempt: 1, after: 1, times: 2 },
	]);
	const report = await dispatch(executor, [1, 2, 3, 4, 5], { workers: 1, retry });
	expect(executor.injected.map(({ index, attempt, error }) => [index, attempt, failureClassOf(error)])).toEqual([
		[1, 1, "data"],
		[2, 1, "transport"],
		[3, 1, "transport"],
	]);
	expect(report.results).toEqual([1, 9, 16, 25]);
	expect(report.failures.map(({ index, failureClass }) => [index, failureClass])).toEqual([[1, "data"]]);
});

it("loses the answer to work that has run", async () => {
	const { executor, ran } = squares([{ error: "transport", lose: "answer" }]);
	const report = await dispatch(executor, [5], { workers: 1, retry });
	expect(report).toMatchObject({ results: [25], attempts: 2 });
	expect(ran).toEqual([5, 5]);
});

it("rejects with the given error itself, and stops a run with a fatal one", async () => {
	const full = Object.assign(new Error("no descriptors"), { code: "EMFILE" });
	const { executor, ran } = squares([{ error: full, index: 1 }]);
	await expect(dispatch(executor, [1, 2, 3], { workers: 1 })).rejects.toMatchObject({
		code: "dispatch/too-many-open-files",
		cause: full,
	});
	expect(ran).toEqual([1]);
});

it("is otherwise the executor that it wraps", async () => {
	const { executor } = squares([]);
	expect(executor).toMatchObject({ name: "local", specVersion: 1, capabilities: { transfer: "reference" } });
	expect(await executor.preflight(9)).toEqual({ workers: 1, detail: null });
	await executor.shutdown();
	await expect(dispatch(executor, [1], { workers: 1 })).resolves.toMatchObject({ cellsError: 1 });
});
