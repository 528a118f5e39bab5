import type { SceneHeader, ValueRange } from "./view/scene.ts";

/** What is asked for of a map. */
export interface SceneOptions {
	/** Shown first; by default `h_mean` where there is one, else the first variable that is not a count. */
	readonly variable?: string;
	/** Colours of the first variable span this range; by default its 2nd to 98th percentile. */
	readonly range?: ValueRange;
	readonly title?: string;
	readonly projection: SceneHeader["projection"];
	/** Group of the store; by default the first one. */
	readonly group?: string;
	/** Of more cells, evenly spread ones are left out. */
	readonly maxCells: number;
}
