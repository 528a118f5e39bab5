import { defineConfig } from "tsup";
import { base } from "../../tsup.base.ts";

// The workers are files of their own: threads and nodes load them by URL.
export default defineConfig({ ...base, entry: ["src/index.ts", "src/shard-worker.ts", "src/cluster-worker.ts"] });
