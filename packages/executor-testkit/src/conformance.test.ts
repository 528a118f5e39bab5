import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Executor, ExecutorCapabilities } from "@zagg/dispatch";
import { localExecutor } from "@zagg/executor-local";
import { describe, expect, it } from "vitest";
import { testExecutor } from "./conformance.ts";
import type { ExecutorSetup, TestRunner } from "./options.ts";
import type { ScriptedCell } from "./scripted-cell.ts";
import runScriptedCell from "./scripted-worker.ts";
import { transparentExecutor } from "./transparent-executor.ts";

// Every thread would otherwise compile its modules anew.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), "node-compile-cache");

type CellExecutor = Executor<ScriptedCell, unknown>;
type Create = (setup: ExecutorSetup) => CellExecutor;

/** Registers the suite, runs the tests below one heading and returns the titles of those that fail. */
async function runSuite(heading: string, create: Create, patienceSeconds = 0.4) {
	const headings: string[] = [];
	const tests: { readonly name: string; readonly body: () => Promise<void> }[] = [];
	const skipped: string[] = [];
	const nameOf = (title: string) => [...headings, title].join(" > ");
	const register = (title: string, body: () => Promise<void>) => tests.push({ name: nameOf(title), body });
	const runner: TestRunner = {
		describe(title, body) {
			headings.push(title);
			body();
			headings.pop();
		},
		it: Object.assign(register, { skip: (title: string) => skipped.push(nameOf(title)) }),
	};
	await testExecutor({ name: "plain", runner, create, patienceSeconds, memoryCells: 20_000 });
	const failed: string[] = [];
	const chosen = tests.filter(({ name }) => name.startsWith(`${heading} > `));
	expect(chosen.length).toBeGreaterThan(0);
	for (const { name, body } of chosen) await body().catch(() => failed.push(name.slice(heading.length + 3)));
	return { failed, skipped, names: tests.map(({ name }) => name) };
}

const lanes: Create = ({ work, workers }) => localExecutor({ work, workers });

/** Lanes with some members replaced; `change` gets the honest executor. */
const lanesBut =
	(change: (honest: CellExecutor) => Partial<CellExecutor>): Create =>
	(setup) => {
		const honest = lanes(setup);
		return { ...transparentExecutor(honest), ...change(honest) };
	};

const lanesClaiming = (claims: Partial<ExecutorCapabilities>) =>
	lanesBut(({ capabilities }) => ({ capabilities: { ...capabilities, ...claims } }));

const threadsClaiming =
	(claims: Partial<ExecutorCapabilities>): Create =>
	({ module, workers }) => {
		const honest: CellExecutor = localExecutor({ module, workers });
		return { ...transparentExecutor(honest), capabilities: { ...honest.capabilities, ...claims } };
	};

describe("the suite", () => {
	it("runs everything but the memory test a second time, decorated, and skips in plain sight", async () => {
		const { names, skipped } = await runSuite("plain > lifecycle", lanes);
		const plain = names.filter((name) => name.startsWith("plain > ") && !name.includes("> memory >"));
		const decorated = names.filter((name) => name.startsWith("plain, decorated > "));
		expect(plain.length).toBeGreaterThan(40);
		expect(decorated.map((name) => name.replace(", decorated", ""))).toEqual(plain);
		expect(skipped).toContain("plain > failure classes > work that ends its process fails one attempt");
	});
});

/** What an executor does wrong, in which group that is noticed, and by which tests; on a busy machine others may notice too. */
type Mutant = [what: string, group: string, create: Create, failed: readonly string[]];

