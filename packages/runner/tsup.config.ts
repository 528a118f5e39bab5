import { defineConfig } from "tsup";
import { base } from "../../tsup.base.ts";

// The worker is a file of its own: threads load it by URL.
export default defineConfig({ ...base, entry: ["src/index.ts", "src/shard-worker.ts"] });
