import { stringifyJson } from "@zagg/aggregate";
import { Command, type CommandOptions } from "commander";
import type { CommandContext } from "../cli.ts";
import { inspectCell, inspectStore } from "../inspect/inspect-store.ts";
import { cellText, storeText } from "../inspect/store-text.ts";
import { latitudeLongitude } from "./arguments.ts";

interface InspectFlags {
	readonly cell?: { readonly latitude: number; readonly longitude: number };
	readonly json: boolean;
}

/** `zagg inspect STORE`: what is in a store, or in one cell of it. */
export function inspectCommand({ terminal }: CommandContext): [Command, CommandOptions] {
	const command = new Command("inspect")
		.description("tell what is in a store: arrays, cells with data, minimum, mean and maximum, extent")
		.argument("<store>", "Zarr store")
		.option("--cell <lat,lon>", "show the values of the cell that holds this place, degrees", latitudeLongitude)
		.option("--json", "print JSON", false)
		.action(async (path: string, flags: InspectFlags) => {
			if (flags.cell !== undefined) {
				const cells = await inspectCell(path, flags.cell.latitude, flags.cell.longitude);
				terminal.out(flags.json ? stringifyJson(withoutNaN(cells), { indent: 2 }) : cellText(cells));
				return;
			}
			const summary = await inspectStore(path);
			terminal.out(flags.json ? stringifyJson(summary, { indent: 2 }) : storeText(summary));
		});
	return [command, {}];
}

// JSON has no NaN; a cell without data is null there.
function withoutNaN(value: unknown): unknown {
	if (typeof value === "number") return Number.isFinite(value) ? value : null;
	if (Array.isArray(value)) return value.map(withoutNaN);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutNaN(item)]));
}
