import { describe, expect, it } from "vitest";
import { resolvePipeline } from "./resolve-pipeline.ts";
import { refusal, variantOf } from "./test-config.ts";

const link = { to: "photons", index_beg: "/{group}/geo/beg", count: "/{group}/geo/cnt", index_base: 1 };
const levels = {
	photons: { path: "/{group}/heights", coordinates: ["lat_ph", "lon_ph"], link: null },
	segments: { path: "/{group}/geo", coordinates: { latitude: "lat", longitude: "lon" }, variables: ["podppd"], link },
};
const source = (changes: Readonly<Record<string, unknown>>) =>
	variantOf({ data_source: { levels, base_level: "photons", ...changes } });
const withLink = (changes: Readonly<Record<string, unknown>> | null) =>
	source({ levels: { ...levels, segments: { ...levels.segments, link: changes && { ...link, ...changes } } } });

describe("levels", () => {
	it("may list coordinates for documentation", () => {
		const { levels: resolved, baseLevel } = resolvePipeline(source({}));
		expect(baseLevel).toBe("photons");
		expect(resolved?.get("photons")).toEqual({ path: "/{group}/heights", coordinates: null, link: null });
		expect(resolved?.get("segments")).toEqual({
			path: "/{group}/geo",
			coordinates: { latitude: "lat", longitude: "lon" },
			link: { to: "photons", indexBeg: "/{group}/geo/beg", count: "/{group}/geo/cnt", indexBase: 1 },
		});
	});

	it("are null for a flat source, whose base_level means nothing", () => {
		const flat = resolvePipeline(variantOf({ data_source: { base_level: "photons" } }));
		expect([flat.levels, flat.baseLevel]).toEqual([null, null]);
	});

	const available = "(available: ['photons', 'segments'])";
	it.each<[string, Readonly<Record<string, unknown>>]>([
		["data_source.levels must be a non-empty mapping", { levels: {} }],
		["data_source.levels must be a non-empty mapping", { levels: ["photons"] }],
		["data_source.base_level is required when levels is present", { base_level: undefined }],
		[`data_source.base_level 'footprints' is not a key in levels ${available}`, { base_level: "footprints" }],
		["levels.photons must be a mapping", { levels: { ...levels, photons: "/heights" } }],
		["levels.photons: 'path' is required", { levels: { ...levels, photons: {} } }],
		["levels.segments: 'path' is required", { levels: { ...levels, segments: { link } } }],
		["levels.segments.link must be a mapping", { levels: { ...levels, segments: { path: "/g", link: "photons" } } }],
	])("are refused: %s", (message, changes) => {
		expect(refusal(source(changes)).message).toBe(message);
	});

	it.each<[string, Readonly<Record<string, unknown>> | null]>([
		["levels.segments: non-base levels must have a 'link' (only 'photons' may omit it)", null],
		["levels.segments.link: 'to' is required", { to: null }],
		["levels.segments.link: 'index_beg' is required", { index_beg: undefined }],
		["levels.segments.link: 'count' is required", { count: undefined }],
		[
			"levels.segments.link: unknown fields ['bogus'] (allowed: to, index_beg, count, index_base, reference_index)",
			{ bogus: 1 },
		],
		["level 'segments': link.to cannot reference the level itself", { to: "segments" }],
		[`levels.segments.link.to 'footprints' is not a key in levels ${available}`, { to: "footprints" }],
		["levels.segments.link.index_base must be a non-negative int (got -1)", { index_base: -1 }],
		["levels.segments.link.index_base must be a non-negative int (got True)", { index_base: true }],
		["levels.segments.link.index_base must be a non-negative int (got None)", { index_base: null }],
		[
			"levels.segments.link.reference_index is reserved and must be null/omitted (explicit index-array variant not yet implemented)",
			{ reference_index: "/x" },
		],
	])("refuse a link: %s", (message, changes) => {
		expect(refusal(withLink(changes)).message).toBe(message);
	});

	it("take index_base 0 when it is left out", () => {
		const resolved = resolvePipeline(withLink({ index_base: undefined })).levels;
		expect(resolved?.get("segments")?.link?.indexBase).toBe(0);
	});
});

describe("a filter's level", () => {
	const filter = (level: string) => [{ level, dataset: "/{group}/geo/podppd", op: "eq", value: 0 }];

	it("may be any level that links to the base", () => {
		expect(resolvePipeline(source({ filters: filter("segments") })).filters[0]?.level).toBe("segments");
	});

	it("must be a key in levels, also without levels", () => {
		expect(refusal(source({ filters: filter("tracks") })).message).toBe(
			`filter[0]: level 'tracks' is not a key in levels (available: ['photons', 'segments'])`,
		);
		expect(refusal(variantOf({ data_source: { filters: filter("segments") } })).message).toBe(
			"filter[0]: level 'segments' is not a key in levels (available: [])",
		);
	});

	it("must link directly to the base level", () => {
		const blocks = { path: "/{group}/blocks", link: { ...link, to: "segments" } };
		expect(refusal(source({ levels: { ...levels, blocks }, filters: filter("blocks") })).message).toBe(
			"filter[0]: level 'blocks' must link directly to base level 'photons' (got link.to='segments')",
		);
	});
});

describe("read_plan", () => {
	const plan = (read_plan: unknown, changes = {}) => source({ read_plan, ...changes });

	it("takes defaults, and is off without spatial_index", () => {
		expect(resolvePipeline(plan({ spatial_index: "segments" })).readPlan).toEqual({
			spatialIndex: "segments",
			pad: 1,
			fullReadThreshold: 0.9,
		});
		expect(resolvePipeline(plan({ spatial_index: null, pad: 2 })).readPlan).toBeNull();
	});

	it.each<[string, unknown, Readonly<Record<string, unknown>>]>([
		[
			"data_source.read_plan.spatial_index requires a non-empty 'levels' mapping",
			{ spatial_index: "segments" },
			{ levels: undefined },
		],
		["read_plan.spatial_index level 'photons' requires a 'link'", { spatial_index: "photons" }, {}],
		[
			"data_source.read_plan.spatial_index 'tracks' is not a key in levels (available: ['photons', 'segments'])",
			{ spatial_index: "tracks" },
			{},
		],
		[
			"read_plan.spatial_index level 'segments' must link directly to base level 'photons' (got link.to='blocks')",
			{ spatial_index: "segments" },
			{
				levels: {
					...levels,
					blocks: levels.segments,
					segments: { ...levels.segments, link: { ...link, to: "blocks" } },
				},
			},
		],
		[
			"read_plan.spatial_index level requires 'coordinates: {latitude: <name>, longitude: <name>}'",
			{ spatial_index: "segments" },
			{ levels: { ...levels, segments: { ...levels.segments, coordinates: ["lat", "lon"] } } },
		],
		["data_source.read_plan.pad must be a non-negative int (got 1.5)", { spatial_index: "segments", pad: 1.5 }, {}],
		["data_source.read_plan must be a mapping", "segments", {}],
		[
			"Unknown key 'padding' in data_source.read_plan (allowed: spatial_index, pad, full_read_threshold)",
			{ padding: 1 },
			{},
		],
	])("is refused: %s", (message, readPlan, changes) => {
		expect(refusal(plan(readPlan, changes)).message).toBe(message);
	});
});
