import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

// The code of docs/write-an-executor.md, as it stands there: the blocks that name a file.
const home = join(import.meta.dirname, "..");
const page = readFileSync(join(home, "../../docs/write-an-executor.md"), "utf8");
const blocks = [...page.matchAll(/^```ts (\S+)\n([\s\S]*?)^```$/gm)];
const files = new Map(blocks.map(([, name, code]) => [name!, code!]));

it("the documentation has a short executor and its test", () => {
	expect([...files.keys()]).toEqual(["process-executor.ts", "process-executor.test.ts"]);
	expect(files.get("process-executor.ts")!.split("\n").length).toBeLessThan(60);
	expect(files.get("process-executor.test.ts")!.split("\n").length).toBeLessThan(20);
});

function withFiles(body: (folder: string) => void): void {
	const folder = mkdtempSync(join(tmpdir(), "zagg-write-an-executor-"));
	try {
		for (const [name, code] of files) writeFileSync(join(folder, name), code);
		const scope = join(folder, "node_modules/@zagg");
		mkdirSync(scope, { recursive: true });
		symlinkSync(home, join(scope, "executor-testkit"));
		symlinkSync(join(home, "../dispatch"), join(scope, "dispatch"));
		symlinkSync(join(home, "../../node_modules/@types"), join(folder, "node_modules/@types"));
		body(folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

it("the code in the documentation has no type error", { timeout: 60_000 }, () => {
	withFiles((folder) => {
		const compilerOptions = {
			...{ strict: true, noEmit: true, target: "es2024", module: "nodenext", types: ["node"], skipLibCheck: true },
			...{ allowImportingTsExtensions: true, customConditions: ["@zagg/source"] },
		};
		writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
		writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [...files.keys()] }));
		const tsc = join(home, "../../node_modules/typescript/bin/tsc");
		const { stdout, status } = spawnSync(process.execPath, [tsc], { cwd: folder, encoding: "utf8" });
		expect([stdout, status]).toEqual(["", 0]);
	});
});

it("the executor in the documentation passes its test, which runs under node:test", { timeout: 90_000 }, () => {
	withFiles((folder) => {
		// Every attempt starts a process: those of the memory test and of the second run would take too long here.
		const skipped = "--test-skip-pattern=/holds no more|decorated/";
		const args = ["--conditions=@zagg/source", "--test", "--test-reporter=tap", skipped, "process-executor.test.ts"];
		const { stdout, stderr } = spawnSync(process.execPath, args, {
			cwd: folder,
			encoding: "utf8",
			env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache") },
			timeout: 80_000,
		});
		expect(stdout.match(/^\s*not ok .*$/gm) ?? [], stdout + stderr).toEqual([]);
		expect(stdout).toMatch(/^# fail 0$/m);
		expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(50);
	});
});
