import { describe, expect, it } from "vitest";
import { LAMBDA_MEMORY_GB, LAMBDA_PRICE_PER_GB_SECOND, priceRun } from "./cost.ts";
import { dispatch } from "./dispatch.ts";
import { scriptedExecutor, virtualClock } from "./test-support.ts";

describe("cost", () => {
	it("is summed in completion order and priced once", async () => {
		const clock = virtualClock();
		const executor = {
			...scriptedExecutor(clock, (payload) => ({ seconds: payload, result: [0.1, 0.2, 0.3, 12.7][payload] })),
			measureCost: (outcome: { status: string; result?: unknown }) => {
				const seconds = outcome.result as number;
				const gbSeconds = seconds * LAMBDA_MEMORY_GB;
				return { computeTimeSeconds: seconds, gbSeconds, costUsd: gbSeconds * LAMBDA_PRICE_PER_GB_SECOND };
			},
		};
		const { cost } = await clock.drive(dispatch(executor, [3, 1, 0, 2], { workers: 4, clock }));
		expect(cost.computeTimeSeconds).toBe(13.299999999999999);
		expect(priceRun(cost.computeTimeSeconds, LAMBDA_MEMORY_GB, LAMBDA_PRICE_PER_GB_SECOND)).toEqual({
			gbSeconds: 26.599999999999998,
			costUsd: 0.00035466843999999996,
		});
		// The breakdown by cell differs in the last digit; that is why a run is priced once.
		expect(cost.costUsd).toBe(0.00035466844);
	});
});