const LANE_MUTANTS: readonly Mutant[] = [
	[
		"announces no workers",
		"lifecycle",
		lanesBut(() => ({ preflight: async (cellCount) => ({ workers: cellCount, detail: null }) })),
		[
			"tells in preflight how many cells may be in flight, for any count, and starts none",
			"gives preflight up when its signal is aborted",
		],
	],
	[
		"changes its capabilities when it is used",
		"lifecycle",
		(setup) => {
			const honest = lanes(setup);
			let used = false;
			return {
				...honest,
				get capabilities() {
					return { ...honest.capabilities, runsInParallel: used };
				},
				submit: (payload, options) => {
					used = true;
					return honest.submit(payload, options);
				},
			};
		},
		["says everything about its capabilities, and stays with it"],
	],
	[
		"retries on its own",
		"submit",
		lanesBut(({ submit }) => ({
			submit: (payload, options) => submit(payload, options).catch(() => submit(payload, options)),
		})),
		[
			"leaves it to the loop to retry what is throttled",
			"leaves it to the loop to retry what is transport",
			"throttled, throttled, fine is one cell in three attempts",
			"throttled, out of memory, then fine after 10 ms, if both are retried",
			"a cell that is throttled for ever fails after the policy's attempts, and only it",
			"waits between attempts on the loop's clock, which may be virtual",
		],
	],
	[
		"answers a payload that it knows from memory",
		"submit",
		lanesBut(({ submit }) => {
			const known = new Map<string, Promise<unknown>>();
			return {
				submit: (payload, options) => {
					const answer = known.get(payload.key) ?? submit(payload, options);
					known.set(payload.key, answer);
					return answer;
				},
			};
		}),
		[
			"runs the same payload again when it is submitted again",
			"throttled, throttled, fine is one cell in three attempts",
			"throttled, out of memory, then fine after 10 ms, if both are retried",
			"a cell that is throttled for ever fails after the policy's attempts, and only it",
			"waits between attempts on the loop's clock, which may be virtual",
			"runs a cell again when the answer to its first attempt got lost",
		],
	],
	[
		"tells the work wrong ids",
		"submit",
		lanesBut(({ submit }) => ({ submit: (payload, options) => submit(payload, { ...options, attempt: 1 }) })),
		["tells the work which attempt of which cell of which run it is, if anything"],
	],
	[
		"loses what kind of failure it was",
		"failure classes",
		lanesBut(({ submit }) => ({
			submit: (payload, options) =>
				submit(payload, options).catch((error: Error) => {
					throw new Error(error.message);
				}),
		})),
		[
			"throttled arrives as throttled",
			"transport arrives as transport",
			"timeout arrives as timeout",
			"out-of-memory arrives as out-of-memory",
		],
	],
	[
		"makes every failure worth a retry, and tells nothing of it",
		"failure classes",
		lanesBut(({ submit }) => ({
			submit: (payload, options) =>
				submit(payload, options).catch(() => {
					throw Object.assign(new Error("worker failed"), { code: "ECONNRESET" });
				}),
		})),
		[
			"throttled arrives as throttled",
			"timeout arrives as timeout",
			"out-of-memory arrives as out-of-memory",
			"data arrives as data or bug",
			"untagged arrives as bug",
			"the message of what the work threw arrives",
			"what fails the same way again is attempted once",
		],
	],
	[
		"does not look at its signal",
		"cancel",
		lanesBut(({ submit }) => ({
			submit: (payload, options) => submit(payload, { ...options, signal: new AbortController().signal }),
		})),
		[
			"starts nothing for a signal that is aborted already",
			"rejects soon, as cancelled, even if the work does not listen",
			"cancels the cells of its own signal only, and runs others afterwards",
			"a cancelled run comes back with its report and starts nothing more",
		],
	],
	[
		"measures costs that are no numbers",
		"cost",
		lanesBut(() => ({ measureCost: () => ({ computeTimeSeconds: Number.NaN, gbSeconds: 0, costUsd: 0 }) })),
		[
			"measures any outcome, at once, in finite numbers from 0",
			"takes its seconds from the attempt's wall time, as it says",
			"costs a cell that ran, succeeded or failed",
			"a run costs the sum of its attempts",
		],
	],
	[
		"lets failed attempts run for free",
		"cost",
		lanesBut(({ measureCost }) => ({
			measureCost: (outcome) =>
				outcome.status === "succeeded" ? measureCost(outcome) : { computeTimeSeconds: 0, gbSeconds: 0, costUsd: 0 },
		})),
		["costs a cell that ran, succeeded or failed"],
	],
	["has a meter that it denies", "cost", lanesClaiming({ costSource: "none" }), ["costs nothing, as it says"]],
	[
		"computes one cell after the other and says otherwise",
		"back-pressure",
		lanesClaiming({ runsInParallel: true }),
		["computes two cells at the same time, as it says"],
	],
	[
		"runs every cell in two lanes",
		"back-pressure",
		({ work, workers }) => {
			const honest = localExecutor({ work, workers: 2 * workers });
			const submit: CellExecutor["submit"] = async (payload, options) =>
				(await Promise.all([honest.submit(payload, options), runScriptedCell(payload)]))[0];
			return { ...transparentExecutor(honest), submit, preflight: async () => ({ workers, detail: null }) };
		},
		["runs no more cells at once than may be in flight", "computes two cells one after the other, as it says"],
	],
	[
		"works on after shutdown",
		"disposal",
		lanesBut(() => ({ shutdown: async () => {} })),
		["cancels what still runs", "runs nothing afterwards"],
	],
	[
		"cannot be shut down twice",
		"disposal",
		lanesBut(({ shutdown }) => {
			let times = 0;
			return {
				shutdown: () => (times++ === 1 ? Promise.reject(new Error("already shut down")) : shutdown()),
			};
		}),
		[
			"can be shut down twice, at once and again, used or not",
			"cancels what still runs",
			"runs nothing afterwards",
			"leaves no process, thread, socket or timer behind",
		],
	],
	[
		"leaves a timer behind",
		"disposal",
		lanesBut(({ preflight }) => ({
			preflight: (cellCount, options) => {
				setTimeout(() => {}, 3000);
				return preflight(cellCount, options);
			},
		})),
		["leaves no process, thread, socket or timer behind"],
	],
	[
		"passes JSON and calls it structured clones",
		"payloads",
		lanesBut(({ submit, capabilities }) => ({
			capabilities: { ...capabilities, transfer: "structured-clone" },
			submit: async (payload, options) => {
				return JSON.parse(JSON.stringify(await submit(JSON.parse(JSON.stringify(payload)), options)));
			},
		})),
		["payload and result are structured clones, as it says"],
	],
	[
		"shares objects and says that it copies",
		"payloads",
		lanesClaiming({ transfer: "json" }),
		["payload and result are copies, as it says"],
	],
	[
		"has a limit that it does not keep",
		"payloads",
		lanesClaiming({ maxPayloadBytes: 100_000 }),
		["refuses a payload above its limit before it is sent"],
	],
	[
		"keeps every payload",
		"memory",
		lanesBut(({ submit }) => {
			const kept: unknown[] = [];
			return {
				submit: (payload, options) => {
					kept.push({ payload, options });
					return submit(payload, options);
				},
			};
		}),
		["holds no more during 20000 cells than during 200"],
	],
];

