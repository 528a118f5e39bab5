import { defineConfig } from "tsup";
import { base } from "../../tsup.base.ts";

export default defineConfig({
	...base,
	entry: { index: "src/index.ts", writer: "src/writer/index.ts", s3: "src/sources/s3-source.ts" },
});
