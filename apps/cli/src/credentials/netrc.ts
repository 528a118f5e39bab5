/** A login of a `.netrc` file. */
export interface NetrcLogin {
	readonly username: string;
	readonly password: string;
}

/**
 * The login that a `.netrc` text has for a machine; its `default` entry serves when the machine has none of its own.
 * Tokens are separated by white space; `#` begins a comment where a token could begin, and `macdef` ends at an empty line.
 */
export function netrcLogin(text: string, machine: string): NetrcLogin | null {
	const tokens = text
		.replace(/^[ \t]*macdef[\s\S]*?(?:\n[ \t]*\n|(?![\s\S]))/gm, "\n")
		.replace(/(^|\s)#.*$/gm, "$1")
		.split(/\s+/)
		.filter((token) => token !== "");
	const entries = new Map<string, { login?: string; password?: string }>();
	let entry: { login?: string; password?: string } = {};
	for (let index = 0; index < tokens.length; index++) {
		const token = tokens[index]!;
		if (token === "machine" || token === "default") {
			entry = {};
			const name = token === "machine" ? (tokens[++index] ?? "") : "default";
			if (!entries.has(name)) entries.set(name, entry);
		} else if (token === "login" || token === "password" || token === "account") {
			const value = tokens[++index];
			if (token !== "account" && value !== undefined) entry[token] = value;
		}
	}
	const found = entries.get(machine) ?? entries.get("default");
	if (!found?.login || !found.password) return null;
	return { username: found.login, password: found.password };
}
