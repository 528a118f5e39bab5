import { fileURLToPath } from "node:url";
import type { ClusterExecutorOptions } from "./options.ts";

const isSource = import.meta.url.endsWith(".ts");
const workerEntry = fileURLToPath(new URL(isSource ? "./worker-entry.ts" : "./worker-entry.js", import.meta.url));

/** Everything that a job starts with; the submitter's own environment may hold secrets and stays here. */
const EXPORTED = "HOME,PATH,USER,LANG";

/** What every task of a run is asked for with. */
export function jobArguments(options: ClusterExecutorOptions<never>): string[] {
	const { partition, account, qos, timeLimit, memory, cpusPerTask = 1, sbatchArguments = [] } = options;
	return [
		...(partition === undefined ? [] : [`--partition=${partition}`]),
		...(account === undefined ? [] : [`--account=${account}`]),
		...(qos === undefined ? [] : [`--qos=${qos}`]),
		...(timeLimit === undefined ? [] : [`--time=${timeLimit}`]),
		...(memory === undefined ? [] : [`--mem=${memory}`]),
		`--cpus-per-task=${cpusPerTask}`,
		"--ntasks=1",
		...sbatchArguments,
	];
}

/** Where a wave's script is; the array is known by it. */
export function scriptPath(directory: string, wave: number): string {
	return `${directory}/job-${wave}.sh`;
}

/** Arguments that submit a wave of so many tasks. */
export function submitArguments(
	options: ClusterExecutorOptions<never>,
	wave: { readonly directory: string; readonly number: number; readonly tasks: number },
): string[] {
	const throttle = options.maxRunningTasks === undefined ? "" : `%${options.maxRunningTasks}`;
	return [
		"--parsable",
		...jobArguments(options),
		`--array=0-${wave.tasks - 1}${throttle}`,
		"--requeue",
		"--open-mode=append",
		`--export=${EXPORTED}`,
		"--job-name=zagg",
		`--chdir=${wave.directory}`,
		`--output=${wave.directory}/log/%A_%a.txt`,
		`--comment=zagg wave ${wave.number}`,
		scriptPath(wave.directory, wave.number),
	];
}

/** The script of a wave's tasks. */
export function jobScript(options: ClusterExecutorOptions<never>, directory: string, wave: number): string {
	const { nodeExecutable = process.execPath, environment = {} } = options;
	const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${quote(value)}\n`);
	const flags = isSource ? ["--conditions=@zagg/source"] : [];
	const command = [nodeExecutable, ...flags, workerEntry, directory, String(wave)].map(quote).join(" ");
	return `#!/bin/sh\n${exports.join("")}exec ${command}\n`;
}

function quote(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}
