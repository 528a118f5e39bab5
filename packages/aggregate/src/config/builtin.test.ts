import { describe, expect, it } from "vitest";
import { stringifyJson } from "../python/index.ts";
import { builtinConfigNames, defaultConfig } from "./builtin.ts";
import { configFromRecord, configToRecord } from "./pipeline-config.ts";
import { resolvePipeline } from "./resolve-pipeline.ts";

const LAND_ICE = "/{group}/land_ice_segments";

describe("the built-in configs", () => {
	it("are four, and every one is valid and survives the way to a record and back", () => {
		expect(builtinConfigNames).toEqual(["atl03", "atl03_waveform_counts", "atl06", "atl06_polar"]);
		for (const name of builtinConfigNames) {
			const config = defaultConfig(name);
			resolvePipeline(config);
			expect(configFromRecord(configToRecord(config))).toEqual(config);
		}
	});

	it("read six beams with h5coro from S3", () => {
		for (const name of builtinConfigNames) {
			const { reader, driver, groups } = defaultConfig(name).data_source;
			expect([reader, driver]).toEqual(["h5coro", "s3"]);
			expect(groups).toEqual(["gt1l", "gt1r", "gt2l", "gt2r", "gt3l", "gt3r"]);
		}
	});

	it("are met by name only", () => {
		expect(() => defaultConfig("atl99")).toThrow("No built-in config named 'atl99'");
		expect(() => defaultConfig("toString")).toThrow(expect.objectContaining({ code: "config/not-found" }));
	});

	it("are fresh copies", () => {
		expect(defaultConfig("atl06")).not.toBe(defaultConfig("atl06"));
	});
});

describe("atl06", () => {
	it("is the default, and travels as this JSON", () => {
		const float = '"dtype": "float32"';
		expect(stringifyJson(configToRecord(defaultConfig()))).toBe(
			[
				'{"data_source": {"reader": "h5coro", "driver": "s3", ',
				'"groups": ["gt1l", "gt1r", "gt2l", "gt2r", "gt3l", "gt3r"], ',
				`"coordinates": {"latitude": "${LAND_ICE}/latitude", "longitude": "${LAND_ICE}/longitude"}, `,
				`"variables": {"h_li": "${LAND_ICE}/h_li", "s_li": "${LAND_ICE}/h_li_sigma"}, `,
				`"quality_filter": {"dataset": "${LAND_ICE}/atl06_quality_summary", "value": 0}}, `,
				'"aggregation": {"coordinates": {"cell_ids": {"dtype": "uint64", "fill_value": 0}, ',
				'"morton": {"dtype": "uint64", "fill_value": 0}}, "variables": {',
				'"count": {"function": "len", "source": "h_li", "dtype": "int32", "fill_value": 0}, ',
				`"h_min": {"function": "min", "source": "h_li", ${float}}, `,
				`"h_max": {"function": "max", "source": "h_li", ${float}}, `,
				`"h_mean": {"function": "average", "source": "h_li", "params": {"weights": "1.0 / s_li**2"}, ${float}}, `,
				`"h_sigma": {"expression": "1.0 / np.sqrt(np.sum(1.0 / s_li**2))", ${float}}, `,
				`"h_variance": {"function": "var", "source": "h_li", ${float}}, `,
				`"h_q25": {"function": "quantile", "source": "h_li", "params": {"q": 0.25}, ${float}}, `,
				`"h_q50": {"function": "quantile", "source": "h_li", "params": {"q": 0.5}, ${float}}, `,
				`"h_q75": {"function": "quantile", "source": "h_li", "params": {"q": 0.75}, ${float}}}}, `,
				'"output": {"grid": {"type": "healpix", "indexing_scheme": "nested", "parent_order": 6, "child_order": 12}}, ',
				'"catalog": null, "bounds": null}',
			].join(""),
		);
	});

	it("is resolved with its defaults", () => {
		const pipeline = resolvePipeline(defaultConfig("atl06"));
		expect(pipeline.variables.map(({ name }) => name)).toEqual(["h_li", "s_li"]);
		expect(pipeline.filters).toEqual([
			{ level: null, dataset: `${LAND_ICE}/atl06_quality_summary`, column: null, op: "eq", value: 0, keep: true },
		]);
		expect(pipeline).toMatchObject({ levels: null, baseLevel: null, readPlan: null, storePath: null, driver: "s3" });
		expect(pipeline.coordinateFields).toEqual([
			{ name: "cell_ids", dtype: "uint64", fillValue: 0n },
			{ name: "morton", dtype: "uint64", fillValue: 0n },
		]);
		expect(pipeline.fields[0]).toEqual({
			name: "count",
			kind: "scalar",
			reducer: "len",
			expression: null,
			source: "h_li",
			params: {},
			dtype: "int32",
			declaredDtype: "int32",
			fillValue: 0,
			trailingShape: [],
			innerShape: [],
		});
		expect(pipeline.fields.every(({ kind }) => kind === "scalar")).toBe(true);
		expect(pipeline.fields.find(({ name }) => name === "h_q50")?.params).toEqual({ q: 0.5 });
		expect(pipeline.fields.find(({ name }) => name === "h_sigma")).toMatchObject({
			reducer: null,
			expression: "1.0 / np.sqrt(np.sum(1.0 / s_li**2))",
			source: null,
			fillValue: "NaN",
		});
	});
});

