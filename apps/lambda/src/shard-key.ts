import { LambdaWorkerError } from "./errors.ts";

/** Up to this order a word's cell lies in the 53 leading bits that a double keeps of a 64-bit integer. */
const FINEST_EXACT_ORDER = 24;

/**
 * The shard key of an event, exact although the Lambda runtime parses events with `JSON.parse`, which makes 64-bit
 * integers doubles.
 *
 * A HEALPix key of order p is a morton word: 4 bits of base cell, 2p bits of path, zeros, and p itself in the last 6
 * bits. Rounding to a double can only touch the last 11 bits, and rounds down, so that for p ≤ 24 only the zeros and p
 * are lost, both of which are known. Keys of rectilinear grids are small.
 *
 * @param parentOrder order of the shards; null for a rectilinear grid
 * @throws LambdaWorkerError `lambda-worker/inexact-number` when the key cannot be told, `lambda-worker/invalid-event`
 *   when it is no integer at all.
 */
export function exactShardKey(value: unknown, parentOrder: number | null): bigint {
	if (typeof value === "bigint") return value;
	if (typeof value === "string" && /^-?\d+$/.test(value)) return BigInt(value);
	if (typeof value !== "number" || !Number.isInteger(value)) {
		throw new LambdaWorkerError("lambda-worker/invalid-event", "shard_key must be an integer");
	}
	if (Number.isSafeInteger(value)) return BigInt(value);
	if (parentOrder !== null && parentOrder <= FINEST_EXACT_ORDER) {
		const pathEnd = BigInt(60 - 2 * parentOrder);
		const key = ((BigInt(value) >> pathEnd) << pathEnd) | BigInt(parentOrder);
		if (Number(key) === value) return key;
	}
	throw new LambdaWorkerError(
		"lambda-worker/inexact-number",
		`shard_key ${BigInt(value)} has lost digits on its way, and ${parentOrder === null ? "no HEALPix order says" : `order ${parentOrder} does not say`} which`,
		{
			remedy: "Send shard_key as a text, and parent_order as in the config.",
			context: { shardKey: String(BigInt(value)), parentOrder },
		},
	);
}
