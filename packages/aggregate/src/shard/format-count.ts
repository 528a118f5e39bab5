const counts = new Intl.NumberFormat("en-US");

/** A count with thousands separated by commas, as log lines and summaries show it: 17,162. */
export function formatCount(count: number): string {
	return counts.format(count);
}
