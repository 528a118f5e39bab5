import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { systemClock } from "./clock.ts";

describe("systemClock", () => {
	it("agrees with the wall clock and never runs backwards", () => {
		expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(5000);
		const times = Array.from({ length: 1000 }, () => systemClock.now());
		expect(times).toEqual([...times].sort((a, b) => a - b));
	});

	it("sleeps, and wakes early when the signal is aborted, leaving no timer and no listener", async () => {
		const { signal } = new AbortController();
		const before = systemClock.now();
		await systemClock.sleep(20, signal);
		expect(systemClock.now() - before).toBeGreaterThanOrEqual(19);
		expect(getEventListeners(signal, "abort")).toEqual([]);

		const stop = new AbortController();
		const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
		const timersBefore = timers();
		const sleeping = systemClock.sleep(3_600_000, stop.signal);
		expect(timers()).toBe(timersBefore + 1);
		stop.abort();
		await sleeping;
		await systemClock.sleep(3_600_000, stop.signal);
		expect(timers()).toBe(timersBefore);
	});
});
