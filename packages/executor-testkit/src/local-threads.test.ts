import { tmpdir } from "node:os";
import { join } from "node:path";
import { localExecutor } from "@zagg/executor-local";
import { describe, it } from "vitest";
import { testExecutor } from "./index.ts";

// Every test starts threads; without a cache each of them would compile its modules anew.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), "node-compile-cache");

await testExecutor({
	name: "local executor, threads",
	runner: { describe, it },
	memoryCells: 20_000,
	create: ({ module, workers, memoryMegabytes }) =>
		localExecutor({ module, workers, resourceLimits: { maxOldGenerationSizeMb: memoryMegabytes } }),
});
