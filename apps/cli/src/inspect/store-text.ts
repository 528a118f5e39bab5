import { formatCount } from "@zagg/aggregate";
import type { Extent } from "./extent.ts";
import type { ArraySummary, CellValues, StoreSummary } from "./inspect-store.ts";

/** A store's summary as people read it. */
export function storeText(store: StoreSummary): string {
	const lines = [`${store.location}: Zarr v3, metadata ${store.isConsolidated ? "" : "not "}consolidated`];
	for (const group of store.groups) {
		lines.push(
			"",
			`${group.path}: ${group.label}`,
			`  ${formatCount(group.cellsWithData)} cells with data${group.extent ? `, ${extentText(group.extent)}` : ""}`,
			...tableText(group.arrays),
		);
	}
	if (store.otherArrays.length > 0) lines.push("", `other arrays: ${store.otherArrays.join(", ")}`);
	if (store.groups.length === 0) lines.push("", "No group of zagg's is in it.");
	return lines.join("\n");
}

/** One cell's values as people read them. */
export function cellText(cells: readonly CellValues[]): string {
	const blocks = cells.map(({ group, place, centre, values }) => {
		if (place === null || centre === null) return `${group}: the place is off the grid, or in no stored shard`;
		const width = Math.max(...Object.keys(values).map((name) => name.length));
		return [
			`${group}: cell at ${centre.latitude.toFixed(4)}, ${centre.longitude.toFixed(4)} (chunk ${place.blockIndex.join("/")}, row ${place.rank})`,
			...Object.entries(values).map(([name, value]) => `  ${name.padEnd(width)}  ${valueText(value)}`),
		].join("\n");
	});
	return blocks.join("\n\n");
}

function tableText(arrays: readonly ArraySummary[]): string[] {
	const header = ["array", "type", "shape", "chunk", "stored", "cells", "min", "mean", "max"];
	const rows = arrays.map((array) => [
		array.name,
		array.dtype,
		array.shape.join(" × "),
		array.chunkShape.join(" × "),
		formatCount(array.storedChunks),
		formatCount(array.cellsWithData),
		numberText(array.min),
		numberText(array.mean),
		numberText(array.max),
	]);
	const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]!.length)));
	const textColumns = 4;
	const lineText = (row: readonly string[]): string =>
		row
			.map((cell, column) => (column < textColumns ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
			.join("  ");
	return [header, ...rows].map((row) => `  ${lineText(row)}`.trimEnd());
}

function numberText(value: number | null): string {
	return value === null ? "–" : String(Number(value.toPrecision(6)));
}

function valueText(value: number | bigint | readonly (number | bigint)[]): string {
	return Array.isArray(value) ? value.join(" ") : String(value);
}

function extentText({ south, north, west, east }: Extent): string {
	const latitude = (degrees: number): string => `${Math.abs(degrees).toFixed(2)}° ${degrees < 0 ? "S" : "N"}`;
	const longitude = (degrees: number): string => `${Math.abs(degrees).toFixed(2)}° ${degrees < 0 ? "W" : "E"}`;
	return `${latitude(south)} to ${latitude(north)}, ${longitude(west)} to ${longitude(east)}`;
}
