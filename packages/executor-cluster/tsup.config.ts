import { defineConfig } from "tsup";
import { base } from "../../tsup.base.ts";

// The worker and the process that it runs cells in are files of their own: the nodes start them by path.
export default defineConfig({
	...base,
	entry: ["src/index.ts", "src/worker-entry.ts", "src/cell-process.ts"],
	dts: { entry: "src/index.ts" },
});
