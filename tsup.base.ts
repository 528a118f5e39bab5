import type { Options } from "tsup";

/** What every package's build shares; a package spreads it and names its entries. */
export const base: Options = {
	entry: ["src/index.ts"],
	format: ["esm"],
	target: "node22",
	platform: "node",
	dts: true,
	clean: true,
	sourcemap: true,
	splitting: true,
	treeshake: true,
};
