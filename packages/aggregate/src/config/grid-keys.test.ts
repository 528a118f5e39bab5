import { describe, expect, it } from "vitest";
import { childOrder, parentOrder } from "./accessors.ts";
import { defaultConfig } from "./builtin.ts";
import { resolvePipeline } from "./resolve-pipeline.ts";
import { refusal, variantOf } from "./test-config.ts";

const healpix = { type: "healpix", parent_order: 6, child_order: 12 };
const polar = { type: "rectilinear", crs: "EPSG:3031", resolution: 5000, bounds: [-1, -1, 1, 1] };
const withGrid = (grid: unknown) => variantOf({ output: { grid } });

describe("output.grid", () => {
	it.each<[string, unknown]>([
		["output.grid must be a mapping (e.g. type: healpix, child_order: 12)", "healpix"],
		["output.grid.type is required", { parent_order: 6, child_order: 12 }],
		["output.grid.child_order is required for healpix grid", { type: "healpix" }],
		["output.grid.parent_order is required for healpix grid", { type: "healpix", child_order: 12 }],
		["output.grid.crs is required for rectilinear grid", { type: "rectilinear" }],
		["output.grid.resolution is required for rectilinear grid", { type: "rectilinear", crs: "EPSG:3031" }],
		["output.grid.bounds is required for rectilinear grid", { type: "rectilinear", crs: "EPSG:3031", resolution: 1 }],
		["output.grid.bounds must be [xmin, ymin, xmax, ymax]", { ...polar, bounds: [0, 0, 1] }],
		["output.grid.layout must be 'dense' or 'fullsphere' (got 'packed')", { ...healpix, layout: "packed" }],
		["output.grid.layout must be 'dense' or 'fullsphere' (got 'packed')", { ...polar, layout: "packed" }],
		["Unknown output.grid.type: 'h3'", { type: "h3" }],
		["output.grid.child_order must be an integer from 0 to 29 (got 30)", { ...healpix, child_order: 30 }],
		["output.grid.parent_order must be an integer from 0 to 29 (got '6')", { ...healpix, parent_order: "6" }],
		[
			"output.grid.latitude must be 'geodetic' or 'authalic' (got 'geocentric')",
			{ ...healpix, latitude: "geocentric" },
		],
		["output.grid.indexing_scheme must be 'nested' (got 'ring')", { ...healpix, indexing_scheme: "ring" }],
		["output.grid.resolution must be a positive number or [rx, ry] (got 0)", { ...polar, resolution: 0 }],
		["output.grid.chunk_shape must be two positive integers (got [256])", { ...polar, chunk_shape: [256] }],
		[
			"Unknown key 'chld_order' in output.grid (did you mean 'child_order'? allowed: type, indexing_scheme, parent_order, child_order, layout, latitude)",
			{ type: "healpix", parent_order: 6, chld_order: 12 },
		],
		[
			"Unknown key 'child_order' in output.grid (allowed: type, crs, resolution, bounds, chunk_shape, layout)",
			{ ...polar, child_order: 12 },
		],
	])("is refused: %s", (message, grid) => {
		expect(refusal(withGrid(grid)).message).toBe(message);
	});

	it("may be left out, or say all it knows", () => {
		const config = variantOf({ output: { grid: undefined, store: "s3://bucket/out.zarr" } });
		expect(resolvePipeline(config)).toMatchObject({ grid: {}, storePath: "s3://bucket/out.zarr" });
		const grid = { ...healpix, indexing_scheme: "nested", layout: "dense", latitude: "authalic" };
		expect(resolvePipeline(withGrid(grid)).grid).toEqual(grid);
		expect(resolvePipeline(withGrid({ ...polar, resolution: [5, 10], layout: null })).grid.resolution).toEqual([5, 10]);
	});
});

describe("childOrder and parentOrder", () => {
	it("read the config's orders", () => {
		expect(childOrder(defaultConfig("atl06"))).toBe(12);
		expect(parentOrder(defaultConfig("atl06"))).toBe(6);
	});

	it("say what is missing", () => {
		expect(() => childOrder(defaultConfig("atl06_polar"))).toThrow("output.grid.child_order is required");
		expect(() => parentOrder(defaultConfig("atl03"))).toThrow("output.grid.parent_order is required");
	});
});
