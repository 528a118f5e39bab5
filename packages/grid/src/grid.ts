/** Rank that `ranksInShard` gives to a point outside the shard, or with a non-finite or out-of-range coordinate. */
export const OUTSIDE_SHARD = 0xffff_ffff;

/** A ring of WGS84 vertices in degrees; closing vertex optional. Several rings combine by the even-odd rule. */
export interface Ring {
	readonly latitudes: Float64Array;
	readonly longitudes: Float64Array;
}

/** Names a column of coordinates that the grid adds beside the aggregated variables. */
export interface CoordinateColumn {
	readonly name: string;
	readonly data: BigUint64Array;
}

/** A static array that the grid stores beside the variables, such as `x` and `y` of a projected grid. */
export interface AxisArray {
	readonly name: string;
	readonly values: Float64Array;
	readonly chunkLength: number;
	readonly attributes: Readonly<Record<string, string>>;
}

/** The spatial keys of a grid signature, as JSON, in the published key order (without `output_fields`). */
export type GridSignature = Readonly<Record<string, unknown>>;

/**
 * A grid divides the world into shards and each shard into cells.
 *
 * A shard is one Zarr chunk and one unit of work. A cell's *rank* is its position inside its shard:
 * the row of the output columns and the C-order position inside the chunk.
 */
export interface Grid {
	readonly type: "healpix" | "rectilinear";
	/** Shape of every stored array, without trailing dimensions. */
	readonly arrayShape: readonly number[];
	/** Shape of one shard's block; its product is `cellsPerShard`. */
	readonly chunkShape: readonly number[];
	readonly dimensionNames: readonly string[];
	readonly cellsPerShard: number;
	/** Zarr group that holds the arrays, e.g. `"12"` or `"rectilinear"`. */
	readonly groupPath: string;
	/** Attributes of that group, in the published key order. Numbers written as floats are `FloatLiteral`s. */
	readonly groupAttributes: Readonly<Record<string, unknown>>;
	readonly axes: readonly AxisArray[];

	/** The rank of every point's cell inside the shard, or `OUTSIDE_SHARD`. Degrees in, `Uint32Array` of the same length out. */
	ranksInShard(latitudes: Float64Array, longitudes: Float64Array, shardKey: bigint): Uint32Array;
	/** The keys of all shards that hold at least one of the points, ascending. Points off the grid are left out. */
	shardKeysOf(latitudes: Float64Array, longitudes: Float64Array): bigint[];
	/** Keys of all shards that meet the polygon, ascending. */
	coverage(rings: readonly Ring[]): bigint[];
	/** Index of the shard's chunk, one number per grid dimension. */
	blockIndex(shardKey: bigint): number[];
	/** Ids of the shard's cells in rank order: morton words, or flat row-major ids. */
	children(shardKey: bigint): BigUint64Array;
	/** Coordinate columns of the shard in rank order: `morton` and `cell_ids` for HEALPix, none for rectilinear. */
	chunkCoordinates(shardKey: bigint): CoordinateColumn[];
	/** The shard's outline as a closed WGS84 ring. */
	shardFootprint(shardKey: bigint): Ring;
	signature(): GridSignature;
	/** Whether cells of the two grids nest in each other; the same in both directions. */
	nestsWith(other: Grid): boolean;
}

/** A number that JSON documents write with a decimal point (`6378137.0`), as Python writes its floats. */
export interface FloatLiteral {
	readonly float: number;
}

/** Marks a number to be written as a float in JSON documents. */
export function floatLiteral(value: number): FloatLiteral {
	return { float: value };
}

/** Whether the value is a `FloatLiteral`. */
export function isFloatLiteral(value: unknown): value is FloatLiteral {
	return (
		typeof value === "object" &&
		value !== null &&
		Object.keys(value).length === 1 &&
		typeof (value as FloatLiteral).float === "number"
	);
}
