/** What one or many attempts cost. Sums are plain IEEE double additions, in the order in which attempts end. */
export interface CellCost {
	/** Seconds of computing that are paid for; core-seconds where a cell has several cores. */
	computeTimeSeconds: number;
	/** Seconds times gigabytes of memory, where memory is what is billed; else 0. */
	gbSeconds: number;
	/** US dollars of this attempt, as a breakdown; the figure shown to people is `priceRun` of the summed seconds. */
	costUsd: number;
}

/** A cost of nothing, to add to. */
export function zeroCost(): CellCost {
	return { computeTimeSeconds: 0, gbSeconds: 0, costUsd: 0 };
}

/** Adds `cost` into `total`, component by component. */
export function addCost(total: CellCost, cost: CellCost): void {
	total.computeTimeSeconds += cost.computeTimeSeconds;
	total.gbSeconds += cost.gbSeconds;
	total.costUsd += cost.costUsd;
}

/**
 * The price of a whole run, computed once from its summed seconds: `(computeTimeSeconds * memoryGb) * pricePerGbSecond`, in
 * this order. Summing prices cell by cell differs in the last digit: 0.1 + 0.2 + 0.3 + 12.7 s at 2 GB and 0.0000133334
 * is 0.00035466843999999996 here and 0.00035466844 there.
 *
 * @returns gigabyte-seconds and US dollars.
 */
export function priceRun(
	computeTimeSeconds: number,
	memoryGb: number,
	pricePerGbSecond: number,
): { gbSeconds: number; costUsd: number } {
	const gbSeconds = computeTimeSeconds * memoryGb;
	return { gbSeconds, costUsd: gbSeconds * pricePerGbSecond };
}

/** Memory of the Lambda function that runs a shard, in gigabytes, as the Python system prices it. */
export const LAMBDA_MEMORY_GB = 2.0;

/** US dollars per gigabyte-second of AWS Lambda on arm64, first tier, as the Python system prices it. */
export const LAMBDA_PRICE_PER_GB_SECOND = 0.0000133334;
