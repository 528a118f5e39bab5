import { defineConfig } from "tsup";
import { base } from "../../tsup.base.ts";

// The scripted worker is a file of its own: executors load it by URL.
export default defineConfig({
	...base,
	entry: ["src/index.ts", "src/scripted-worker.ts"],
	dts: { entry: "src/index.ts" },
});
