import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Ledger, openLedger } from "./ledger.ts";
import type { ScriptedStep } from "./scripted-cell.ts";
import { runScriptedCellInThread } from "./scripted-thread.ts";
import runScriptedCell, { scriptedWorkerModule } from "./scripted-worker.ts";

let ledger: Ledger;
beforeEach(() => {
	ledger = openLedger(tmpdir());
});
afterEach(() => ledger.remove());

const cell = (...steps: ScriptedStep[]) => ({ key: "c", ledger: ledger.folder, steps });

describe("the scripted worker", () => {
	it("does one step per attempt and repeats the last", async () => {
		const flaky = cell({ fail: "throttled" }, { afterMilliseconds: 1, return: 7 });
		await expect(runScriptedCell(flaky)).rejects.toMatchObject({ failureClass: "throttled" });
		expect(await runScriptedCell(flaky)).toBe(7);
		expect(await runScriptedCell(flaky)).toBe(7);
		expect(ledger.attempts("c").map(({ number }) => number)).toEqual([1, 2, 3]);
	});

	it("records what it was told, and when it began and ended", async () => {
		const before = Date.now();
		await runScriptedCell(cell({ afterMilliseconds: 5, return: 0 }), { index: 3, attempt: 2, runId: "r" });
		const [mark] = ledger.attempts("c");
		expect(mark).toMatchObject({ number: 1, index: 3, attempt: 2, runId: "r" });
		expect(mark!.startedAt).toBeGreaterThanOrEqual(before);
		expect(mark!.endedAt! - mark!.startedAt).toBeGreaterThanOrEqual(4);
	});

	it("counts attempts in several processes at once without losing any", async () => {
		const script = `
			const { default: work } = await import(${JSON.stringify(scriptedWorkerModule.href)});
			for (let attempt = 0; attempt < 20; attempt++) await work(${JSON.stringify(cell({ return: 0 }))});
		`;
		const run = () => promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
		await Promise.all([run(), run(), run()]);
		expect(ledger.attempts("c").map(({ number }) => number)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
	});

	it("leaves no trace and takes every attempt for the first without a ledger", async () => {
		const payload = { key: "c", ledger: null, steps: [{ return: 1 }, { return: 2 }] };
		expect([await runScriptedCell(payload), await runScriptedCell(payload)]).toEqual([1, 1]);
		expect(ledger.started()).toEqual([]);
	});

	it("beats until its time is up, or its ledger is gone", async () => {
		expect(await runScriptedCell(cell({ beat: "waiting", forMilliseconds: 40 }))).toBe(ledger.beats("c"));
		expect(ledger.beats("c")).toBeGreaterThan(1);
		const endless = runScriptedCell({ ...cell({ beat: "waiting", forMilliseconds: 60_000 }), key: "d" });
		ledger.remove();
		expect(await endless).toBeLessThan(100);
	});

	it("says so when a cell has no steps", async () => {
		await expect(runScriptedCell(cell())).rejects.toMatchObject({ code: "testkit/invalid-option" });
	});
});

describe("the ledger", () => {
	it("tells the most attempts that ran at once", async () => {
		const keys = ["a", "b", "c"];
		const run = (key: string, afterMilliseconds: number) =>
			runScriptedCell({ key, ledger: ledger.folder, steps: [{ afterMilliseconds, return: 0 }] });
		await run("before", 5);
		await Promise.all(keys.map((key) => run(key, 30)));
		expect(ledger.peak()).toBe(3);
		expect(ledger.started()).toEqual(["a", "b", "before", "c"]);
	});
});

describe("runScriptedCellInThread", () => {
	it("tells how the cell ended, also when it took its thread along", async () => {
		const steps: ScriptedStep[] = [
			{ return: { rows: [1] } },
			{ fail: "throttled" },
			{ fail: "untagged" },
			{ crash: "exit" },
			{ crash: "out-of-memory" },
		];
		const outcomes = steps.map((step) => runScriptedCellInThread({ key: "t", ledger: null, steps: [step] }, 64));
		expect(await Promise.all(outcomes)).toMatchObject([
			{ status: "succeeded", result: { rows: [1] } },
			{ status: "failed", failureClass: "throttled", message: "scripted fault: throttled" },
			{ status: "failed", failureClass: "untagged", errorName: "TypeError", message: "scripted bug in the work" },
			{ status: "failed", failureClass: "untagged", message: "exited with code 3" },
			{ status: "failed", failureClass: "out-of-memory" },
		]);
	});
});
