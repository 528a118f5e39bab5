import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const table = readFileSync(join(root, "docs/conformance.md"), "utf8");

test("every test that docs/conformance.md names exists", () => {
	const missing: string[] = [];
	let named = 0;
	for (const [, file, titles] of table.matchAll(/`([\w./-]+\.test\.ts)`: ((?:“[^”]+”(?:; )?)+)/g)) {
		const path = join(root, file!);
		const text = existsSync(path) ? readFileSync(path, "utf8") : "";
		for (const [, title] of titles!.matchAll(/“([^”]+)”/g)) {
			named++;
			if (!text.includes(title!.replaceAll("\\|", "|"))) missing.push(`${file}: ${title}`);
		}
	}
	expect(missing).toEqual([]);
	expect(named).toBeGreaterThan(100);
});