describe("atl06_polar", () => {
	it("has atl06's source and no quantiles, on 5 km cells", () => {
		const config = defaultConfig("atl06_polar");
		expect(config.data_source).toEqual(defaultConfig("atl06").data_source);
		expect(Object.keys(config.aggregation)).toEqual(["variables"]);
		expect(resolvePipeline(config).fields.map(({ name }) => name)).toEqual([
			"count",
			"h_min",
			"h_max",
			"h_mean",
			"h_sigma",
			"h_variance",
		]);
		expect(stringifyJson(config.output)).toBe(
			'{"grid": {"type": "rectilinear", "crs": "EPSG:3031", "resolution": 5000, "bounds": [-3200000, -3200000, 3200000, 3200000], "chunk_shape": [256, 256]}}',
		);
	});
});

describe("atl03", () => {
	const config = defaultConfig("atl03");
	const pipeline = resolvePipeline(config);

	it("drops transmitter-echo photons and has no expressions", () => {
		expect(pipeline.filters).toEqual([
			{ level: null, dataset: "/{group}/heights/signal_conf_ph", column: 0, op: "ne", value: -2, keep: true },
		]);
		expect(pipeline.fields.map(({ name, reducer }) => [name, reducer])).toEqual([
			["count", "len"],
			["h_min", "min"],
			["h_max", "max"],
			["h_mean", "mean"],
			["h_median", "median"],
			["h_variance", "var"],
		]);
	});

	it("finds photons through segments", () => {
		expect(pipeline.baseLevel).toBe("photons");
		expect([...(pipeline.levels ?? [])]).toEqual([
			["photons", { path: "/{group}/heights", coordinates: { latitude: "lat_ph", longitude: "lon_ph" }, link: null }],
			[
				"segments",
				{
					path: "/{group}/geolocation",
					coordinates: { latitude: "reference_photon_lat", longitude: "reference_photon_lon" },
					link: {
						to: "photons",
						indexBeg: "/{group}/geolocation/ph_index_beg",
						count: "/{group}/geolocation/segment_ph_cnt",
						indexBase: 1,
					},
				},
			],
		]);
		expect(pipeline.readPlan).toEqual({ spatialIndex: "segments", pad: 1, fullReadThreshold: 0.9 });
	});

	it("has a rectilinear grid with four bounds", () => {
		expect(config.output.grid).toEqual({
			type: "rectilinear",
			crs: "EPSG:4326",
			resolution: 0.0001,
			bounds: [-180, -90, 180, 90],
			chunk_shape: [256, 256],
		});
	});

	it("shares source and grid with atl03_waveform_counts", () => {
		const waveforms = defaultConfig("atl03_waveform_counts");
		expect(waveforms.data_source).toEqual(config.data_source);
		expect(waveforms.output).toEqual(config.output);
	});
});

describe("atl03_waveform_counts", () => {
	it("has a vector of 128 counts and its start", () => {
		const [counts, start] = resolvePipeline(defaultConfig("atl03_waveform_counts")).fields;
		expect(counts).toMatchObject({ kind: "vector", trailingShape: [128], dtype: "uint32", fillValue: 0, source: null });
		expect(start).toMatchObject({ name: "bin_start", kind: "scalar", reducer: "median", source: "h_ph" });
	});
});
