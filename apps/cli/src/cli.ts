import { Command, CommanderError } from "commander";
import manifest from "../package.json" with { type: "json" };
import { catalogCommand } from "./commands/catalog.ts";
import { configCommand } from "./commands/config.ts";
import { demoCommand } from "./commands/demo.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { lambdaCommand } from "./commands/lambda.ts";
import { mapCommand } from "./commands/map.ts";
import { runCommand } from "./commands/run.ts";
import { ExitCode, errorText, exitCodeOf } from "./exit-code.ts";
import { processTerminal, type Terminal } from "./output/terminal.ts";

/** What a command needs besides its flags; it resolves to the exit code. */
export interface CommandContext {
	readonly terminal: Terminal;
	/** Aborted by Ctrl-C. */
	readonly signal: AbortSignal;
	readonly exit: (code: number) => void;
}

/**
 * Runs the `zagg` command.
 *
 * @param argv arguments without the interpreter and script
 * @returns the exit code: 0 done, 1 failed, 2 usage or config, 130 interrupted
 */
export async function runCli(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
	const interrupt = new AbortController();
	const onInterrupt = (): void => {
		// The second Ctrl-C does not wait for anything.
		if (interrupt.signal.aborted) process.exit(ExitCode.interrupted);
		terminal.error("\nzagg: stopping; press Ctrl-C again to stop at once\n");
		interrupt.abort(new Error("interrupted"));
	};
	process.on("SIGINT", onInterrupt);
	process.on("SIGTERM", onInterrupt);
	let exitCode: number = ExitCode.ok;
	const context: CommandContext = {
		terminal,
		signal: interrupt.signal,
		exit: (code) => {
			exitCode = code;
		},
	};
	try {
		const program = createProgram(context);
		refuseUnknownCommand(program, argv[0]);
		await program.parseAsync([...argv], { from: "user" });
		return exitCode;
	} catch (error) {
		if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
		if (interrupt.signal.aborted) return ExitCode.interrupted;
		terminal.error(`${errorText(error)}\n`);
		return exitCodeOf(error);
	} finally {
		process.off("SIGINT", onInterrupt);
		process.off("SIGTERM", onInterrupt);
	}
}

function createProgram(context: CommandContext): Command {
	const program = new Command("zagg")
		.description("Aggregate sparse satellite observations onto HEALPix or projected grids, in one Zarr v3 store.")
		.version(manifest.version)
		.exitOverride()
		.configureOutput({
			writeOut: (text) => context.terminal.out(text.replace(/\n$/, "")),
			writeErr: (text) => context.terminal.error(text),
		})
		.showHelpAfterError("(zagg --help lists the commands, zagg COMMAND --help its flags)")
		.addHelpText(
			"after",
			`
Examples:
  $ zagg demo
  $ zagg catalog --config atl06 --granules 'granules/*.h5' --output map.json
  $ zagg run --config atl06 --catalog map.json --store out.zarr --driver file
  $ zagg inspect out.zarr --cell 70.6,-50.2

Exit codes: 0 all cells done; 1 some cells failed or the run failed; 2 usage or config; 130 interrupted.`,
		);
	for (const command of [
		runCommand,
		catalogCommand,
		configCommand,
		demoCommand,
		inspectCommand,
		lambdaCommand,
		mapCommand,
	]) {
		const [subcommand, options] = command(context);
		// Flags set on the program do not reach a command made on its own.
		program.addCommand(subcommand.copyInheritedSettings(program), options);
		for (const nested of subcommand.commands) nested.copyInheritedSettings(subcommand);
	}
	return program;
}

// With a default command, commander would take a mistyped one for its argument.
function refuseUnknownCommand(program: Command, name: string | undefined): void {
	if (name === undefined || name.startsWith("-") || name === "help") return;
	const names = program.commands.map((command) => command.name());
	if (!names.includes(name)) program.error(`error: unknown command '${name}' (there are ${names.join(", ")})`);
}
