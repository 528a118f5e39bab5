import { describe, expect, it } from "vitest";
import { parseJson, stringifyJson } from "../python/index.ts";
import { defaultConfig } from "./builtin.ts";
import { gridFromConfig } from "./grid-from-config.ts";
import { gridSignature, outputFieldSignature, sameGrid } from "./signature.ts";
import { variantOf, withField } from "./test-config.ts";

const withGrid = (grid: Readonly<Record<string, unknown>>) => variantOf({ output: { grid } });

describe("gridFromConfig", () => {
	it("builds the built-in grids", () => {
		const healpix = gridFromConfig(defaultConfig("atl06"));
		expect([healpix.type, healpix.groupPath]).toEqual(["healpix", "12"]);
		const polar = gridFromConfig(defaultConfig("atl06_polar"));
		expect([polar.type, polar.groupPath, polar.arrayShape]).toEqual(["rectilinear", "rectilinear", [1280, 1280]]);
	});

	it("lets the config's parent order win over the caller's", () => {
		const signature = (grid: Readonly<Record<string, unknown>>) =>
			gridFromConfig(withGrid(grid), { parentOrder: 5 }).signature();
		expect(signature({ type: "healpix", child_order: 12, parent_order: 6 }).parent_order).toBe(6);
		expect(signature({ child_order: 12 }).parent_order).toBe(5);
	});

	it("warns of the dense layout, and of nothing else", () => {
		const warnings: string[] = [];
		const warn = (message: string) => warnings.push(message);
		const grid = { type: "healpix", parent_order: 6, child_order: 8 };
		gridFromConfig(withGrid(grid), { warn });
		expect(gridFromConfig(withGrid(grid)).signature().layout).toBe("fullsphere");
		expect(warnings).toEqual([]);
		const dense = gridFromConfig(withGrid({ ...grid, layout: "dense" }), { warn, populatedShards: [1n] });
		expect(dense.signature().layout).toBe("dense");
		expect(warnings).toEqual([
			"output.grid.layout: dense is deprecated; switch to fullsphere (the new default) or omit the field. Dense will be removed in a future release.",
		]);
	});

	it.each<[string, Readonly<Record<string, unknown>>]>([
		["output.grid.parent_order is required for HEALPix grids", { type: "healpix", child_order: 12 }],
		["output.grid.child_order is required", { type: "healpix", parent_order: 6 }],
		[
			"output.grid type 'rectilinear' missing required fields: ['resolution', 'bounds']",
			{ type: "rectilinear", crs: "EPSG:3031" },
		],
		["Unknown output.grid.type: 'h3'", { type: "h3" }],
		["child_order (6) must be >= parent_order (8)", { type: "healpix", parent_order: 8, child_order: 6 }],
	])("refuses: %s", (message, grid) => {
		expect(() => gridFromConfig(withGrid(grid))).toThrow(message);
	});
});

describe("gridSignature", () => {
	it("is the grid's keys, then the fields by name", () => {
		const config = defaultConfig("atl06");
		const text = stringifyJson(gridSignature(gridFromConfig(config), config));
		const field = (name: string, dtype = "float32") =>
			`{"name": "${name}", "kind": "scalar", "trailing_shape": [], "inner_shape": [], "dtype": "${dtype}"}`;
		const fields = [
			field("count", "int32"),
			...["h_max", "h_mean", "h_min", "h_q25", "h_q50", "h_q75", "h_sigma", "h_variance"].map((name) => field(name)),
		];
		expect(text).toBe(
			`{"type": "healpix", "indexing_scheme": "nested", "parent_order": 6, "child_order": 12, "layout": "fullsphere", "output_fields": [${fields.join(", ")}]}`,
		);
	});

	it("writes a projected grid's affine as floats", () => {
		const config = defaultConfig("atl06_polar");
		expect(stringifyJson(gridSignature(gridFromConfig(config), config))).toContain(
			'{"type": "rectilinear", "crs": "EPSG:3031", "affine": [5000.0, 0.0, -3200000.0, 0.0, -5000.0, 3200000.0], "shape": [1280, 1280], "chunk_shape": [256, 256], "output_fields": [',
		);
	});

	it("repeats the dtype as declared, null when it is not", () => {
		expect(outputFieldSignature(withField({ function: "mean", source: "h_li" }))[0]?.dtype).toBeNull();
		expect(outputFieldSignature(withField({ function: "mean", source: "h_li", dtype: "f4" }))[0]?.dtype).toBe("f4");
	});
});

describe("sameGrid", () => {
	const config = defaultConfig("atl06_polar");
	const signature = gridSignature(gridFromConfig(config), config);

	it("compares numbers by value, also with a signature read from a file", () => {
		const read = parseJson(stringifyJson(signature)) as object;
		expect(sameGrid(read, signature)).toBe(true);
		expect(sameGrid(parseJson(stringifyJson(signature).replaceAll(".0", "")), signature)).toBe(true);
		expect(sameGrid({ ...read, shape: [1280, 1281] }, signature)).toBe(false);
		expect(sameGrid({ ...read, crs: "EPSG:3413" }, signature)).toBe(false);
	});

	it("does not mind the fields or keys it does not know", () => {
		const { output_fields: _, ...spatial } = signature;
		expect(sameGrid({ ...spatial, note: "older" }, signature)).toBe(true);
	});

	it("takes a key that an older map lacks at its default", () => {
		const base = { type: "healpix", parent_order: 6, child_order: 12 };
		const grid = gridFromConfig(withGrid(base)).signature();
		expect(sameGrid(base, grid)).toBe(true);
		expect(sameGrid({ ...base, parent_order: 5 }, grid)).toBe(false);
		expect(sameGrid(base, gridFromConfig(withGrid({ ...base, latitude: "authalic" })).signature())).toBe(false);
	});

	it("is false across types and for what is no signature", () => {
		expect(sameGrid(signature, { type: "healpix" })).toBe(false);
		expect(sameGrid(null, signature)).toBe(false);
		for (const type of ["h3", "constructor", null]) expect(sameGrid({ type }, { type })).toBe(false);
	});
});
