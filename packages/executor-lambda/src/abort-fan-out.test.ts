import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { abortFanOut } from "./abort-fan-out.ts";

test("a thousand calls share one listener, and are all aborted with the run's reason", () => {
	const run = new AbortController();
	const { follow } = abortFanOut();
	const calls = Array.from({ length: 1000 }, () => follow(run.signal));
	expect(getEventListeners(run.signal, "abort")).toHaveLength(1);
	calls[7]!.release();
	run.abort("enough");
	expect(calls.filter(({ signal }) => signal.aborted && signal.reason === "enough")).toHaveLength(999);
	expect(calls[7]!.signal.aborted).toBe(false);
});

test("nothing is left when every call has been released, and another run starts anew", () => {
	const { follow } = abortFanOut();
	for (let run = 0; run < 3; run++) {
		const { signal } = new AbortController();
		const calls = [follow(signal), follow(signal)];
		for (const call of calls) call.release();
		calls[0]!.release();
		expect(getEventListeners(signal, "abort")).toHaveLength(0);
	}
	expect(follow(AbortSignal.abort("before")).signal.reason).toBe("before");
});
