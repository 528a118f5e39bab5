import { setTimeout as realSleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { virtualClock } from "./virtual-clock.ts";

const never = new AbortController().signal;

it("moves to the next sleeper at once, in the order of waking", async () => {
	const clock = virtualClock(1000);
	const woken: [string, number][] = [];
	const sleep = async (name: string, milliseconds: number) => {
		await clock.sleep(milliseconds, never);
		woken.push([name, clock.now()]);
	};
	const startedAt = performance.now();
	await clock.drive(Promise.all([sleep("day", 86_400_000), sleep("second", 1000), sleep("hour", 3_600_000)]));
	expect(woken).toEqual([
		["second", 2000],
		["hour", 3_601_000],
		["day", 86_401_000],
	]);
	expect(clock.sleeps).toEqual([86_400_000, 1000, 3_600_000]);
	expect(performance.now() - startedAt).toBeLessThan(5000);
});

it("waits for work that really takes time, and sees nothing of it", async () => {
	const clock = virtualClock();
	const work = async () => {
		await realSleep(20);
		await clock.sleep(500, never);
		await realSleep(20);
		return clock.now();
	};
	expect(await clock.drive(work())).toBe(500);
});

it("wakes a sleeper whose signal is aborted, without moving", async () => {
	const clock = virtualClock();
	const stop = new AbortController();
	const sleeping = clock.sleep(1000, stop.signal);
	stop.abort();
	await sleeping;
	await clock.sleep(1000, stop.signal);
	expect(clock.now()).toBe(0);
});

it("hands on what the work rejects with", async () => {
	const clock = virtualClock();
	await expect(clock.drive(Promise.reject(new Error("no")))).rejects.toThrow("no");
});
