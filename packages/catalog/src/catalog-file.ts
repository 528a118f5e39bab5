import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { stringifyJson } from "@zagg/aggregate";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { geojsonToWkb, parquetWriteBuffer, type SchemaElement } from "hyparquet-writer";
import { CatalogError } from "./errors.ts";
import type { StacAsset, StacItem } from "./stac-item.ts";
import type { GranuleCatalog } from "./stac-search.ts";

/** Schema metadata under which the query travels with the file. */
const METADATA_KEY = "zagg:catalog_meta";

/**
 * Reads granules from a stac-geoparquet file, one that this package wrote or any other.
 *
 * @throws CatalogError `catalog/not-found`, or `catalog/not-a-catalog` for what is no such file or is cut short
 */
export async function readCatalog(path: string): Promise<GranuleCatalog> {
	let bytes: Uint8Array;
	try {
		bytes = await readFile(path);
	} catch (error) {
		throw new CatalogError("catalog/not-found", `cannot read the catalog ${path}: ${(error as Error).message}`, {
			remedy: "Give the path of a stac-geoparquet file, or make one with `zagg catalog --catalog-out`.",
		});
	}
	const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
	try {
		const { key_value_metadata: pairs = [] } = parquetMetadata(file);
		const text = pairs.find(({ key }) => key === METADATA_KEY)?.value;
		const rows = await parquetReadObjects({ file, compressors });
		return { items: rows.map(itemOf), metadata: text ? (JSON.parse(text) as Record<string, unknown>) : {} };
	} catch (error) {
		if (error instanceof CatalogError) throw error;
		throw new CatalogError("catalog/not-a-catalog", `${path} is no stac-geoparquet file: ${(error as Error).message}`, {
			failureClass: "data",
			remedy: "It may be cut short: fetch it again, or make one with `zagg catalog --catalog-out`.",
		});
	}
}

/**
 * Writes granules as a stac-geoparquet file, beside its place and renamed there.
 *
 * @throws CatalogError `catalog/not-writable`
 */
export async function writeCatalog(path: string, catalog: GranuleCatalog): Promise<void> {
	const partial = `${path}.partial`;
	try {
		await writeFile(partial, new Uint8Array(catalogBytes(catalog)));
		await rename(partial, path);
	} catch (error) {
		await rm(partial, { force: true }).catch(() => {});
		throw new CatalogError("catalog/not-writable", `cannot write the catalog ${path}: ${(error as Error).message}`, {
			failureClass: "fatal",
			remedy: "Choose another path, in a folder that exists and can be written to.",
		});
	}
}

function itemOf(row: Record<string, unknown>): StacItem {
	const {
		id,
		collection = null,
		geometry = null,
		assets,
		bbox,
		type: _,
		stac_version,
		stac_extensions,
		links,
		...properties
	} = row;
	if (typeof id !== "string") {
		throw new CatalogError("catalog/not-a-catalog", "the file has a row without an id", { failureClass: "data" });
	}
	const present = Object.entries((assets ?? {}) as Record<string, StacAsset | null>).flatMap(([name, asset]) =>
		asset?.href ? [[name, asset] as const] : [],
	);
	return {
		id,
		collection: collection as string | null,
		geometry,
		bbox: boxOf(bbox),
		properties,
		assets: Object.fromEntries(present),
	};
}

function boxOf(bbox: unknown): number[] | null {
	if (Array.isArray(bbox)) return bbox.map(Number);
	const { xmin, ymin, xmax, ymax } = (bbox ?? {}) as Record<string, number>;
	return [xmin, ymin, xmax, ymax].every((each) => typeof each === "number") ? [xmin!, ymin!, xmax!, ymax!] : null;
}

const text = (name: string): SchemaElement => ({
	name,
	type: "BYTE_ARRAY",
	converted_type: "UTF8",
	repetition_type: "OPTIONAL",
});
const double = (name: string): SchemaElement => ({ name, type: "DOUBLE", repetition_type: "OPTIONAL" });
const group = (name: string, children: number): SchemaElement => ({
	name,
	num_children: children,
	repetition_type: "OPTIONAL",
});
const listOfTexts = (name: string): SchemaElement[] => [
	{ name, num_children: 1, converted_type: "LIST", repetition_type: "OPTIONAL" },
	{ name: "list", num_children: 1, repetition_type: "REPEATED" },
	text("element"),
];

function catalogBytes({ items, metadata }: GranuleCatalog): ArrayBuffer {
	const assetNames = [...new Set(items.flatMap(({ assets }) => Object.keys(assets)))];
	const times = ["datetime", "start_datetime", "end_datetime"].filter((name) =>
		items.some(({ properties }) => properties[name] !== undefined && properties[name] !== null),
	);
	const schema: SchemaElement[] = [
		{ name: "root", num_children: 7 + (assetNames.length > 0 ? 1 : 0) + times.length },
		text("type"),
		text("stac_version"),
		...listOfTexts("stac_extensions"),
		text("id"),
		text("collection"),
		{ name: "geometry", type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
		group("bbox", 4),
		...["xmin", "ymin", "xmax", "ymax"].map(double),
		...(assetNames.length === 0
			? []
			: [
					group("assets", assetNames.length),
					...assetNames.flatMap((name) => [group(name, 2), text("href"), ...listOfTexts("roles")]),
				]),
		...times.map(
			(name): SchemaElement => ({
				name,
				type: "INT64",
				converted_type: "TIMESTAMP_MICROS",
				repetition_type: "OPTIONAL",
			}),
		),
	];
	const column = <Value>(name: string, value: (item: StacItem) => Value) => ({ name, data: items.map(value) });
	return parquetWriteBuffer({
		schema,
		kvMetadata: [
			{ key: "geo", value: GEO_METADATA },
			{ key: "stac-geoparquet", value: '{"version": "1.0.0"}' },
			{ key: METADATA_KEY, value: stringifyJson(metadata) },
		],
		columnData: [
			column("type", () => "Feature"),
			column("stac_version", () => "1.0.0"),
			column("stac_extensions", () => [] as string[]),
			column("id", ({ id }) => id),
			column("collection", ({ collection }) => collection ?? null),
			column("geometry", ({ geometry }) =>
				geometry ? geojsonToWkb(geometry as Parameters<typeof geojsonToWkb>[0]) : null,
			),
			column("bbox", ({ bbox }) =>
				bbox?.length === 4 ? { xmin: bbox[0], ymin: bbox[1], xmax: bbox[2], ymax: bbox[3] } : null,
			),
			...(assetNames.length === 0
				? []
				: [
						column("assets", ({ assets }) =>
							Object.fromEntries(
								assetNames.map((name) => {
									const asset = assets[name];
									return [name, asset ? { href: asset.href, roles: [...(asset.roles ?? [])] } : null];
								}),
							),
						),
					]),
			...times.map((name) => column(name, ({ properties }) => microseconds(properties[name]))),
		],
	});
}

const GEO_METADATA = JSON.stringify({
	version: "1.1.0",
	primary_column: "geometry",
	columns: { geometry: { encoding: "WKB", geometry_types: [] } },
});

function microseconds(value: unknown): bigint | null {
	const time = value instanceof Date ? value.getTime() : typeof value === "string" ? Date.parse(value) : Number.NaN;
	return Number.isNaN(time) ? null : BigInt(Math.round(time * 1000));
}
