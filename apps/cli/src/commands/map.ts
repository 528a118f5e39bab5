import { formatCount } from "@zagg/aggregate";
import { Command, type CommandOptions, InvalidArgumentError, Option } from "commander";
import type { CommandContext } from "../cli.ts";
import { ExitCode } from "../exit-code.ts";
import { pageHtml } from "../map/page-html.ts";
import { readScene } from "../map/read-scene.ts";
import { stillPng } from "../map/still/still-png.ts";
import type { SceneHeader, ValueRange } from "../map/view/scene.ts";
import { writeWholeFile } from "../map/write-file.ts";
import { integer } from "./arguments.ts";

interface MapFlags {
	readonly output?: string;
	readonly png?: string;
	readonly variable?: string;
	readonly range?: ValueRange;
	readonly projection: SceneHeader["projection"];
	readonly title?: string;
	readonly size: { readonly width: number; readonly height: number };
	readonly group?: string;
	readonly maxCells: number;
}

/** `zagg map STORE|MAP`: a picture of a store's cells or of a shard map's shards. */
export function mapCommand(context: CommandContext): [Command, CommandOptions] {
	const command = new Command("map")
		.description("draw a store's cells or a shard map's shards: a page to explore, or a still")
		.argument("<store|map>", "Zarr store, or shard map")
		.option("--output <path>", "page to write, one file that needs no network (default without --png: map.html)")
		.option("--png <path>", "still to write")
		.option("--variable <name>", "what to colour by at first; one element of a vector as name[3]")
		.option("--range <min,max>", "what the colours span (default: 2nd to 98th percentile)", range)
		.addOption(
			new Option("--projection <name>", "auto takes a polar map when all cells lie beyond 60° of one pole")
				.choices(["auto", "globe", "north", "south"])
				.default("auto"),
		)
		.option("--title <text>", "title (default: the store's or map's name)")
		.option("--size <width>x<height>", "of the still, in pixels", size, { width: 1200, height: 900 })
		.option("--group <path>", "group of the store (default: the first one)")
		.option("--max-cells <count>", "of more cells, evenly chosen ones are shown", positiveInteger, 200_000)
		.addHelpText(
			"after",
			`
Examples:
  $ zagg map out.zarr
  $ zagg map out.zarr --png heights.png --variable h_mean --range 0,2500
  $ zagg map map.json --output shards.html`,
		)
		.action(async (path: string, flags: MapFlags) => context.exit(await drawMap(path, flags, context)));
	return [command, {}];
}

async function drawMap(path: string, flags: MapFlags, { terminal, signal }: CommandContext): Promise<number> {
	const scene = await readScene(path, flags);
	signal.throwIfAborted();
	const page = flags.output ?? (flags.png === undefined ? "map.html" : undefined);
	if (scene.note !== "") terminal.error(`zagg: ${scene.note}; --max-cells sets how many\n`);
	const what = `${formatCount(scene.cellCount)} cells, ${scene.variables.map(({ name }) => name).join(" ")}`;
	for (const [file, content] of [
		[page, () => pageHtml(scene)],
		[flags.png, () => stillPng(scene, flags.size)],
	] as const) {
		if (file === undefined) continue;
		await writeWholeFile(file, content());
		terminal.out(`Map: ${what} -> ${file}`);
	}
	return ExitCode.ok;
}

function range(text: string): ValueRange {
	const [min = Number.NaN, max = Number.NaN, ...more] = text
		.split(",")
		.map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
	if (more.length > 0 || !Number.isFinite(min) || !Number.isFinite(max) || min >= max) {
		throw new InvalidArgumentError("It must be MIN,MAX with MIN below MAX, e.g. 0,2500.");
	}
	return { min, max };
}

const SMALLEST_SIDE = 200;
const LARGEST_SIDE = 8000;

function size(text: string): { width: number; height: number } {
	const [, width, height] = /^(\d+)x(\d+)$/.exec(text) ?? [];
	const sides = [Number(width), Number(height)];
	if (!sides.every((side) => side >= SMALLEST_SIDE && side <= LARGEST_SIDE)) {
		throw new InvalidArgumentError(`It must be WIDTHxHEIGHT, each ${SMALLEST_SIDE} to ${LARGEST_SIDE}, e.g. 1200x900.`);
	}
	return { width: Number(width), height: Number(height) };
}

function positiveInteger(text: string): number {
	const count = integer(text);
	if (count < 1) throw new InvalidArgumentError("It must be at least 1.");
	return count;
}
