// Writes the table of what each executor can do into docs/write-an-executor.md, from the executors' own `capabilities`.
// With --check it writes nothing and fails if the table is out of date.
//
//   node --conditions=@zagg/source scripts/capability-matrix.ts [--check]
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Executor, ExecutorCapabilities } from "../packages/dispatch/src/index.ts";
import { clusterExecutor } from "../packages/executor-cluster/src/index.ts";
import { lambdaExecutor } from "../packages/executor-lambda/src/index.ts";
import { localExecutor } from "../packages/executor-local/src/index.ts";

const module = new URL("data:text/javascript,export default () => 0");

/** One line per executor: its column's heading, and how to make one that opens nothing. */
const executors: Readonly<Record<string, () => Executor>> = {
	"local, lanes": () => localExecutor<unknown, unknown>({ work: () => 0, workers: 1 }),
	"local, threads": () => localExecutor({ module, workers: 1 }),
	Lambda: () => lambdaExecutor({ functionName: "any" }),
	"Lambda, metered": () => lambdaExecutor({ functionName: "any", durationSeconds: () => 0 }),
	"Slurm cluster": () => clusterExecutor({ module, spoolDirectory: "any" }),
};

const capabilities: readonly (keyof ExecutorCapabilities)[] = [
	"cancelsRunningWork",
	"isolatesCrashes",
	"runsInParallel",
	"transfer",
	"maxPayloadBytes",
	"costSource",
];

const page = join(import.meta.dirname, "../docs/write-an-executor.md");
const start = "<!-- capability matrix: written by scripts/capability-matrix.ts -->\n\n";
const end = "\n<!-- end of the capability matrix -->";

/** The table as Markdown, its columns aligned. */
async function matrix(): Promise<string> {
	const columns = [["", ...capabilities.map((capability) => `\`${capability}\``)]];
	for (const [heading, create] of Object.entries(executors)) {
		const executor = create();
		columns.push([heading, ...capabilities.map((capability) => cellText(executor.capabilities[capability]))]);
		await executor.shutdown();
	}
	const widths = columns.map((column) => Math.max(...column.map(({ length }) => length)));
	const rowOf = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
	const rows = columns[0]!.map((_, row) => rowOf(columns.map((column, at) => column[row]!.padEnd(widths[at]!))));
	const rule = rowOf(widths.map((width) => "-".repeat(width)));
	return [rows[0], rule, ...rows.slice(1)].join("");
}

function cellText(value: ExecutorCapabilities[keyof ExecutorCapabilities]): string {
	if (typeof value === "boolean") return value ? "yes" : "no";
	return typeof value === "number" ? value.toLocaleString("en-US") : (value ?? "unlimited");
}

const text = readFileSync(page, "utf8");
const [before, rest] = text.split(start);
const [, after] = rest?.split(end) ?? [];
if (after === undefined) throw new Error(`${page} has no place for the capability matrix (${start.trim()})`);
const wanted = `${before}${start}${await matrix()}${end}${after}`;
if (process.argv.includes("--check")) {
	if (wanted !== text) {
		console.error(
			"docs/write-an-executor.md: the capability matrix is out of date; run\n" +
				"  node --conditions=@zagg/source scripts/capability-matrix.ts",
		);
		process.exitCode = 1;
	}
} else if (wanted !== text) {
	writeFileSync(page, wanted);
}
