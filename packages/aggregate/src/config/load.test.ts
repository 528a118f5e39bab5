import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { stringifyJson } from "../python/index.ts";
import { ATL06 } from "./builtin/atl06.ts";
import { defaultConfig } from "./builtin.ts";
import { loadConfig, resolveConfig } from "./load.ts";
import { configToRecord } from "./pipeline-config.ts";

const folder = mkdtempSync(join(tmpdir(), "zagg-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
	const path = join(folder, name);
	writeFileSync(path, text);
	return path;
}

describe("loadConfig", () => {
	it("reads a file, keeping catalog and bounds", async () => {
		const path = file(
			"full.yaml",
			`${ATL06}catalog: maps/shardmap.json\nbounds:\n  temporal: {start_date: 2024-01-06, end_date: 2024-04-07}\n`,
		);
		expect(await loadConfig(path)).toEqual({
			...defaultConfig("atl06"),
			catalog: "maps/shardmap.json",
			bounds: { temporal: { start_date: "2024-01-06", end_date: "2024-04-07" } },
		});
	});

	it("keeps whole floats apart from integers on the way to JSON", async () => {
		const text = ATL06.replace("value: 0\n", "value: 0.0\n");
		const json = stringifyJson(configToRecord(await loadConfig(file("float.yaml", text))));
		expect(json).toContain('atl06_quality_summary", "value": 0.0}');
		expect(json).toContain('"fill_value": 0}');
	});

	it("names the file when there is none, and when it is no file", async () => {
		const missing = join(folder, "none.yaml");
		await expect(loadConfig(missing)).rejects.toMatchObject({
			code: "config/not-found",
			message: `Cannot read config '${missing}': no such file`,
		});
		await expect(loadConfig(folder)).rejects.toMatchObject({ code: "config/not-found" });
	});

	it("names file and line of a syntax error", async () => {
		const path = file("syntax.yaml", "data_source:\n  groups: [gt1l\noutput: {}\n");
		await expect(loadConfig(path)).rejects.toMatchObject({
			code: "config/invalid",
			message: expect.stringContaining(`${path}: line 3, column 1: `),
		});
	});

	it("names the file when its root is not a mapping", async () => {
		const list = file("list.yaml", "- data_source\n");
		await expect(loadConfig(list)).rejects.toThrow(`${list} must be a mapping with the keys data_source`);
		await expect(loadConfig(file("empty.yaml", "# nothing\n"))).rejects.toThrow("(got nothing)");
	});

	it("validates", async () => {
		await expect(loadConfig(file("bare.yaml", "data_source: {groups: [gt1l]}\n"))).rejects.toThrow(
			"Missing required section: aggregation",
		);
	});

	it("points a top-level store to output.store", async () => {
		const path = file("store.yaml", `${ATL06}store: out.zarr\n`);
		await expect(loadConfig(path)).rejects.toMatchObject({
			code: "config/unknown-key",
			message: `Unknown key 'store' in ${path} (did you mean 'output.store'? allowed: data_source, aggregation, output, catalog, bounds)`,
		});
	});
});

describe("resolveConfig", () => {
	it("takes built-in names and paths", async () => {
		expect(await resolveConfig("atl06_polar")).toEqual(defaultConfig("atl06_polar"));
		expect(await resolveConfig(file("mine.yaml", ATL06))).toEqual(defaultConfig("atl06"));
	});

	it("suggests the built-in that a name is near to", async () => {
		await expect(resolveConfig("atl6")).rejects.toMatchObject({
			code: "config/not-found",
			message: "No built-in config or file named 'atl6'",
			remedy: expect.stringContaining("Did you mean 'atl06'?"),
		});
		await expect(resolveConfig("atl06.yaml")).rejects.toThrow("Cannot read config 'atl06.yaml': no such file");
	});
});
