#!/usr/bin/env node
// What a Slurm array task runs: every cell of its shard file that no earlier attempt of the task has finished. It ends
// with 0 whatever became of the cells, so that any other exit code means the infrastructure.
import { appendFileSync, closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { createCellHost } from "./cell-host.ts";
import type { EndLine, LineOrigin, ResultLine, StartLine } from "./lines.ts";
import { openSpool, parseLines } from "./spool.ts";
import { toWire } from "./wire-json.ts";

const [directory = "", waveText = ""] = process.argv.slice(2);
const wave = Number(waveText);
const task = Number(process.env.SLURM_ARRAY_TASK_ID);
const restart = Number(process.env.SLURM_RESTART_COUNT ?? 0);
const job = process.env.SLURM_ARRAY_JOB_ID ?? "";
const node = process.env.SLURMD_NODENAME ?? hostname();
// What was allocated, which may be more than was asked for; "4(x1)" on some versions.
const cpus = Number.parseInt(process.env.SLURM_JOB_CPUS_PER_NODE ?? "", 10) || null;
const origin = (): LineOrigin => ({ node, job, restart, cpus, time: Date.now() });

const spool = await openSpool(directory);
const manifest = await spool.readManifest();
if (manifest === null) throw new Error(`${directory} holds no run`);
const results = join(directory, "results");
const prefix = `${wave}-${task}.`;
const finished = new Set<number>();
for (const name of readdirSync(results)) {
	if (!name.startsWith(prefix)) continue;
	for (const line of parseLines<ResultLine>(readFileSync(join(results, name), "utf8"))) {
		if (line.kind === "end") finished.add(line.submission);
	}
}
// A file of this attempt's own: a task whose node was thought dead may still be writing to another.
const file = openSync(join(results, `${prefix}${job}.${restart}.jsonl`), "a");
const write = (line: ResultLine): void => appendFileSync(file, `${toWire(line)}\n`);

const host = createCellHost(manifest);
let stopped = false;
process.on("SIGTERM", () => {
	stopped = true;
	host.close();
});
for (const cell of await spool.readShard(wave, task)) {
	if (stopped) break;
	if (finished.has(cell.submission)) continue;
	const identity = { cell: cell.cell, submission: cell.submission };
	write({ kind: "start", ...identity, ...origin() } satisfies StartLine);
	const reply = await host.run(cell, (message) => write({ kind: "message", ...identity, message }));
	// What ends because the task is being ended says nothing about the cell.
	if (!stopped) write({ kind: "end", ...identity, ...origin(), ...reply } satisfies EndLine);
}
host.close();
closeSync(file);
process.exit(0);
