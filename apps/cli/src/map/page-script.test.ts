import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { linkPageScript, pageScript } from "./page-script.ts";

async function linked(files: Readonly<Record<string, string>>): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "zagg-link-"));
	try {
		for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
		return linkPageScript(join(folder, "main.ts"));
	} finally {
		await rm(folder, { recursive: true });
	}
}

describe("linkPageScript", () => {
	it("links modules in order of need, each once, names apart", async () => {
		const script = await linked({
			"main.ts": `import { double, type Count } from "./double.ts";\nimport { triple as times3 } from "./triple.ts";
const step: Count = 5;\n(globalThis as any).linkedResult = [double(step), times3(step)];\n`,
			"double.ts": `import { log } from "./log.ts";\nexport type Count = number;\nconst step = 2;
export function double(value: Count): Count {\n\tlog.push("double");\n\treturn value * step;\n}\n`,
			"triple.ts": `import { log } from "./log.ts";\nconst step = 3;\nexport const triple = (value: number) => {
\tlog.push("triple");\n\treturn value * step;\n};\n`,
			"log.ts": "export const log: string[] = [];\n(globalThis as any).linkedLog = log;\n",
		});
		new Function(script)();
		const { linkedResult, linkedLog } = globalThis as { linkedResult?: number[]; linkedLog?: string[] };
		expect(linkedResult).toEqual([10, 15]);
		expect(linkedLog).toEqual(["double", "triple"]);
	});

	it("refuses what it cannot link", async () => {
		await expect(linked({ "main.ts": 'export * from "./x.ts";\n' })).rejects.toThrow("cannot link 'export * from");
		await expect(linked({ "main.ts": 'import { x } from "elsewhere";\n' })).rejects.toThrow("cannot link 'import");
	});
});

describe("pageScript", () => {
	it("is one script that parses and asks the network for nothing", () => {
		const script = pageScript();
		expect(() => new Function(script)).not.toThrow();
		expect(script).not.toMatch(/^(import|export)\b/m);
		expect(script).not.toMatch(/https?:\/\/|\bfetch\(|XMLHttpRequest|WebSocket|import\(|sendBeacon/);
	});
});
