import { fork } from "node:child_process";

/** What a shard map of so many synthetic footprints costs, at order 6 over the whole globe. */
export interface CatalogFigures {
	readonly seconds: number;
	readonly peakMebibytes: number;
	readonly pairs: number;
}

/** Maps footprints in a process of its own, so that its peak memory is its own. */
export function catalogBench(footprints: number): Promise<CatalogFigures> {
	return new Promise((resolve, reject) => {
		const child = fork(new URL("./catalog-process.ts", import.meta.url), [String(footprints)]);
		child.once("message", resolve as (message: unknown) => void);
		child.once("error", reject);
		child.once("exit", (code) => code !== 0 && reject(new Error(`the catalog process ended with ${code}`)));
	});
}
