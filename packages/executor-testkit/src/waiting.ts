import { AssertionError } from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MILLISECONDS = 5;

/** Settles as `work` does; rejects if that takes too long. */
export async function within<T>(seconds: number, what: string, work: Promise<T>): Promise<T> {
	const late = Promise.withResolvers<never>();
	const timer = setTimeout(() => late.reject(tooLate(what, seconds)), seconds * 1000);
	try {
		return await Promise.race([work, late.promise]);
	} finally {
		clearTimeout(timer);
	}
}

/** Resolves once `condition` holds; rejects if that takes too long. */
export async function eventually(seconds: number, what: string, condition: () => boolean): Promise<void> {
	const end = performance.now() + seconds * 1000;
	while (!condition()) {
		if (performance.now() > end) throw tooLate(what, seconds);
		await sleep(POLL_MILLISECONDS);
	}
}

function tooLate(what: string, seconds: number): AssertionError {
	return new AssertionError({ message: `not within ${seconds} s: ${what}` });
}
