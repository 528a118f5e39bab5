import { GridError } from "../errors.ts";
import { type AxisArray, floatLiteral, type Grid, OUTSIDE_SHARD, type Ring } from "../grid.ts";
import { rectangleCoverage } from "../polygon/rectangle-coverage.ts";
import { openRing } from "../polygon/ring.ts";
import { projection } from "../projection/projection.ts";
import { rectangleFootprint } from "./footprint.ts";
import { type LayoutOptions, rectilinearLayout } from "./layout.ts";
import { locateCells, NO_ROW } from "./locate-cells.ts";
import { rectilinearGridsNest } from "./nesting.ts";

export interface RectilinearGridOptions extends LayoutOptions {
	/** `EPSG:<code>`, a proj4 string or WKT. */
	readonly crs: string;
}

/**
 * A grid of equal rectangles in one projected or geographic CRS, row 0 in the north. A cell's id is
 * `row · width + column`; a shard's key is `rowBlock · columnBlocks + columnBlock`.
 */
export interface RectilinearGrid extends Grid {
	readonly type: "rectilinear";
	/** `EPSG:<code>`, or the definition that was given. */
	readonly crs: string;
	/** Cell size in CRS units: [x, y]. */
	readonly resolution: readonly [number, number];
	/** [xmin, ymin, xmax, ymax] in CRS units, padded to whole chunks. */
	readonly bounds: readonly [number, number, number, number];
	/** Coefficients that turn [column, row] into [x, y]. */
	readonly affine: readonly [number, number, number, number, number, number];
	/** The id of every point's cell, or −1 off the grid. Ids are exact: grids have at most 2^53 cells. */
	assign(latitudes: Float64Array, longitudes: Float64Array): Float64Array;
	/** The key of every cell's shard; −1 stays −1. */
	shardsOf(cells: Float64Array): Float64Array;
	/** The one shard that holds all cells on the grid. Throws `grid/inconsistent-shard` when there is none or several. */
	shardOf(cells: Float64Array): bigint;
}

/** Footprint sides are cut into at least this many segments. */
const FOOTPRINT_SEGMENTS = 32;
const GEOGRAPHIC_WGS84 = "EPSG:4326";

/**
 * A rectilinear grid over the bounds, padded east and south to whole chunks. Throws `grid/unknown-crs`,
 * `grid/bad-bounds`, `grid/bad-resolution` or `grid/bad-chunk-shape`.
 */
