import type { ExecutorCapabilities } from "@zagg/dispatch";
import { backPressure } from "./groups/back-pressure.ts";
import { cancel } from "./groups/cancel.ts";
import { cost } from "./groups/cost.ts";
import { disposal } from "./groups/disposal.ts";
import { events } from "./groups/events.ts";
import { failureClasses } from "./groups/failure-classes.ts";
import { lifecycle } from "./groups/lifecycle.ts";
import { memory } from "./groups/memory.ts";
import { payloads } from "./groups/payloads.ts";
import { submit } from "./groups/submit.ts";
import type { ExecutorTestOptions } from "./options.ts";
import { setupFor } from "./scenario.ts";
import { registerGroups } from "./suite.ts";
import { transparentExecutor } from "./transparent-executor.ts";

const GROUPS = [lifecycle, submit, failureClasses, cancel, cost, backPressure, disposal, payloads, events];

/**
 * Registers the conformance suite for an executor with a test runner; call it where tests are defined, and await it. What is
 * tested follows from the executor's own `capabilities`, and they are held to be true.
 *
 * Everything runs twice, the second time behind `transparentExecutor`, to show that nothing depends on the object's identity;
 * the memory test, which is the longest, once.
 */
export async function testExecutor(options: ExecutorTestOptions): Promise<void> {
	const capabilities = await capabilitiesOf(options);
	registerGroups(options.name, options, capabilities, [...GROUPS, memory]);
	if (options.decorated === false) return;
	const create: ExecutorTestOptions["create"] = async (setup) => transparentExecutor(await options.create(setup));
	registerGroups(`${options.name}, decorated`, { ...options, create }, capabilities, GROUPS);
}

async function capabilitiesOf(options: ExecutorTestOptions): Promise<ExecutorCapabilities> {
	const executor = await options.create(setupFor(1));
	await executor.shutdown();
	return executor.capabilities;
}
