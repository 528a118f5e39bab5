import { GridError } from "../errors.ts";
import { pythonRepr } from "../python-repr.ts";

/** Which block of the arrays belongs to which shard. */
export interface ShardBlocks {
	/** How many blocks the arrays have. */
	count(): number;
	/** The block of a shard, given as its key and its NESTED id. */
	indexOf(shardKey: bigint, nested: bigint): number;
}

/** The blocks of a layout: the shards of the whole sphere in NESTED order, or the populated ones in their given order. */
export function shardBlocks(layout: string, parentOrder: number, populatedShards?: readonly bigint[]): ShardBlocks {
	if (layout === "fullsphere") return fullsphereBlocks(parentOrder);
	if (layout === "dense") return denseBlocks(populatedShards);
	throw new GridError("grid/bad-layout", `Unknown layout: ${pythonRepr(layout)} (expected 'dense' or 'fullsphere')`, {
		context: { layout },
	});
}

function fullsphereBlocks(parentOrder: number): ShardBlocks {
	return {
		count: () => 12 * 4 ** parentOrder,
		indexOf(_shardKey, nested) {
			if (nested <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(nested);
			throw new GridError(
				"grid/bad-order",
				`block ${nested} of order ${parentOrder} is beyond what a chunk index can be`,
				{
					remedy: "Use a parent_order of 24 or less.",
					context: { parentOrder, block: String(nested) },
				},
			);
		},
	};
}

function denseBlocks(populatedShards: readonly bigint[] | undefined): ShardBlocks {
	const positions = populatedShards && new Map(populatedShards.map((shard, position) => [shard, position]));
	if (positions && positions.size !== populatedShards.length) {
		throw new GridError("grid/duplicate-shard", "populatedShards lists a shard twice, but a shard has one block", {
			context: { listed: populatedShards.length, distinct: positions.size },
		});
	}
	return {
		count() {
			if (positions) return positions.size;
			throw missingShards("HealpixGrid(layout='dense') requires populated_shards before n_shards");
		},
		indexOf(shardKey) {
			if (!positions) throw missingShards("block_index requires set_populated_shards() for dense layout");
			const position = positions.get(shardKey);
			if (position !== undefined) return position;
			throw new GridError(
				"grid/unknown-shard",
				`shard ${shardKey} is not among the ${positions.size} populated shards`,
				{
					remedy: "Build the grid from the shard map that lists this shard.",
					context: { shardKey: String(shardKey) },
				},
			);
		},
	};
}

function missingShards(message: string): GridError {
	return new GridError("grid/populated-shards-required", message, {
		remedy: "Pass populatedShards, the keys of the shard map, when making the grid.",
	});
}
