import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testExecutor } from "@zagg/executor-testkit";
import { describe, it, vi } from "vitest";
import { clusterExecutor } from "./cluster-executor.ts";

const slurmHome = process.env.ZAGG_TEST_SLURM;
if (slurmHome) process.env.SLURM_CONF = join(slurmHome, "slurm.conf");
vi.setConfig({ testTimeout: 90_000 });

// A cell takes a second or two to start, as Slurm looks for work once a second.
if (!slurmHome || !existsSync(slurmHome)) {
	describe.skip("cluster executor, conformance (needs ZAGG_TEST_SLURM: scripts/slurm-up.sh)", () => {
		it("passes the testkit", () => {});
	});
} else {
	await testExecutor({
		name: "cluster executor",
		runner: { describe, it },
		patienceSeconds: 20,
		memoryCells: 2500,
		memoryWorkers: 500,
		create: ({ module, workers, memoryMegabytes }) =>
			clusterExecutor({
				module,
				spoolDirectory: mkdtempSync(join(tmpdir(), "zagg-conformance-")),
				partition: "steady",
				maxCellsInFlight: workers,
				// What Node itself takes comes on top.
				cellMemoryMegabytes: 200 + memoryMegabytes,
				memory: "900M",
				pollIntervalSeconds: 0.1,
				resultGraceSeconds: 0.5,
			}),
	});
}
