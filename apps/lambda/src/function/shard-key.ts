import { AggregateError } from "@zagg/aggregate";
import { packWord } from "@zagg/grid";

/**
 * The exact key of a shard. The event carries it as a bare 64-bit integer, which the runtime's `JSON.parse` has rounded to
 * a double. A HEALPix key is the area word of one cell of `parentOrder`, of which there are few enough that the double
 * tells which (up to order 24); a key of another grid is small and exact.
 *
 * @param parentOrder of a HEALPix grid, else null
 * @throws AggregateError `shard/invalid` for what cannot be the key of such a shard
 */
export function exactShardKey(received: unknown, parentOrder: number | null): bigint {
	if (typeof received === "bigint") return received;
	if (typeof received === "string" && /^-?\d+$/.test(received)) return BigInt(received);
	if (typeof received !== "number" || !Number.isInteger(received)) throw notAKey(received, parentOrder);
	if (Number.isSafeInteger(received)) return BigInt(received);
	if (parentOrder === null) throw notAKey(received, parentOrder);
	// Area words of one order ascend with the NESTED index.
	let first = 0n;
	let last = 12n * 4n ** BigInt(parentOrder) - 1n;
	while (first < last) {
		const middle = (first + last) >> 1n;
		if (Number(packWord(middle, parentOrder)) < received) first = middle + 1n;
		else last = middle;
	}
	const key = packWord(first, parentOrder);
	if (Number(key) === received) return key;
	throw notAKey(received, parentOrder);
}

function notAKey(received: unknown, parentOrder: number | null): AggregateError {
	const of = parentOrder === null ? "" : ` of order ${parentOrder}`;
	return new AggregateError("shard/invalid", `shard_key ${String(received)} is not the key of a shard${of}`, {
		failureClass: "usage",
		remedy: "Send the key as it stands in the shard map.",
	});
}
