import { expect, test } from "vitest";
import { validateCompatible } from "./compatibility.ts";
import { healpixGrid } from "./healpix/healpix-grid.ts";

const coarse = healpixGrid({ parentOrder: 6, childOrder: 12 });
const fine = healpixGrid({ parentOrder: 8, childOrder: 14, layout: "dense" });
const authalic = healpixGrid({ parentOrder: 6, childOrder: 12, latitude: "authalic" });

test("no grid, one grid and HEALPix grids of any order and layout are compatible", () => {
	validateCompatible([]);
	validateCompatible([authalic]);
	validateCompatible([coarse, fine, coarse]);
	expect(coarse.nestsWith(fine)).toBe(true);
});

test("grids that do not nest are named by their signatures, as Python writes them", () => {
	expect(() => validateCompatible([coarse, fine, authalic])).toThrow(
		"incompatible grids (do not nest):\n" +
			"  {'type': 'healpix', 'indexing_scheme': 'nested', 'parent_order': 6, 'child_order': 12, 'layout': 'fullsphere'}\n" +
			"  {'type': 'healpix', 'indexing_scheme': 'nested', 'parent_order': 6, 'child_order': 12, 'layout': 'fullsphere', 'latitude': 'authalic-wgs84'}",
	);
});
