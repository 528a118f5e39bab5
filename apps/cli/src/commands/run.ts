import { homedir } from "node:os";
import { type PipelineConfig, resolveConfig, resolvePipeline, stringifyJson } from "@zagg/aggregate";
import { agg, type GranuleAccessProvider } from "@zagg/runner";
import { Command, type CommandOptions } from "commander";
import type { CommandContext } from "../cli.ts";
import { readCredentialsFile } from "../credentials/credentials-file.ts";
import { granuleAccess } from "../credentials/granule-access.ts";
import { ExitCode } from "../exit-code.ts";
import { createProgress } from "../output/progress.ts";
import { dryRunLines, summaryLines } from "../output/summary-text.ts";
import { integer, number } from "./arguments.ts";

interface RunFlags {
	readonly config: string;
	readonly catalog?: string;
	readonly store?: string;
	readonly backend: string;
	readonly driver?: string;
	readonly maxCells?: number;
	readonly mortonCell?: string;
	readonly maxWorkers?: number;
	readonly overwrite: boolean;
	readonly dryRun: boolean;
	readonly region?: string;
	readonly inputCreds?: string;
	readonly outputCreds?: string;
	readonly functionName?: string;
	readonly spool: string;
	readonly resume?: string;
	readonly partition?: string;
	readonly account?: string;
	readonly time?: string;
	readonly memory?: string;
	readonly cellTimeout?: number;
	readonly pricePerCoreHour?: number;
	readonly json: boolean;
	readonly quiet: boolean;
}

const HELP = `
Reading granules:
  --driver file reads local files; https and s3 read byte ranges of remote ones. Granules behind Earthdata login need
  EARTHDATA_TOKEN, or EARTHDATA_USERNAME and EARTHDATA_PASSWORD, or an entry for urs.earthdata.nasa.gov in ~/.netrc.
  Without a login, s3 uses the machine's own AWS credentials, and https asks without a token.

Backends:
  local    worker threads of this machine
  lambda   a deployed function, one invocation a shard; the store must be s3://… (zagg lambda dev runs it here)
  cluster  Slurm job arrays; granules, store and --spool on a file system that all nodes share`;

/** `zagg run`, also plain `zagg --config …`: aggregates the granules of a shard map into a store. */
export function runCommand(context: CommandContext): [Command, CommandOptions] {
	const command = new Command("run")
		.description("aggregate the granules of a shard map into a Zarr store (the default command)")
		.requiredOption("--config <name|path>", "built-in config (atl06) or a YAML file")
		.option("--catalog <path>", "shard map; default: `catalog` in the config")
		.option("--store <path>", "Zarr store to write, or its s3:// address; default: `output.store` in the config")
		.option("--backend <name>", "where shards run: local, lambda or cluster", "local")
		.option("--driver <name>", "which address of a granule to read: file, https or s3; default: the config's, or s3")
		.option("--max-cells <count>", "only the first cells of the map", integer)
		.option("--morton-cell <key>", "only the shard with this key")
		.option("--max-workers <count>", "shards that run at once; default: local 4, lambda 1700", integer)
		.option("--overwrite", "replace what the store holds for this grid", false)
		.option("--dry-run", "tell what would run, and run nothing", false)
		.option("--json", "print the summary as JSON", false)
		.option("--quiet", "no progress and no log lines, only warnings", false)
		.option("--region <name>", "AWS region of the function and of an s3:// store; default: the config's, or us-west-2")
		.option("--input-creds <path>", "JSON file of AWS credentials to read granules with, instead of Earthdata login")
		.option("--output-creds <path>", "JSON file of AWS credentials to write the store with")
		.option("--function-name <name>", "lambda: the function; default: ZAGG_LAMBDA_FUNCTION_NAME, or process-shard")
		.option("--spool <folder>", "cluster: folder that all nodes see, for payloads and results", "zagg-spool")
		.option("--resume <name>", "cluster: name of the run; one of this name that is still in the spool is attached to")
		.option("--partition <name>", "cluster: Slurm partition")
		.option("--account <name>", "cluster: Slurm account")
		.option("--time <limit>", "cluster: time limit of a job, as sbatch takes it, e.g. 01:00:00")
		.option("--memory <amount>", "cluster: memory of a job, as sbatch takes it, e.g. 4G")
		.option("--cell-timeout <seconds>", "cluster: a shard that takes longer fails", number)
		.option("--price-per-core-hour <dollars>", "cluster: to estimate the cost with", number)
		.addHelpText("after", HELP)
		.action(async (flags: RunFlags) => context.exit(await run(flags, context)));
	return [command, { isDefault: true }];
}

async function run(flags: RunFlags, { terminal, signal }: CommandContext): Promise<number> {
	const config = await resolveConfig(flags.config);
	const inputCredentials = flags.inputCreds && (await readCredentialsFile(flags.inputCreds, "--input-creds"));
	const outputCredentials = flags.outputCreds && (await readCredentialsFile(flags.outputCreds, "--output-creds"));
	const access = await remoteAccess(flags, config, inputCredentials || undefined);
	const progress = createProgress(terminal, "cells");
	// A terminal shows the bar instead of the lines.
	const showLines = !flags.quiet && !terminal.interactive;
	try {
		const { inputCreds: _, outputCreds: __, ...options } = flags;
		const summary = await agg(config, {
			...options,
			...(outputCredentials && { outputCredentials }),
			...(access && { granuleAccess: access }),
			lambda: { functionName: flags.functionName || process.env.ZAGG_LAMBDA_FUNCTION_NAME || undefined },
			cluster: {
				spoolDirectory: flags.spool,
				runName: flags.resume,
				partition: flags.partition,
				account: flags.account,
				timeLimit: flags.time,
				memory: flags.memory,
				cellTimeoutSeconds: flags.cellTimeout,
				pricePerCoreHour: flags.pricePerCoreHour,
			},
			signal,
			log: {
				info: (message) => showLines && progress.line(message),
				warn: (message) => progress.line(message),
			},
			...(!flags.quiet && { onProgress: (done: number, total: number) => progress.update(done, total) }),
		});
		progress.end();
		if ("dry_run" in summary) {
			terminal.out(flags.json ? stringifyJson(summary, { indent: 2 }) : dryRunLines(summary).join("\n"));
			return ExitCode.ok;
		}
		terminal.out(flags.json ? stringifyJson(summary, { indent: 2 }) : summaryLines(summary).join("\n"));
		if (summary.completion_reason === "cancelled") {
			terminal.error("zagg: interrupted; the store can be read, and the same command completes it\n");
			return ExitCode.interrupted;
		}
		return summary.cells_error > 0 || summary.finalize_error !== undefined ? ExitCode.failed : ExitCode.ok;
	} finally {
		progress.end();
	}
}

/** What opens remote granules; undefined where nothing remote is read or nobody has logged in. */
async function remoteAccess(
	flags: RunFlags,
	config: PipelineConfig,
	given: Record<string, unknown> | undefined,
): Promise<GranuleAccessProvider | undefined> {
	if (flags.dryRun) return undefined;
	const driver = flags.backend === "lambda" ? "s3" : flags.driver || resolvePipeline(config).driver;
	if (driver !== "https" && driver !== "s3") return undefined;
	return granuleAccess(given, driver, { environment: process.env, homeDirectory: homedir() });
}
