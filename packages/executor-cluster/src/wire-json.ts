/**
 * JSON without loss of what it has no word for: bigints and numbers that are not finite travel as
 * `{"$bigint": "123"}` and `{"$number": "NaN"}`.
 *
 * @throws TypeError for what JSON cannot hold: functions at the top, cycles
 */
export function toWire(value: unknown): string {
	const text = JSON.stringify(value, (_key, item: unknown) => {
		if (typeof item === "bigint") return { $bigint: String(item) };
		if (typeof item === "number" && !Number.isFinite(item)) return { $number: String(item) };
		return item;
	});
	return text ?? '{"$undefined":true}';
}

/** Reads what `toWire` wrote. */
export function fromWire(text: string): unknown {
	return JSON.parse(text, (_key, item: unknown) => {
		if (typeof item !== "object" || item === null) return item;
		const tagged = item as { $bigint?: string; $number?: string; $undefined?: boolean };
		if (typeof tagged.$bigint === "string") return BigInt(tagged.$bigint);
		if (typeof tagged.$number === "string") return Number(tagged.$number);
		return tagged.$undefined === true ? undefined : item;
	});
}
