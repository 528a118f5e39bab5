import type { Executor } from "@zagg/dispatch";
import type { ScriptedCell, ScriptedContext } from "./scripted-cell.ts";

/** What the suite needs of a test runner: that of vitest, of `node:test`, of Jest. */
export interface TestRunner {
	describe(name: string, body: () => void): unknown;
	readonly it: TestFunction & {
		/** For tests that the executor's own capabilities rule out, so that they stay visible. */
		readonly skip: TestFunction;
	};
}

/** Registers one test. */
export type TestFunction = (name: string, body: () => Promise<void>) => unknown;

/** What an executor under test is to be made for. Take what applies. */
export interface ExecutorSetup {
	/** The module whose default export is the work, for executors that import it elsewhere. */
	readonly module: URL;
	/** The same work, for executors that call it. */
	readonly work: (cell: ScriptedCell, context?: ScriptedContext) => Promise<unknown>;
	/** The most cells at once. */
	readonly workers: number;
	/** What a cell may have, where the backend can bound it: a cell that fills its memory must fail, not the machine. */
	readonly memoryMegabytes: number;
}

/** Options of `testExecutor`. */
export interface ExecutorTestOptions {
	/** Heads the report. */
	readonly name: string;
	/** `{ describe, it }` of the test runner. */
	readonly runner: TestRunner;
	/** Makes a new executor; the suite shuts it down. Called at least once per test. */
	create(setup: ExecutorSetup): Executor<ScriptedCell, unknown> | Promise<Executor<ScriptedCell, unknown>>;
	/** How long the slowest backend may take to start a cell, or to end one. Default: 10. The runner's own limit must be longer. */
	readonly patienceSeconds?: number;
	/** Cells of the memory test's long run, which is compared with one of a hundredth. Default: 100,000; less for slow backends. */
	readonly memoryCells?: number;
	/** Cells at once in the memory test; more for backends that take many at once, but long for each. Default: 2. */
	readonly memoryWorkers?: number;
	/** Whether to run everything again behind `transparentExecutor`. Default: true. */
	readonly decorated?: boolean;
	/** An existing folder that this process and the workers share. Default: the machine's folder for temporary files. */
	readonly folder?: string;
}
