/** A value and when it ends, in milliseconds since the Unix epoch; null for never. */
export interface Expiring<Value> {
	readonly value: Value;
	readonly expiresAt: number | null;
}

/** What is about to end is replaced this long before. */
const MARGIN_MILLISECONDS = 5 * 60 * 1000;

/**
 * Keeps a value until five minutes before it ends, then obtains a new one. However many ask at once, it is obtained once;
 * a failure is not kept, and is none as long as the old value has not ended.
 *
 * @param now milliseconds since the Unix epoch; default: the machine's clock
 */
export function refreshing<Value>(
	obtain: () => Promise<Expiring<Value>>,
	now: () => number = Date.now,
): () => Promise<Value> {
	let current: Expiring<Value> | undefined;
	let pending: Promise<Value> | undefined;
	return async () => {
		if (current !== undefined && (current.expiresAt === null || now() < current.expiresAt - MARGIN_MILLISECONDS)) {
			return current.value;
		}
		pending ??= obtain()
			.then(
				(obtained) => {
					current = obtained;
					return obtained.value;
				},
				(error: unknown) => {
					if (current?.expiresAt && now() < current.expiresAt) return current.value;
					throw error;
				},
			)
			.finally(() => {
				pending = undefined;
			});
		return pending;
	};
}
