import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Executor } from "@zagg/dispatch";
import { afterAll, describe, expect, it } from "vitest";
import { type ScriptedCell, testExecutor } from "./index.ts";

// The code of docs/write-an-executor.md, as it stands there.
const page = readFileSync(join(import.meta.dirname, "../../../docs/write-an-executor.md"), "utf8");
const code = /```ts process-executor\.ts\n([\s\S]*?)```/.exec(page)![1]!;
const folder = mkdtempSync(join(tmpdir(), "zagg-write-an-executor-"));
const file = join(folder, "process-executor.ts");
writeFileSync(file, code.replace('"@zagg/dispatch"', JSON.stringify(import.meta.resolve("@zagg/dispatch"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { processExecutor } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
	processExecutor(module: URL, workers: number): Executor<ScriptedCell, unknown>;
};

it("the executor in the documentation is short", () => {
	expect(code.split("\n").length).toBeLessThan(90);
});

await testExecutor({
	name: "the executor in the documentation",
	runner: { describe, it },
	memoryCells: 60,
	decorated: false,
	create: ({ module, workers }) => processExecutor(module, workers),
});
