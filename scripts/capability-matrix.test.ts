import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

test("the capability matrix in the docs is what the executors say of themselves", () => {
	const script = join(import.meta.dirname, "capability-matrix.ts");
	const { status, stderr } = spawnSync(process.execPath, ["--conditions=@zagg/source", script, "--check"], {
		encoding: "utf8",
	});
	expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});
