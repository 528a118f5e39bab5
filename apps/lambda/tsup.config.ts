import { defineConfig } from "tsup";
import { base } from "../../tsup.base.ts";
import { functionBundle } from "./tsup.function.ts";

export default defineConfig([
	{ ...base, entry: { index: "src/index.ts", runtime: "src/dev/runtime.ts" }, dts: { entry: "src/index.ts" } },
	{ ...functionBundle, outDir: "dist/function" },
]);
