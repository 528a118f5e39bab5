import type { Ring } from "@zagg/grid";
import { OUTLINE_UNITS_PER_DEGREE } from "./view/scene.ts";

/** Gathers outlines of one number of vertices, in the scene's units. */
export interface OutlineWriter {
	/** Adds a cell's outline, degrees; vertices beyond the needed ones are not read. */
	add(ring: Ring): void;
	result(): Int32Array;
}

/** An empty collection of outlines. */
export function createOutlineWriter(verticesPerCell: number): OutlineWriter {
	let outlines = new Int32Array(256 * verticesPerCell);
	let next = 0;
	return {
		add({ latitudes, longitudes }) {
			if (next === outlines.length) {
				const longer = new Int32Array(2 * outlines.length);
				longer.set(outlines);
				outlines = longer;
			}
			for (let vertex = 0; vertex < verticesPerCell; vertex++) {
				const longitude = longitudes[vertex]!;
				const wrapped = longitude > 180 ? longitude - 360 : longitude;
				outlines[next++] = Math.round(wrapped * OUTLINE_UNITS_PER_DEGREE);
				outlines[next++] = Math.round(latitudes[vertex]! * OUTLINE_UNITS_PER_DEGREE);
			}
		},
		result: () => outlines.slice(0, next),
	};
}
