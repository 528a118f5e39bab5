/**
 * The value for this address: read once, then shared. A failed read is forgotten, so that a later call tries again.
 */
export function remember<Value>(
	known: Map<number, Promise<Value>>,
	address: number,
	read: () => Promise<Value>,
): Promise<Value> {
	const earlier = known.get(address);
	if (earlier !== undefined) return earlier;
	const value = read();
	known.set(address, value);
	value.catch(() => known.delete(address));
	return value;
}
