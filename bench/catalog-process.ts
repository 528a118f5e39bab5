// Maps so many footprints; started by catalog.ts.
import { mapFootprints, type StacItem } from "@zagg/catalog";
import { healpixGrid } from "@zagg/grid";

const count = Number(process.argv[2]);
const items = Array.from({ length: count }, (_, index): StacItem => {
	// A strip of 27 vertices like ATL06's: about 14° along the track and 6.6 km wide, in granules that go round the globe.
	const start = -85 + ((index * 7.13) % 156);
	const west = ((index * 24.7) % 360) - 180;
	const edge = (offset: number): number[][] =>
		Array.from({ length: 13 }, (_unused, vertex) => {
			const latitude = start + (vertex * 14) / 12;
			const longitude = west + vertex * 0.12 + offset / Math.cos((latitude * Math.PI) / 180);
			return [((longitude + 540) % 360) - 180, latitude];
		});
	const left = edge(0);
	const coordinates = [[...left, ...edge(0.06).reverse(), left[0]!]];
	return { id: `G${index}`, geometry: { type: "Polygon", coordinates }, properties: {}, assets: {} };
});
const grid = healpixGrid({ parentOrder: 6, childOrder: 12 });
const started = performance.now();
const catalog = { items, metadata: { bbox: [-180, -90, 180, 90] } };
const { map } = await mapFootprints({ catalog, grid, gridSignature: grid.signature() });
process.send!({
	seconds: (performance.now() - started) / 1000,
	peakMebibytes: process.resourceUsage().maxRSS / 1024,
	pairs: map.metadata.total_pairs,
});
