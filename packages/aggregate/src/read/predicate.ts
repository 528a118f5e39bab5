import type { NumericArray } from "@zagg/hdf5";
import type { StructuredFilter } from "../config/index.ts";
import { AggregationError } from "../errors.ts";

/** A flag dataset, or a window of it: flat values in C order and their shape. */
export interface FlagArray {
	readonly data: NumericArray;
	readonly shape: readonly number[];
}

/**
 * Clears `keep[i]` for every row that the filter drops; rows already dropped stay dropped.
 *
 * A scalar is compared in the array's own precision, as numpy does with a Python number (`float32` data against 0.1
 * compares with the `float32` nearest to 0.1); members of a set are compared exactly. NaN equals nothing.
 *
 * @throws AggregationError `shard/invalid` when `column` and the array's number of dimensions do not fit.
 */
export function applyPredicate(filter: StructuredFilter, flags: FlagArray, keep: Uint8Array): void {
	const { data, shape } = flags;
	const stride = shape.slice(1).reduce((product, length) => product * length, 1);
	const column = columnOf(filter, shape);
	const wanted = filter.keep;
	if ("values" in filter) {
		const members = new Set<number | bigint>(filter.values.map((value) => memberKey(value, data)));
		const keepMembers = (filter.op === "in") === wanted;
		for (let row = 0; row < keep.length; row++) {
			if (members.has(data[row * stride + column]!) !== keepMembers) keep[row] = 0;
		}
		return;
	}
	const value = data instanceof Float32Array ? Math.fround(filter.value) : filter.value;
	for (let row = 0; row < keep.length; row++) {
		if (compare(filter.op, data[row * stride + column]!, value) !== wanted) keep[row] = 0;
	}
}

function columnOf(filter: StructuredFilter, shape: readonly number[]): number {
	if (shape.length > 1) {
		if (filter.column === null) {
			throw new AggregationError(
				"shard/invalid",
				`filter on '${filter.dataset}': N-D array requires an integer 'column'`,
			);
		}
		const width = shape[1]!;
		const column = filter.column < 0 ? filter.column + width : filter.column;
		if (shape.length > 2 || column < 0 || column >= width) {
			throw new AggregationError(
				"shard/invalid",
				`filter on '${filter.dataset}': column ${filter.column} does not exist in an array of shape (${shape.join(", ")})`,
			);
		}
		return column;
	}
	if (filter.column !== null) {
		throw new AggregationError("shard/invalid", `filter on '${filter.dataset}': 'column' set but array is 1-D`);
	}
	return 0;
}

// A Set tells bigint from number, and a typed array holds one of them only.
function memberKey(value: number, data: NumericArray): number | bigint {
	const isBig = data instanceof BigInt64Array || data instanceof BigUint64Array;
	return isBig && Number.isInteger(value) ? BigInt(value) : value;
}

function compare(op: string, left: number | bigint, right: number): boolean {
	switch (op) {
		case "eq":
			// Loose equality is the exact comparison between bigint and number.
			// biome-ignore lint/suspicious/noDoubleEquals: 3n == 3 is what is meant
			return left == right;
		case "ne":
			// biome-ignore lint/suspicious/noDoubleEquals: 3n != 3 is what is meant
			return left != right;
		case "ge":
			return left >= right;
		case "le":
			return left <= right;
		case "gt":
			return left > right;
		default:
			return left < right;
	}
}
