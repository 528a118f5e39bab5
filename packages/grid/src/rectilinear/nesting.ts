import type { RectilinearGrid } from "./rectilinear-grid.ts";

/** Whether both grids' cells are whole multiples of each other and their lattices start on common lines. */
export function rectilinearGridsNest(a: RectilinearGrid, b: RectilinearGrid): boolean {
	if (a.crs !== b.crs) return false;
	const [aWest, , , aNorth] = a.bounds;
	const [bWest, , , bNorth] = b.bounds;
	return (
		latticesNest(a.resolution[0], b.resolution[0], aWest - bWest) &&
		latticesNest(a.resolution[1], b.resolution[1], aNorth - bNorth)
	);
}

function latticesNest(a: number, b: number, offset: number): boolean {
	const fine = Math.min(a, b);
	const ratio = Math.max(a, b) / fine;
	const steps = offset / fine;
	return Math.abs(Math.round(ratio) - ratio) < 1e-9 && Math.abs(Math.round(steps) - steps) < 1e-6;
}