const THREAD_MUTANTS: readonly Mutant[] = [
	[
		"says that it ends running work, and only stops waiting for it",
		"cancel",
		({ module, workers }) => {
			const honest: CellExecutor = localExecutor({ module, workers });
			const submit: CellExecutor["submit"] = (payload, options) => {
				const { signal } = options;
				const attempt = honest.submit(payload, { ...options, signal: new AbortController().signal });
				const aborted = new Promise<never>((_, reject) => {
					if (signal.aborted) reject(signal.reason);
					signal.addEventListener("abort", () => reject(signal.reason), { once: true });
				});
				return Promise.race([aborted, attempt]);
			};
			return { ...transparentExecutor(honest), submit };
		},
		[
			"starts nothing for a signal that is aborted already",
			"ends the running work itself, as it says",
			"keeps no listener on a signal once its attempts have ended",
		],
	],
	[
		"computes in parallel and denies it",
		"back-pressure",
		threadsClaiming({ runsInParallel: false }),
		["computes two cells one after the other, as it says"],
	],
	[
		"copies and says that it does not",
		"payloads",
		threadsClaiming({ transfer: "reference" }),
		["payload and result are the very same objects, as it says"],
	],
];

describe("an executor fails the suite if it", () => {
	it.each(LANE_MUTANTS)("%s", async (_, group, create, expected) => {
		expect((await runSuite(`plain > ${group}`, create)).failed).toEqual(expect.arrayContaining([...expected]));
	});

	it.each(THREAD_MUTANTS)("%s", async (_, group, create, expected) => {
		expect((await runSuite(`plain > ${group}`, create, 2)).failed).toEqual(expect.arrayContaining([...expected]));
	});
});
