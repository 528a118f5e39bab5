// Checks that every package has the same skeleton and that imports go downwards only.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = join(import.meta.dirname, "..");

/** Who may depend on whom. What is not listed here is not allowed. */
const allowedImports: Record<string, readonly string[]> = {
	"@zagg/dispatch": [],
	"@zagg/executor-testkit": ["@zagg/dispatch"],
	"@zagg/executor-local": ["@zagg/dispatch"],
	"@zagg/executor-lambda": ["@zagg/dispatch"],
	"@zagg/executor-cluster": ["@zagg/dispatch"],
	"@zagg/test-servers": [],
	"@zagg/hdf5": [],
	"@zagg/grid": [],
	"@zagg/aggregate": ["@zagg/grid", "@zagg/hdf5"],
	"@zagg/catalog": ["@zagg/aggregate", "@zagg/grid", "@zagg/hdf5"],
	"@zagg/runner": [
		"@zagg/aggregate",
		"@zagg/catalog",
		"@zagg/dispatch",
		"@zagg/executor-cluster",
		"@zagg/executor-lambda",
		"@zagg/executor-local",
		"@zagg/grid",
	],
	"@zagg/lambda-worker": ["@zagg/aggregate", "@zagg/grid", "@zagg/hdf5"],
	zagg: [
		"@zagg/aggregate",
		"@zagg/catalog",
		"@zagg/dispatch",
		"@zagg/grid",
		"@zagg/hdf5",
		"@zagg/lambda-worker",
		"@zagg/runner",
	],
};

const skeleton = ["README.md", "package.json", "src/index.ts", "tsconfig.json", "tsup.config.ts"];
const longestFileInLines = 320;
const problems: string[] = [];

for (const folder of ["packages", "apps"].flatMap((top) =>
	readdirSync(join(root, top)).map((name) => join(top, name)),
)) {
	if (existsSync(join(root, folder, "package.json"))) checkPackage(folder);
	else problems.push(`${folder}: not a package`);
}
if (problems.length > 0) {
	console.error(problems.join("\n"));
	process.exit(1);
}
console.log("structure: every package has its skeleton, imports go downwards only");

function checkPackage(folder: string): void {
	for (const file of skeleton) {
		if (!existsSync(join(root, folder, file))) problems.push(`${folder}: ${file} is missing`);
	}
	const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
	const allowed = allowedImports[manifest.name];
	if (allowed === undefined) {
		problems.push(`${folder}: ${manifest.name} is not in scripts/check-structure.ts; say there what it may import`);
		return;
	}
	for (const field of ["description", "license", "engines", "exports", "files", "publishConfig"]) {
		if (!(field in manifest)) problems.push(`${folder}/package.json: "${field}" is missing`);
	}
	const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
	for (const name of declared.filter((dependency) => dependency.startsWith("@zagg/"))) {
		if (!allowed.includes(name)) problems.push(`${folder}/package.json: must not depend on ${name}`);
	}
	const testOnly = Object.keys(manifest.devDependencies ?? {});
	const sources = readdirSync(join(root, folder, "src"), { recursive: true, encoding: "utf8" })
		.filter((name) => name.endsWith(".ts"))
		.map((name) => join(folder, "src", name));
	for (const file of sources) {
		const isTest = /\.test\.ts$|\/fixtures\/|\/test-|\/testing\.ts$/.test(file);
		checkSource(file, isTest ? [...declared, ...testOnly, manifest.name, "vitest", "fast-check"] : declared);
	}
	if (!sources.some((file) => file.endsWith(".test.ts"))) problems.push(`${folder}: has no tests`);
	checkOnlyReExports(join(folder, "src/index.ts"));
}

function checkSource(file: string, importable: readonly string[]): void {
	const text = readFileSync(join(root, file), "utf8");
	const lines = text.split("\n").length;
	if (lines > longestFileInLines && !file.endsWith(".test.ts")) {
		problems.push(`${file}: ${lines} lines; split it (one concept per file, at most ${longestFileInLines})`);
	}
	for (const [, specifier] of text.matchAll(/^(?:import|export)\s+(?:type\s+)?(?:[\w$*{},\s]+\sfrom\s+)?"([^"]+)"/gm)) {
		if (specifier!.startsWith("node:")) continue;
		if (specifier!.startsWith(".")) {
			const target = relative(root, join(root, dirname(file), specifier!));
			if (!target.startsWith(file.split("/").slice(0, 2).join("/"))) {
				problems.push(`${file}: reaches into another package (${specifier})`);
			}
			continue;
		}
		const name = specifier!
			.split("/")
			.slice(0, specifier!.startsWith("@") ? 2 : 1)
			.join("/");
		if (!importable.includes(name)) problems.push(`${file}: imports ${name}, which its package.json does not name`);
	}
}

function checkOnlyReExports(file: string): void {
	if (!existsSync(join(root, file))) return;
	const rest = readFileSync(join(root, file), "utf8")
		.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")
		.replace(/export\s+(?:type\s+)?(?:\{[^}]*\}|\*(?:\s+as\s+\w+)?)\s+from\s+"[^"]+";?/g, "");
	if (rest.trim() !== "") problems.push(`${file}: holds more than re-exports`);
}
