import assert from "node:assert/strict";
import { emptyRunReport, isExecutor } from "@zagg/dispatch";
import type { TestGroup } from "../suite.ts";

const CAPABILITY_VALUES: Readonly<Record<string, (value: unknown) => boolean>> = {
	cancelsRunningWork: isBoolean,
	isolatesCrashes: isBoolean,
	runsInParallel: isBoolean,
	transfer: (value) => ["reference", "structured-clone", "json"].includes(value as string),
	maxPayloadBytes: (value) => value === null || (Number.isInteger(value) && (value as number) > 0),
	costSource: (value) => ["wall-clock", "meter", "none"].includes(value as string),
};

/** preflight, cells, finalize, shutdown. */
export const lifecycle: TestGroup = {
	name: "lifecycle",
	define({ test }) {
		test("is an executor of this contract with a short lower-case name", async ({ executor }) => {
			assert.equal(isExecutor(executor), true, "isExecutor(executor)");
			assert.match(executor.name, /^[a-z][a-z0-9-]*$/);
		});

		test("says everything about its capabilities, and stays with it", async ({ executor, run, cell }) => {
			const before: Record<string, unknown> = { ...executor.capabilities };
			for (const [capability, isValid] of Object.entries(CAPABILITY_VALUES)) {
				assert.ok(isValid(before[capability]), `capabilities.${capability} is ${String(before[capability])}`);
			}
			await run([cell({ return: 1 })]);
			assert.deepEqual({ ...executor.capabilities }, before);
		});

		test("tells in preflight how many cells may be in flight, for any count, and starts none", async (scenario) => {
			const { executor, ledger } = scenario;
			for (const cellCount of [0, 1, 1000]) {
				const report = await executor.preflight(cellCount);
				assert.ok(Number.isInteger(report.workers) && report.workers >= 1, `workers for ${cellCount} cells`);
				assert.ok("detail" in report, "detail");
			}
			assert.deepEqual(ledger.started(), []);
		});

		test("gives preflight up when its signal is aborted", async ({ another }) => {
			const executor = await another();
			await assert.rejects(executor.preflight(1, { signal: AbortSignal.abort() }));
		});

		test("goes through preflight, cells, finalize and shutdown", async ({ executor, run, cell }) => {
			const report = await run([cell({ return: "a" }), cell({ return: "b" }), cell({ return: "c" })]);
			assert.deepEqual(report.results.toSorted(), ["a", "b", "c"]);
			assert.equal(report.completionReason, "completed");
			const closing = await executor.finalize();
			assert.deepEqual(Object.keys(closing).toSorted(), Object.keys(emptyRunReport()).toSorted());
			assert.equal(await executor.shutdown(), undefined);
		});

		test("can be finalized without a cell", async ({ executor }) => {
			const closing = await executor.finalize();
			assert.equal(closing.cellsCompleted, 0);
		});
	},
};

function isBoolean(value: unknown): boolean {
	return typeof value === "boolean";
}
