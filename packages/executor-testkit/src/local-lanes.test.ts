import { localExecutor } from "@zagg/executor-local";
import { describe, it } from "vitest";
import { testExecutor } from "./index.ts";

await testExecutor({
	name: "local executor, lanes",
	runner: { describe, it },
	create: ({ work, workers }) => localExecutor({ work, workers }),
});
