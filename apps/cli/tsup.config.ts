import { defineConfig } from "tsup";
import { base } from "../../tsup.base.ts";
import { linkPageScript } from "./src/map/page-script.ts";

export default defineConfig({
	...base,
	entry: ["src/index.ts", "src/main.ts"],
	dts: { entry: "src/index.ts" },
	define: { ZAGG_MAP_PAGE_SCRIPT: JSON.stringify(linkPageScript("src/map/page/main.ts")) },
});
