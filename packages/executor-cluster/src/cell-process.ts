// The process that a worker runs cells in: one at a time, again and again, until it is told to end or dies of one.

import type { CellReply } from "./cell-host.ts";
import type { CellLine } from "./lines.ts";
import { packError } from "./packed-error.ts";
import { fromWire, toWire } from "./wire-json.ts";
import type { ClusterWork } from "./work.ts";

const [modulePath = "", exportName = "default"] = process.argv.slice(2);
let work: ClusterWork<unknown, unknown> | undefined;
// A cell that is to end is ended with its process.
const { signal } = new AbortController();

process.on("disconnect", () => process.exit());
process.on("message", async (text: string) => {
	const cell = fromWire(text) as CellLine;
	const started = performance.now();
	const cpuBefore = process.cpuUsage();
	const reply = (outcome: Pick<CellReply, "ok" | "result" | "error">): void => {
		const cpu = process.cpuUsage(cpuBefore);
		process.send?.(
			toWire({
				...outcome,
				wallSeconds: (performance.now() - started) / 1000,
				cpuSeconds: (cpu.user + cpu.system) / 1e6,
				peakMemoryMebibytes: process.resourceUsage().maxRSS / 1024,
			} satisfies CellReply),
		);
	};
	try {
		if (work === undefined) {
			const module = (await import(modulePath)) as Record<string, unknown>;
			const found = module[exportName];
			if (typeof found !== "function") throw new TypeError(`${modulePath} exports no function '${exportName}'`);
			work = found as ClusterWork<unknown, unknown>;
		}
		const result = await work(cell.payload, {
			signal,
			index: cell.index,
			attempt: cell.attempt,
			runId: cell.runId,
			emit: (message) => process.send?.(toWire({ message })),
		});
		reply({ ok: true, result });
	} catch (error) {
		reply({ ok: false, error: packError(error) });
	}
});
