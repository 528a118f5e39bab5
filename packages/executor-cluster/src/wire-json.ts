/**
 * JSON without loss of what it has no word for: bigints and numbers that are not finite travel as `{"$bigint": "123"}` and
 * `{"$number": "NaN"}`, and an object that has a name with a `$` of its own as `{"$entries": […]}`.
 *
 * @throws TypeError for what JSON cannot hold: cycles
 */
export function toWire(value: unknown): string {
	const text = JSON.stringify(value, (_key, item: unknown) => {
		if (typeof item === "bigint") return { $bigint: String(item) };
		if (typeof item === "number" && !Number.isFinite(item)) return { $number: String(item) };
		if (typeof item === "object" && item !== null && !Array.isArray(item)) {
			const entries = Object.entries(item);
			if (entries.some(([name]) => name.startsWith("$"))) return { $entries: entries };
		}
		return item;
	});
	return text ?? '{"$undefined":true}';
}

/** Reads what `toWire` wrote. */
export function fromWire(text: string): unknown {
	return JSON.parse(text, (_key, item: unknown) => {
		if (typeof item !== "object" || item === null) return item;
		const tagged = item as { $bigint?: string; $number?: string; $entries?: [string, unknown][]; $undefined?: true };
		if (tagged.$bigint !== undefined) return BigInt(tagged.$bigint);
		if (tagged.$number !== undefined) return Number(tagged.$number);
		if (tagged.$entries !== undefined) return Object.fromEntries(tagged.$entries);
		return tagged.$undefined === true ? undefined : item;
	});
}
