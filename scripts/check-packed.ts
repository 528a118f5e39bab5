// Packs every public package as it would be published, lints the tarballs, installs them together in an empty folder
// and imports each entry there: what users get must work without the workspace around it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "zagg-packed-"));
const run = (command: string, args: readonly string[], cwd: string): string =>
	execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

try {
	const dependencies: Record<string, string> = {};
	const entries: string[] = [];
	let bin: string | undefined;
	for (const home of ["packages", "apps"].flatMap((top) =>
		readdirSync(join(root, top)).map((name) => join(root, top, name)),
	)) {
		const manifest = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
		if (manifest.private) continue;
		const packed = JSON.parse(run("pnpm", ["pack", "--json", "--pack-destination", folder], home)) as {
			filename: string;
		};
		run("publint", ["run", packed.filename, "--strict"], root);
		dependencies[manifest.name] = `file:${packed.filename}`;
		for (const entry of Object.keys(manifest.publishConfig.exports)) entries.push(join(manifest.name, entry));
		if (manifest.bin) bin = manifest.name;
	}
	// Overrides make the packages find each other's tarballs instead of the registry.
	writeFileSync(
		join(folder, "package.json"),
		JSON.stringify({ private: true, type: "module", dependencies, overrides: dependencies }, null, 2),
	);
	run("npm", ["install", "--no-audit", "--no-fund", "--silent"], folder);
	const script = entries.map((entry) => `await import(${JSON.stringify(entry)});`).join("\n");
	run("node", ["--input-type=module", "--eval", script], folder);
	if (bin !== undefined) run(join(folder, "node_modules/.bin", bin), ["--version"], folder);
	console.log(`packed: ${entries.length} entries of ${Object.keys(dependencies).length} packages install and import`);
} finally {
	rmSync(folder, { recursive: true, force: true });
}