export function rectilinearGrid(options: RectilinearGridOptions): RectilinearGrid {
	const layout = rectilinearLayout(options);
	const project = projection(options.crs);
	const { resolutionX, resolutionY, xmin, ymin, xmax, ymax, width, height } = layout;
	const { chunkWidth, chunkHeight, columnBlocks, rowBlocks } = layout;
	const affine = [resolutionX, 0, xmin, 0, -resolutionY, ymax] as const;

	/** The block's place as [row block, column block]. */
	function blockOf(shardKey: bigint): [number, number] {
		const key = Number(shardKey);
		if (!(key >= 0 && key < rowBlocks * columnBlocks)) {
			throw new GridError("grid/bad-shard-key", `${shardKey} is no shard of ${rowBlocks} × ${columnBlocks} chunks`, {
				failureClass: "data",
				remedy: "Use a shard map that was made for this grid.",
				context: { shardKey: String(shardKey), rowBlocks, columnBlocks },
			});
		}
		return [Math.floor(key / columnBlocks), key % columnBlocks];
	}

	function shardOfCell(row: number, column: number): number {
		return Math.floor(row / chunkHeight) * columnBlocks + Math.floor(column / chunkWidth);
	}

	const grid: RectilinearGrid = {
		type: "rectilinear",
		crs: project.crsText,
		resolution: [resolutionX, resolutionY],
		bounds: [xmin, ymin, xmax, ymax],
		affine,
		arrayShape: [height, width],
		chunkShape: [chunkHeight, chunkWidth],
		dimensionNames: ["y", "x"],
		cellsPerShard: chunkHeight * chunkWidth,
		groupPath: "rectilinear",
		groupAttributes: {
			crs: project.crsText,
			resolution: [resolutionX, resolutionY].map(floatLiteral),
			bounds: [xmin, ymin, xmax, ymax].map(floatLiteral),
		},
		get axes() {
			// The Python system's templates cut both axes into chunks of the grid's width.
			return [
				axis("x", width, (index) => xmin + (index + 0.5) * resolutionX, width),
				axis("y", height, (index) => ymax - (index + 0.5) * resolutionY, width),
			];
		},
		ranksInShard(latitudes, longitudes, shardKey) {
			const [rowBlock, columnBlock] = blockOf(shardKey);
			const firstRow = rowBlock * chunkHeight;
			const firstColumn = columnBlock * chunkWidth;
			const ranks = new Uint32Array(latitudes.length);
			locateCells(layout, project, latitudes, longitudes, (from, to, rows, columns) => {
				for (let point = from; point < to; point++) {
					const row = rows[point - from]! - firstRow;
					const column = columns[point - from]! - firstColumn;
					const inside = row >= 0 && row < chunkHeight && column >= 0 && column < chunkWidth;
					ranks[point] = inside ? row * chunkWidth + column : OUTSIDE_SHARD;
				}
			});
			return ranks;
		},
		shardKeysOf(latitudes, longitudes) {
			const keys = new Set<number>();
			let previous = -1;
			locateCells(layout, project, latitudes, longitudes, (from, to, rows, columns) => {
				for (let slot = 0; slot < to - from; slot++) {
					if (rows[slot] === NO_ROW) continue;
					const key = shardOfCell(rows[slot]!, columns[slot]!);
					// Points come along tracks: most share their shard with the one before.
					if (key !== previous) keys.add(key);
					previous = key;
				}
			});
			return [...keys].sort((a, b) => a - b).map(BigInt);
		},
		coverage: (rings) =>
			rectangleCoverage(
				rings.map((ring) => inChunkUnits(ring)),
				columnBlocks,
				rowBlocks,
			).map(BigInt),
		blockIndex: blockOf,
		children(shardKey) {
			const [rowBlock, columnBlock] = blockOf(shardKey);
			const cells = new BigUint64Array(chunkHeight * chunkWidth);
			for (let row = 0; row < chunkHeight; row++) {
				let cell = BigInt((rowBlock * chunkHeight + row) * width + columnBlock * chunkWidth);
				for (let column = 0; column < chunkWidth; column++) cells[row * chunkWidth + column] = cell++;
			}
			return cells;
		},
		chunkCoordinates: () => [],
		shardFootprint(shardKey) {
			const [rowBlock, columnBlock] = blockOf(shardKey);
			const chunkX = chunkWidth * resolutionX;
			const chunkY = chunkHeight * resolutionY;
			const west = xmin + columnBlock * chunkX;
			const north = ymax - rowBlock * chunkY;
			const rectangle = { xmin: west, ymin: north - chunkY, xmax: west + chunkX, ymax: north };
			const isGeographic = project.crsText === GEOGRAPHIC_WGS84;
			const segment = isGeographic ? Number.POSITIVE_INFINITY : Math.max(chunkX, chunkY) / FOOTPRINT_SEGMENTS;
			return rectangleFootprint(rectangle, segment, project);
		},
		signature: () => ({
			type: "rectilinear",
			crs: project.crsText,
			affine: affine.map(floatLiteral),
			shape: [height, width],
			chunk_shape: [chunkHeight, chunkWidth],
		}),
		nestsWith: (other) => other.type === "rectilinear" && rectilinearGridsNest(grid, other as RectilinearGrid),
		assign(latitudes, longitudes) {
			const cells = new Float64Array(latitudes.length);
			locateCells(layout, project, latitudes, longitudes, (from, to, rows, columns) => {
				for (let point = from; point < to; point++) {
					const row = rows[point - from]!;
					cells[point] = row === NO_ROW ? -1 : row * width + columns[point - from]!;
				}
			});
			return cells;
		},
		shardsOf: (cells) => cells.map((cell) => (cell < 0 ? -1 : shardOfCell(Math.floor(cell / width), cell % width))),
		shardOf(cells) {
			const shards = grid.shardsOf(cells).filter((shard) => shard >= 0);
			const first = shards[0];
			if (first === undefined) throw inconsistentShard("all leaves are out of bounds", cells);
			if (!shards.every((shard) => shard === first)) throw inconsistentShard("leaves span multiple shards", cells);
			return BigInt(first);
		},
	};

	/** The ring in the CRS, measured in chunks from the grid's north-western corner. Vertices off the projection are left out. */
	function inChunkUnits(ring: Ring) {
		const { latitudes, longitudes } = openRing(ring);
		const x = new Float64Array(latitudes.length);
		const y = new Float64Array(latitudes.length);
		project.forward(longitudes, latitudes, x, y);
		const isProjected = (_: number, vertex: number) => Number.isFinite(x[vertex]!) && Number.isFinite(y[vertex]!);
		return {
			x: x.filter(isProjected).map((value) => (value - xmin) / (chunkWidth * resolutionX)),
			y: y.filter(isProjected).map((value) => (ymax - value) / (chunkHeight * resolutionY)),
		};
	}

	return grid;
}

function axis(name: "x" | "y", length: number, valueAt: (index: number) => number, chunkLength: number): AxisArray {
	return {
		name,
		values: Float64Array.from({ length }, (_, index) => valueAt(index)),
		chunkLength,
		attributes: { standard_name: `projection_${name}_coordinate`, units: "m" },
	};
}

function inconsistentShard(message: string, cells: Float64Array): GridError {
	return new GridError("grid/inconsistent-shard", message, { context: { cells: cells.length } });
}
