import type { ExecutorCapabilities } from "@zagg/dispatch";
import type { ExecutorTestOptions } from "./options.ts";
import { type Scenario, withScenario } from "./scenario.ts";

/** What a group of tests gets: how to register a test, and what the executor says that it can do. */
export interface Suite {
	readonly capabilities: ExecutorCapabilities;
	readonly patienceSeconds: number;
	readonly memoryCells: number;
	readonly memoryWorkers: number;
	/** Registers a test with an executor of its own, for two cells at once unless told otherwise. */
	test(name: string, body: (scenario: Scenario) => Promise<void>, workers?: number): void;
	/** The same, skipped in plain sight unless the executor's capabilities call for it. */
	testIf(capable: boolean, name: string, body: (scenario: Scenario) => Promise<void>, workers?: number): void;
}

/** Some tests under one heading. */
export interface TestGroup {
	readonly name: string;
	define(suite: Suite): void;
}

/** Registers groups of tests with the runner, under `name`. */
export function registerGroups(
	name: string,
	options: ExecutorTestOptions,
	capabilities: ExecutorCapabilities,
	groups: readonly TestGroup[],
): void {
	const { describe, it } = options.runner;
	const suite: Suite = {
		capabilities,
		patienceSeconds: options.patienceSeconds ?? 10,
		memoryCells: options.memoryCells ?? 100_000,
		memoryWorkers: options.memoryWorkers ?? 2,
		test: (title, body, workers = 2) => {
			it(title, () => withScenario(options, workers, body));
		},
		testIf: (capable, title, body, workers) => {
			if (capable) suite.test(title, body, workers);
			else it.skip(title, async () => {});
		},
	};
	describe(name, () => {
		for (const group of groups) describe(group.name, () => group.define(suite));
	});
}
