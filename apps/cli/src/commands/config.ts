import { builtinConfigNames, builtinConfigText, resolveConfig, validateConfig } from "@zagg/aggregate";
import { Command, type CommandOptions } from "commander";
import type { CommandContext } from "../cli.ts";

/** `zagg config check FILE` and `zagg config show NAME`. */
export function configCommand({ terminal }: CommandContext): [Command, CommandOptions] {
	const command = new Command("config").description("check a config file, or show a built-in one");
	command
		.command("check")
		.description("say whether a config is right, and what is wrong with it")
		.argument("<name|path>", "YAML file or built-in config")
		.action(async (nameOrPath: string) => {
			validateConfig(await resolveConfig(nameOrPath));
			terminal.out(`${nameOrPath}: OK`);
		});
	command
		.command("show")
		.description("print a built-in config as YAML, to start one's own from")
		.argument("<name>", `one of ${builtinConfigNames.join(", ")}`)
		.action((name: string) => terminal.out(builtinConfigText(name).trimEnd()));
	return [command, {}];
}
