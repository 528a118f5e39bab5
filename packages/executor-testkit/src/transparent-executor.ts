import type { Executor } from "@zagg/dispatch";

/**
 * Wraps an executor so that nothing about it changes but its identity: another object, other functions. The base of every
 * decorator: `{ ...transparentExecutor(executor), submit }`.
 */
export function transparentExecutor<Payload, Result>(executor: Executor<Payload, Result>): Executor<Payload, Result> {
	return {
		name: executor.name,
		specVersion: executor.specVersion,
		capabilities: executor.capabilities,
		preflight: (cellCount, options) => executor.preflight(cellCount, options),
		submit: (payload, options) => executor.submit(payload, options),
		measureCost: (outcome) => executor.measureCost(outcome),
		finalize: (options) => executor.finalize(options),
		shutdown: () => executor.shutdown(),
	};
}
