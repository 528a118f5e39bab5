import { join } from "node:path";
import type { Options } from "tsup";

/**
 * The function as one file with everything in it. It is bundled from the packages' sources, so that nothing unused comes
 * along; what is left of CommonJS inside needs a `require`.
 */
export const functionBundle: Options = {
	entry: { index: join(import.meta.dirname, "src/lambda.ts") },
	format: ["esm"],
	outExtension: () => ({ js: ".mjs" }),
	target: "node22",
	platform: "node",
	minify: true,
	splitting: false,
	treeshake: false,
	sourcemap: false,
	dts: false,
	clean: true,
	noExternal: [/.*/],
	esbuildOptions(options) {
		options.conditions = ["@zagg/source", "node", "import"];
		options.legalComments = "none";
		options.mainFields = ["module", "main"];
	},
	banner: {
		js: 'import{createRequire as zaggCreateRequire}from"node:module";const require=zaggCreateRequire(import.meta.url);',
	},
};
