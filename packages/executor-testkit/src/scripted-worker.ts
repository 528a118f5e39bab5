import { appendFileSync, closeSync, existsSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { scriptedFault, TestkitError } from "./errors.ts";
import type { ScriptedCell, ScriptedContext, ScriptedStep } from "./scripted-cell.ts";

// Needs nothing but Node, so that it runs wherever an executor puts it: this thread, another one, another process or machine.

const MILLISECONDS_PER_BEAT = 5;

// More than any memory limit that a conformance run would set; without a limit it must not take the machine along.
const HOARD_LIMIT_BYTES = 1024 ** 3;

/**
 * Does what the cell's script says for this attempt. Attempts are counted by the marks in the ledger, not by what the executor
 * says, so that an attempt which nobody has been told of counts too.
 */
export default async function runScriptedCell(cell: ScriptedCell, context: ScriptedContext = {}): Promise<unknown> {
	const attempt = cell.ledger === null ? 1 : markStart(cell.ledger, cell.key, context);
	const step = cell.steps[Math.min(attempt, cell.steps.length) - 1];
	if (step === undefined) {
		throw new TestkitError("testkit/invalid-option", `The scripted cell ${cell.key} has no steps.`, {
			failureClass: "usage",
		});
	}
	try {
		if (step.afterMilliseconds !== undefined) await sleep(step.afterMilliseconds);
		return await perform(step, cell, attempt);
	} finally {
		markEnd(cell, attempt);
	}
}

/** The module of the scripted worker, to hand to whatever imports the work itself. */
export const scriptedWorkerModule = new URL(
	// In the build this code may lie in a shared chunk; the module is beside it.
	import.meta.url.endsWith(".ts") ? "./scripted-worker.ts" : "./scripted-worker.js",
	import.meta.url,
);

async function perform(step: ScriptedStep, cell: ScriptedCell, attempt: number): Promise<unknown> {
	if ("return" in step) return step.return;
	if ("lengthOf" in step) return step.lengthOf.length;
	if ("fail" in step) {
		throw step.fail === "untagged" ? new TypeError("scripted bug in the work") : scriptedFault(step.fail);
	}
	if ("crash" in step) return step.crash === "exit" ? process.exit(3) : fillMemory();
	if ("meet" in step) return meet(join(cell.ledger ?? "", `${step.meet}.1.started`), step.patienceMilliseconds);
	return beat(join(cell.ledger ?? "", `${cell.key}.${attempt}.beats`), step.beat, step.forMilliseconds);
}

/** Leaves the mark of a new attempt and returns its number. Creating a file exclusively is atomic across processes. */
function markStart(ledger: string, key: string, context: ScriptedContext): number {
	const { index, attempt, runId } = context;
	const mark = JSON.stringify({ time: Date.now(), index, attempt, runId });
	for (let number = 1; ; number++) {
		try {
			const file = openSync(join(ledger, `${key}.${number}.started`), "wx");
			writeSync(file, mark);
			closeSync(file);
			return number;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
		}
	}
}

function markEnd({ ledger, key }: ScriptedCell, attempt: number): void {
	// The test may be over, and its ledger gone, before work that nobody could stop.
	if (ledger === null || !existsSync(ledger)) return;
	writeFileSync(join(ledger, `${key}.${attempt}.ended`), JSON.stringify({ time: Date.now() }));
}

async function beat(file: string, kind: "waiting" | "computing", forMilliseconds: number): Promise<number> {
	const end = performance.now() + forMilliseconds;
	let beats = 0;
	while (performance.now() < end && append(file)) {
		beats++;
		if (kind === "waiting") await sleep(MILLISECONDS_PER_BEAT);
		else compute(MILLISECONDS_PER_BEAT);
	}
	return beats;
}

function append(file: string): boolean {
	try {
		appendFileSync(file, ".");
		return true;
	} catch {
		return false;
	}
}

function meet(file: string, patienceMilliseconds: number): boolean {
	const end = performance.now() + patienceMilliseconds;
	while (!existsSync(file)) {
		if (performance.now() > end) return false;
		compute(1);
	}
	return true;
}

function compute(milliseconds: number): void {
	const end = performance.now() + milliseconds;
	while (performance.now() < end);
}

function fillMemory(): never {
	const hoard: number[][] = [];
	const numbers = 100_000;
	while (hoard.length * numbers * 8 < HOARD_LIMIT_BYTES) hoard.push(new Array(numbers).fill(0.5));
	throw new TestkitError("testkit/nothing-to-crash", "The scripted cell filled 1 GiB and nothing stopped it.", {
		failureClass: "bug",
		remedy: "Make create() pass its memoryMegabytes on to the backend.",
		context: { arrays: hoard.length },
	});
}
