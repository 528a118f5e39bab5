#!/usr/bin/env node
// Kept free of static imports: an older Node must get as far as the message.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 15)) {
	process.stderr.write(
		`zagg needs Node.js 22.15 or newer; this is ${process.version}.\n` +
			"Get it from https://nodejs.org, or run it beside yours: npx -y -p node@24 -p zagg zagg --help\n",
	);
	process.exitCode = 2;
} else {
	const { runCli } = await import("./cli.ts");
	process.exitCode = await runCli(process.argv.slice(2));
}

export {};
