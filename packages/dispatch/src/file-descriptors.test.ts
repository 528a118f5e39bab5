import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import {
	fileDescriptorSafeWorkers,
	isFileDescriptorExhaustion,
	openFileLimits,
	tooManyOpenFilesMessage,
} from "./file-descriptors.ts";

describe("isFileDescriptorExhaustion", () => {
	it("finds EMFILE or the message anywhere in the chain of causes", () => {
		const emfile = Object.assign(new Error("x"), { code: "EMFILE" });
		expect(isFileDescriptorExhaustion(emfile)).toBe(true);
		expect(isFileDescriptorExhaustion(new Error("a", { cause: new Error("b", { cause: emfile }) }))).toBe(true);
		expect(isFileDescriptorExhaustion(new Error("[Errno 24] Too many open files"))).toBe(true);
		expect(isFileDescriptorExhaustion(new Error("TOO MANY OPEN FILES in system"))).toBe(true);
		expect(isFileDescriptorExhaustion("too many open files")).toBe(true);
	});

	it("does not take ENFILE by its code, nor anything else", () => {
		expect(isFileDescriptorExhaustion(Object.assign(new Error("x"), { code: "ENFILE" }))).toBe(false);
		expect(isFileDescriptorExhaustion(new Error("Rate exceeded"))).toBe(false);
		expect(isFileDescriptorExhaustion(undefined)).toBe(false);
	});

	it("ends on a cycle of causes", () => {
		const first = new Error("a");
		first.cause = new Error("b", { cause: first });
		expect(isFileDescriptorExhaustion(first)).toBe(false);
	});
});

describe("open-file limits", () => {
	it("leave 32 descriptors free, and always one worker", () => {
		expect([256, 16].map((soft) => fileDescriptorSafeWorkers(soft))).toEqual([224, 1]);
		expect(fileDescriptorSafeWorkers(1000, 100)).toBe(900);
	});

	it.skipIf(process.platform === "win32")("are read in a process that has no descriptor left", () => {
		const module = new URL("./file-descriptors.ts", import.meta.url).href;
		const script = `
			import { openSync, writeSync } from "node:fs";
			import { openFileLimits } from ${JSON.stringify(module)};
			try { for (;;) openSync("/dev/null"); } catch (error) { writeSync(1, error.code + JSON.stringify(openFileLimits())); }
		`;
		const command = `ulimit -n 128; exec "$0" --input-type=module --eval "$1"`;
		const output = execFileSync("sh", ["-c", command, process.execPath, script], { encoding: "utf8" });
		expect(output).toBe('EMFILE{"soft":128,"hard":128}');
	});

	it("are this process's own", () => {
		const limits = openFileLimits();
		if (process.platform === "win32") return expect(limits).toBeUndefined();
		expect(limits!.soft).toBeGreaterThan(16);
		expect(limits!.hard).toBeGreaterThanOrEqual(limits!.soft);
	});

	it("make the advice", () => {
		expect(tooManyOpenFilesMessage(1700, "lambda", { soft: 256, hard: 4096 })).toBe(
			"Too many open files: 1700 Lambda workers exceeded the open-file soft limit (ulimit -n = 256, hard = 4096). Cells " +
				"would be silently dropped. Raise the limit (e.g. `ulimit -n 8192`) or lower --max-workers to <= 224.",
		);
		expect(tooManyOpenFilesMessage(4, "local")).toMatch(
			/^Too many open files: 4 Local workers .*lower --max-workers\.$/,
		);
	});
});
