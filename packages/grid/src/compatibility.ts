import { GridError } from "./errors.ts";
import type { Grid } from "./grid.ts";
import { pythonRepr } from "./python-repr.ts";

/** Throws `grid/incompatible` unless the cells of every two of the grids nest in each other. */
export function validateCompatible(grids: readonly Grid[]): void {
	for (const [index, first] of grids.entries()) {
		for (const second of grids.slice(index + 1)) {
			if (first.nestsWith(second) && second.nestsWith(first)) continue;
			const signatures = [first.signature(), second.signature()];
			throw new GridError(
				"grid/incompatible",
				`incompatible grids (do not nest):\n${signatures.map((signature) => `  ${pythonRepr(signature)}`).join("\n")}`,
				{ context: { signatures } },
			);
		}
	}
}
