import { CatalogError } from "./errors.ts";

/** ICESat-2 repeats its ground tracks every 91 days, counted from the first cycle's start. */
const FIRST_CYCLE_START = Date.UTC(2018, 9, 13);
const CYCLE_MILLISECONDS = 91 * 86_400_000;

/**
 * The days on which a repeat cycle of ICESat-2 starts and ends, as `YYYY-MM-DD`. The end is the next cycle's start, so
 * that consecutive cycles share a day, as in the Python system.
 *
 * @throws CatalogError `catalog/bad-query` for what is no cycle number
 */
export function cycleDates(cycle: number): { startDate: string; endDate: string } {
	if (!Number.isInteger(cycle) || cycle < 1) {
		throw new CatalogError("catalog/bad-query", `${cycle} is not a cycle of ICESat-2`, {
			remedy: "Cycles count from 1, which began on 2018-10-13.",
		});
	}
	const start = FIRST_CYCLE_START + (cycle - 1) * CYCLE_MILLISECONDS;
	const day = (time: number): string => new Date(time).toISOString().slice(0, 10);
	return { startDate: day(start), endDate: day(start + CYCLE_MILLISECONDS) };
}
