import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AggregationError } from "../errors.ts";
import { builtinConfigNames, defaultConfig } from "./builtin.ts";
import { configFromRecord, configToRecord } from "./pipeline-config.ts";
import { resolvePipeline, validateConfig } from "./resolve-pipeline.ts";
import { refusal, variantOf } from "./test-config.ts";

describe("resolvePipeline", () => {
	it.each(["data_source", "aggregation", "output"])("needs the section %s", (section) => {
		for (const empty of [{}, [], null, ""]) {
			const record = { ...configToRecord(defaultConfig()), [section]: empty };
			expect(refusal(configFromRecord(record)).message).toBe(`Missing required section: ${section}`);
		}
	});

	it.each([
		["data_source", "varaibles", "did you mean 'variables'? "],
		["aggregation", "cordinates", "did you mean 'coordinates'? "],
		["output", "stor", "did you mean 'store'? "],
		["output", "compression", ""],
	] as const)("refuses an unknown key of %s: %s", (section, key, hint) => {
		const error = refusal(variantOf({ [section]: { [key]: {} } }));
		expect(error.code).toBe("config/unknown-key");
		expect(error.message).toContain(`Unknown key '${key}' in ${section} (${hint}allowed: `);
	});

	it.each<[string, Parameters<typeof variantOf>[0]]>([
		["data_source.groups is required (a list of HDF5 group names)", { data_source: { groups: undefined } }],
		["data_source.groups must be a non-empty list of strings (got [])", { data_source: { groups: [] } }],
		[
			"data_source.coordinates must be a mapping with 'latitude' and 'longitude'",
			{ data_source: { coordinates: { latitude: "/lat" } } },
		],
		["data_source.driver must be one of ['file', 'https', 's3'] (got 'htps')", { data_source: { driver: "htps" } }],
		[
			"data_source.variables.h_li must be a path template (got 5)",
			{ data_source: { variables: { h_li: 5, s_li: "/s" } } },
		],
		["aggregation.coordinates.cell_ids is required for healpix grid", { aggregation: { coordinates: undefined } }],
		[
			"aggregation.coordinates.morton: dtype must be uint64 (got float32)",
			{ aggregation: { coordinates: { cell_ids: { dtype: "int64", fill_value: 0 }, morton: {} } } },
		],
		[
			"Variable 'morton' has the name of a coordinate of the grid",
			{ aggregation: { variables: { morton: { function: "len" } } } },
		],
		["'../up' cannot be the name of a Zarr array", { aggregation: { variables: { "../up": { function: "len" } } } }],
		["output.store must be a string (got 5)", { output: { store: 5 } }],
	])("refuses what would only fail while shards run: %s", (message, changes) => {
		expect(refusal(variantOf(changes)).message).toBe(message);
	});

	it("reads store, endpoint, region and driver", () => {
		const output = { store: "./out.zarr", endpoint_url: "http://localhost:9000", region: "eu-west-1" };
		const pipeline = resolvePipeline(variantOf({ output, data_source: { driver: "file" } }));
		expect(pipeline).toMatchObject({
			storePath: "./out.zarr",
			endpointUrl: "http://localhost:9000",
			region: "eu-west-1",
			driver: "file",
		});
	});
});

describe("bounds", () => {
	const temporal = { start_date: "2024-01-06", end_date: "2024-04-07" };
	const withBounds = (bounds: Readonly<Record<string, unknown>> | null) => ({ ...defaultConfig(), bounds });

	it("may have both parts, either, or none", () => {
		for (const bounds of [
			{ temporal, spatial: "polygon.geojson" },
			{ temporal },
			{ spatial: [0, 0, 1, 1] },
			{},
			null,
		]) {
			expect(() => validateConfig(withBounds(bounds))).not.toThrow();
		}
	});

	it("refuse other keys and half a period", () => {
		expect(refusal(withBounds({ foo: 1 })).message).toBe(
			"Unknown bounds keys: {'foo'} (allowed: {'temporal', 'spatial'})",
		);
		expect(refusal(withBounds({ temporal: { start_date: "2024-01-06" } })).message).toBe(
			"bounds.temporal requires start_date and end_date",
		);
	});
});

describe("any record at all", () => {
	const assertTagged = (record: unknown) => {
		try {
			validateConfig(configFromRecord(record));
		} catch (error) {
			expect(error).toBeInstanceOf(AggregationError);
		}
	};
	const junk = fc.oneof(
		{ depthSize: "small" },
		fc.constantFrom<unknown>(
			null,
			undefined,
			true,
			0,
			-1,
			1.5,
			NaN,
			2n ** 70n,
			"",
			"h_li",
			"{group}",
			"{",
			"np.min",
			{},
			[],
		),
		fc.anything({ maxDepth: 2 }),
	);

	it("is met with a tagged error or accepted", () => {
		const record = fc.dictionary(
			fc.constantFrom("data_source", "aggregation", "output", "catalog", "bounds", "other"),
			fc.oneof(junk, fc.dictionary(fc.constantFrom("variables", "groups", "grid", "filters", "levels"), junk)),
		);
		fc.assert(fc.property(fc.oneof(junk, record), assertTagged), { numRuns: 500 });
	});

	it("is so with any one value of a good config replaced or removed", () => {
		const paths = builtinConfigNames.flatMap((name) =>
			pathsOf(configToRecord(defaultConfig(name))).map((path) => ({ name, path })),
		);
		fc.assert(
			fc.property(fc.constantFrom(...paths), junk, ({ name, path }, value) => {
				const record = configToRecord(defaultConfig(name));
				const container = path.slice(0, -1).reduce<object>((at, key) => Reflect.get(at, key), record);
				Reflect.set(container, path.at(-1)!, value);
				assertTagged(record);
			}),
			{ numRuns: 500 },
		);
	});
});

function pathsOf(value: unknown): string[][] {
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, item]) => [[key], ...pathsOf(item).map((path) => [key, ...path])]);
}
