import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode } from "fast-png";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { zagg } from "../testing.ts";
import { runCommand } from "./fixtures/run-command.ts";

let folder: string;
const at = (name: string) => join(folder, name);
const file = (name: string) => readFile(at(name));
const map = (...args: string[]) => runCommand("map", ...args);

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "zagg-map-"));
	const demo = await runCommand(
		...["demo", "--granules", "2", "--segments", "800"],
		...["--directory", at("zagg-demo"), "--store", at("zagg-demo.zarr")],
	);
	expect(demo, demo.stderr).toMatchObject({ exitCode: 0 });
});
afterAll(() => rm(folder, { recursive: true }));

/** How many colours a picture has, at most `limit`. */
function colourCount(png: Uint8Array, limit = 1000): number {
	const { data } = decode(png);
	const colours = new Set<number>();
	for (let at = 0; at < data.length && colours.size < limit; at += 3) {
		colours.add((data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!);
	}
	return colours.size;
}

describe("zagg map", () => {
	it("writes map.html by default: one file that names no other", async () => {
		const { exitCode, stdout, stderr } = await zagg(["map", "zagg-demo.zarr"], folder);
		expect(exitCode, stderr).toBe(0);
		expect(stdout).toMatch(/^Map: [\d,]+ cells, count h_max h_mean .* -> map\.html\n$/);
		const html = (await file("map.html")).toString();
		expect(html).toMatch(/^<!doctype html>/);
		expect(html).toContain("<title>zagg-demo.zarr</title>");
		expect(html).toContain("default-src 'none'");
		expect(html).not.toMatch(/https?:\/\//i);
		expect([...html.matchAll(/\b(?:src|href)\s*=\s*"([^"]*)"/g)].map(([, target]) => target)).toEqual(["data:,"]);
		expect(html).not.toMatch(/@import|url\(|\bfetch\(|XMLHttpRequest|<link(?! rel="icon" href="data:,")/);
		expect(html.match(/<\/script>/g)).toHaveLength(3);
	});

	it("writes a still of the wanted size and colours", async () => {
		const size = ["--size", "640x480"];
		const { exitCode, stdout, stderr } = await map(at("zagg-demo.zarr"), "--png", at("still.png"), ...size);
		expect(exitCode, stderr).toBe(0);
		expect(stdout).toMatch(/^Map: .* -> \S*still\.png\n$/);
		const still = await file("still.png");
		expect(decode(still)).toMatchObject({ width: 640, height: 480, channels: 3, depth: 8 });
		expect(colourCount(still)).toBeGreaterThan(200);
		for (const [name, args] of [
			["counts.png", ["--variable", "count"]],
			["range.png", ["--range", "0,5000"]],
			["globe.png", ["--projection", "globe"]],
			["title.png", ["--title", "Disko Bay"]],
		] as const) {
			const drawn = await map(at("zagg-demo.zarr"), "--png", at(name), ...size, ...args);
			expect(drawn, drawn.stderr).toMatchObject({ exitCode: 0 });
			expect((await file(name)).equals(still), name).toBe(false);
		}
		expect((await readdir(folder)).filter((name) => name.endsWith(".partial"))).toEqual([]);
	});

	it("draws a shard map's shards by their granules", async () => {
		const { exitCode, stdout, stderr } = await map(
			at("zagg-demo/map.json"),
			"--output",
			at("shards.html"),
			"--png",
			at("shards.png"),
		);
		expect(exitCode, stderr).toBe(0);
		expect(stdout).toMatch(/^Map: \d cells, granules -> \S*shards\.html\nMap: \d cells, granules -> \S*shards\.png\n$/);
		expect(decode(await file("shards.png"))).toMatchObject({ width: 1200, height: 900 });
	});

	it("puts titles into the page as text", async () => {
		const title = "</title><script>alert(1)</script>";
		expect((await map(at("zagg-demo.zarr"), "--title", title, "--output", at("title.html"))).exitCode).toBe(0);
		const html = (await file("title.html")).toString();
		expect(html).not.toContain("<script>alert");
		expect(html).toContain("<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>");
	});

	it("says how many cells it left out", async () => {
		const { exitCode, stderr } = await map(at("zagg-demo.zarr"), "--max-cells", "50", "--output", at("few.html"));
		expect(exitCode).toBe(0);
		expect(stderr).toMatch(/zagg: 50 of [\d,]+ cells shown, evenly chosen; --max-cells sets how many/);
		expect((await file("few.html")).toString()).toMatch(/<p id="note">50 of [\d,]+ cells shown, evenly chosen<\/p>/);
	});

	it.each([
		[["nowhere.zarr"], 2, "there is no store or shard map at"],
		[["zagg-demo"], 2, "there is no Zarr v3 store at"],
		[["notes.txt"], 2, "is not a Phase-5 ShardMap"],
		[["zagg-demo.zarr", "--variable", "h_man"], 2, "there is no variable 'h_man'; there are count, h_max"],
		[["zagg-demo/map.json", "--variable", "h_mean"], 2, "there is no variable 'h_mean' in a shard map"],
		[["zagg-demo.zarr", "--group", "7"], 2, "no group '7'"],
		[["zagg-demo.zarr", "--size", "12"], 2, "WIDTHxHEIGHT"],
		[["zagg-demo.zarr", "--range", "5,1"], 2, "MIN,MAX"],
		[["zagg-demo.zarr", "--max-cells", "0"], 2, "at least 1"],
		[["zagg-demo.zarr", "--projection", "mercator"], 2, "Allowed choices are auto, globe, north, south"],
		[[], 2, "missing required argument"],
		[["zagg-demo.zarr", "--output", "/dev/null/map.html"], 1, "cannot write the map /dev/null/map.html"],
	])("exits for %j with %d", async (args, code, message) => {
		await writeFile(join(folder, "notes.txt"), "{}");
		const [path, ...flags] = args;
		const { exitCode, stderr } = await map(...(path === undefined ? [] : [at(path)]), ...flags);
		expect(stderr).toContain(message);
		expect(exitCode).toBe(code);
	});

	it.skipIf(process.getuid?.() === 0)("leaves nothing behind in a read-only folder (not as root)", async () => {
		const closed = await mkdtemp(join(folder, "closed-"));
		await chmod(closed, 0o555);
		const { exitCode, stderr } = await map(at("zagg-demo.zarr"), "--output", join(closed, "map.html"));
		expect(exitCode).toBe(1);
		expect(stderr).toContain("cannot write the map");
		expect(await readdir(closed)).toEqual([]);
	});
});
