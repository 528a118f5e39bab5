import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { basename, dirname, join } from "node:path";

// The page's script is TypeScript like everything else, in page/ and view/, and has to become one inline <script>. A
// build of the command replaces this name by the finished text (tsup.config.ts); from the sources the same function
// makes it on the spot. So both have the very same script, and tests of one are tests of the other.
declare const ZAGG_MAP_PAGE_SCRIPT: string;

/** The script of a map's page, one JavaScript text without imports. */
export function pageScript(): string {
	if (typeof ZAGG_MAP_PAGE_SCRIPT === "string") return ZAGG_MAP_PAGE_SCRIPT;
	return linkPageScript(join(import.meta.dirname, "page", "main.ts"));
}

/**
 * Makes one script of a module and all that it imports: types are stripped, every module becomes a function that
 * returns its exports, dependencies first. Modules must import with `import { … } from "./…ts"` and export
 * declarations; anything else throws.
 */
export function linkPageScript(entryPath: string): string {
	const names = new Map<string, string>();
	const modules: string[] = [];
	const addModule = (path: string): string => {
		const known = names.get(path);
		if (known !== undefined) return known;
		const name = `module_${names.size}_${basename(path, ".ts").replaceAll("-", "_")}`;
		names.set(path, name);
		const exports: string[] = [];
		const body = stripTypeScriptTypes(readFileSync(path, "utf8"))
			.replace(/^import\s*\{([^}]*)\}\s*from\s*"(\.[^"]+)";/gm, (_, bindings: string, specifier: string) => {
				const imported = addModule(join(dirname(path), specifier));
				return `const {${bindings.replaceAll(/\bas\b/g, ":")}} = ${imported};`;
			})
			.replace(/^export (?=(?:async )?function (\w+)|const (\w+))/gm, (_, functionName, constantName) => {
				exports.push(functionName ?? constantName);
				return "";
			})
			.replace(/^\s*\/\*\*[\s\S]*?\*\/$/gm, "")
			.replace(/\s+$/gm, "");
		const leftover = /^(?:import|export)\b.*/m.exec(body);
		if (leftover !== null) throw new Error(`${path}: cannot link '${leftover[0]}'`);
		modules.push(`const ${name} = (() => {\n${body}\nreturn { ${exports.join(", ")} };\n})();`);
		return name;
	};
	addModule(entryPath);
	return `"use strict";\n${modules.join("\n")}`;
}
