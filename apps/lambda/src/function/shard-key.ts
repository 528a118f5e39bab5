import { AggregationError } from "@zagg/aggregate";

/** Up to this order a word's cell lies in the 53 leading bits that a double keeps of a 64-bit integer. */
const FINEST_EXACT_ORDER = 24;

/**
 * The exact key of a shard. The event carries it as a bare 64-bit integer, which the runtime's `JSON.parse` has rounded to
 * a double.
 *
 * The HEALPix key of order p is a morton word: 4 bits of base cell, 2p bits of path, zeros, and p itself in the last 6
 * bits. Rounding touches the last 11 bits at most, and goes down, so that up to order 24 only zeros and p are lost, both
 * of which are known. A key of another grid is small and exact.
 *
 * @param parentOrder of a HEALPix grid, else null
 * @throws AggregationError `shard/invalid` for what cannot be the key of such a shard
 */
export function exactShardKey(received: unknown, parentOrder: number | null): bigint {
	if (typeof received === "bigint") return received;
	if (typeof received === "string" && /^-?\d+$/.test(received)) return BigInt(received);
	if (typeof received !== "number" || !Number.isInteger(received)) throw notAKey(received, parentOrder);
	if (Number.isSafeInteger(received)) return BigInt(received);
	if (parentOrder === null) throw notAKey(received, parentOrder);
	if (parentOrder > FINEST_EXACT_ORDER) throw tooFine(received, parentOrder);
	const pathEnd = BigInt(60 - 2 * parentOrder);
	const key = ((BigInt(received) >> pathEnd) << pathEnd) | BigInt(parentOrder);
	if (Number(key) === received) return key;
	throw notAKey(received, parentOrder);
}

function notAKey(received: unknown, parentOrder: number | null): AggregationError {
	const of = parentOrder === null ? "" : ` of order ${parentOrder}`;
	return new AggregationError("shard/invalid", `shard_key ${String(received)} is not the key of a shard${of}`, {
		failureClass: "usage",
		remedy: "Send the key as it stands in the shard map.",
	});
}

function tooFine(received: number, parentOrder: number): AggregationError {
	return new AggregationError(
		"shard/invalid",
		`shard_key ${received} has lost digits on its way that order ${parentOrder} does not tell`,
		{
			failureClass: "usage",
			remedy: `Send shard_key as a text, or use a parent_order of at most ${FINEST_EXACT_ORDER}.`,
		},
	);
}
