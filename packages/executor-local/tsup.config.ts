import { defineConfig } from "tsup";
import { base } from "../../tsup.base.ts";

// The thread entry is a file of its own: worker threads load it by URL.
export default defineConfig({
	...base,
	entry: ["src/index.ts", "src/thread-entry.ts"],
	dts: { entry: "src/index.ts" },
});
