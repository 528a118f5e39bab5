import { parseFault, startLambdaDevServer } from "@zagg/lambda-worker";
import { Command, type CommandOptions, InvalidArgumentError } from "commander";
import type { CommandContext } from "../cli.ts";
import { ExitCode } from "../exit-code.ts";
import { integer } from "./arguments.ts";

interface DevFlags {
	readonly port: number;
	readonly functionName: string;
	readonly memory: number;
	readonly timeout: number;
	readonly concurrency: number;
	readonly env: readonly string[];
	readonly fault: readonly Fault[];
	readonly quiet: boolean;
}

type Fault = NonNullable<ReturnType<typeof parseFault>>;

/** `zagg lambda dev`: a local Lambda that runs the deployed function's code. */
export function lambdaCommand(context: CommandContext): [Command, CommandOptions] {
	const dev = new Command("dev")
		.description("run the function here, behind Lambda's own protocol, until Ctrl-C")
		.option("--port <number>", "port on 127.0.0.1", integer, 9001)
		.option("--function-name <name>", "what it is called", "process-shard")
		.option("--memory <megabytes>", "memory of one invocation", integer, 2048)
		.option("--timeout <seconds>", "time limit of one invocation", integer, 720)
		.option("--concurrency <count>", "invocations at once; more are throttled", integer, 4)
		.option("--env <NAME=VALUE...>", "environment of the function, e.g. AWS_ENDPOINT_URL_S3=http://127.0.0.1:9000", [])
		.option(
			"--fault <KIND:SHARE...>",
			"misbehave now and then, e.g. throttle:0.1; also timeout, out-of-memory, unhandled, drop, garbage, denied, slow=SECONDS",
			collectFault,
			[],
		)
		.option("--quiet", "do not show what the function logs", false)
		.addHelpText(
			"after",
			`
In another terminal:
  $ export AWS_ENDPOINT_URL_LAMBDA=http://127.0.0.1:9001 AWS_ENDPOINT_URL_CLOUDWATCH=http://127.0.0.1:9001
  $ export AWS_REGION=us-west-2 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
  $ zagg run --config atl06 --catalog map.json --store s3://bucket/out.zarr --backend lambda`,
		)
		.action(async (flags: DevFlags) => context.exit(await serve(flags, context)));
	const command = new Command("lambda").description("the function that runs shards on AWS Lambda");
	command.addCommand(dev);
	return [command, {}];
}

async function serve(flags: DevFlags, { terminal, signal }: CommandContext): Promise<number> {
	const server = await startLambdaDevServer({
		port: flags.port,
		functionName: flags.functionName,
		memoryMegabytes: flags.memory,
		timeoutSeconds: flags.timeout,
		concurrency: flags.concurrency,
		environment: Object.fromEntries(flags.env.map(splitVariable)),
		fault: () => flags.fault.find(({ share }) => Math.random() < share)?.fault,
		...(!flags.quiet && { onLog: (line: string) => terminal.error(`${line}\n`) }),
	});
	try {
		terminal.out(`Lambda: function ${flags.functionName} at ${server.url} (Ctrl-C ends it)`);
		terminal.out(`export AWS_ENDPOINT_URL_LAMBDA=${server.url} AWS_ENDPOINT_URL_CLOUDWATCH=${server.url}`);
		if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
		return ExitCode.ok;
	} finally {
		await server.close();
	}
}

function collectFault(text: string, before: readonly Fault[]): readonly Fault[] {
	const fault = parseFault(text);
	if (fault === null) throw new InvalidArgumentError("It must be KIND:SHARE, e.g. throttle:0.1 or slow=2:0.5.");
	return [...before, fault];
}

function splitVariable(text: string): [string, string] {
	const end = text.indexOf("=");
	if (end < 1) throw new InvalidArgumentError(`--env ${text}: it must be NAME=VALUE`);
	return [text.slice(0, end), text.slice(end + 1)];
}
