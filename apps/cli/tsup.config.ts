import { defineConfig } from "tsup";
import { base } from "../../tsup.base.ts";

export default defineConfig({ ...base, entry: ["src/index.ts", "src/main.ts"], dts: { entry: "src/index.ts" } });
