import { tmpdir } from "node:os";
import { type DispatchOptions, dispatch, type Executor, type RunReport, type SubmitOptions } from "@zagg/dispatch";
import { type Ledger, openLedger } from "./ledger.ts";
import type { ExecutorSetup, ExecutorTestOptions } from "./options.ts";
import type { ScriptedCell, ScriptedStep } from "./scripted-cell.ts";
import runScriptedCell, { scriptedWorkerModule } from "./scripted-worker.ts";
import { eventually, within } from "./waiting.ts";

// A Node heap starts with about 10 MB; the scripted worker needs next to nothing.
const MEMORY_MEGABYTES = 64;

/** What a test has: an executor of its own, a ledger of what really ran, and shorthands. */
export interface Scenario {
	/** Ready for `submit`: it has been preflighted. */
	readonly executor: Executor<ScriptedCell, unknown>;
	/** How many cells may be in flight, as its preflight said. */
	readonly workers: number;
	readonly ledger: Ledger;
	readonly patienceSeconds: number;
	/** A payload of a new cell: what its attempts do, one step each. */
	cell(...steps: readonly ScriptedStep[]): ScriptedCell;
	/** Submits a cell, as its first attempt unless told otherwise; rejects if that takes too long. */
	submit(cell: ScriptedCell, options?: Partial<SubmitOptions>): Promise<unknown>;
	/** What `submit` rejects with; fails if it resolves. */
	submitFailing(cell: ScriptedCell, options?: Partial<SubmitOptions>): Promise<unknown>;
	/** Runs cells through the loop, without waiting between attempts unless a policy says so. */
	run(
		cells: Iterable<ScriptedCell> | AsyncIterable<ScriptedCell>,
		options?: Partial<DispatchOptions<ScriptedCell, unknown>>,
	): Promise<RunReport<unknown, ScriptedCell>>;
	/** Resolves once the cell has been started. */
	untilStarted(cell: ScriptedCell): Promise<void>;
	/** One more executor, as `create` made it. */
	another(): Promise<Executor<ScriptedCell, unknown>>;
}

/** Opens a scenario, and closes it whatever the test did. */
export async function withScenario(
	options: Pick<ExecutorTestOptions, "create" | "patienceSeconds" | "folder">,
	workers: number,
	body: (scenario: Scenario) => Promise<void>,
): Promise<void> {
	const { patienceSeconds = 10, folder = tmpdir() } = options;
	const ledger = openLedger(folder);
	const executors: Executor<ScriptedCell, unknown>[] = [];
	const another = async () => {
		const executor = await options.create(setupFor(workers));
		executors.push(executor);
		return executor;
	};
	try {
		const executor = await another();
		const preflight = await executor.preflight(workers);
		let cells = 0;
		const submit = (payload: ScriptedCell, given: Partial<SubmitOptions> = {}) => {
			const { signal = new AbortController().signal, runId = "conformance", index = 0, attempt = 1 } = given;
			const attempted = executor.submit(payload, { signal, runId, index, attempt });
			return within(patienceSeconds, `submit of ${payload.key} settles`, attempted);
		};
		await body({
			executor,
			workers: preflight.workers,
			ledger,
			patienceSeconds,
			cell: (...steps) => ({ key: `cell-${cells++}`, ledger: ledger.folder, steps }),
			submit,
			submitFailing: (payload, given) =>
				submit(payload, given).then(
					(result) => {
						throw new Error(`submit of ${payload.key} must reject, but resolved with ${String(result)}`);
					},
					(error: unknown) => error,
				),
			run: (payloads, given = {}) => dispatch(executor, payloads, { workers: preflight.workers, ...given }),
			untilStarted: ({ key }) => eventually(patienceSeconds, `${key} starts`, () => ledger.attempts(key).length > 0),
			another,
		});
	} finally {
		await Promise.all(executors.map((executor) => executor.shutdown()));
		ledger.remove();
	}
}

/** What the suite asks `create` for. */
export function setupFor(workers: number): ExecutorSetup {
	return { module: scriptedWorkerModule, work: runScriptedCell, workers, memoryMegabytes: MEMORY_MEGABYTES };
}
