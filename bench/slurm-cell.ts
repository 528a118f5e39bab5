import { setTimeout as sleep } from "node:timers/promises";
import type { SleepingCell } from "./slurm.ts";

/** Work that takes a known time, and no processor: there are more slots than processors. */
export default async function sleepingCell({ cell, seconds }: SleepingCell): Promise<number> {
	if (seconds > 0) await sleep(seconds * 1000);
	return cell;
}
