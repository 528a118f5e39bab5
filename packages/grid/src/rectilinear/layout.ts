import { GridError } from "../errors.ts";

export interface LayoutOptions {
	/** Cell size in CRS units, along both axes or as [x, y]. */
	readonly resolution: number | readonly number[];
	/** [xmin, ymin, xmax, ymax] in CRS units. */
	readonly bounds: readonly number[];
	/** [height, width] of a chunk in cells; default 256 × 256. */
	readonly chunkShape?: readonly number[];
}

/** Where the cells and chunks of a rectilinear grid lie. Rows count from the north, columns from the west. */
export interface RectilinearLayout {
	readonly resolutionX: number;
	readonly resolutionY: number;
	readonly xmin: number;
	readonly ymin: number;
	readonly xmax: number;
	readonly ymax: number;
	readonly width: number;
	readonly height: number;
	readonly chunkWidth: number;
	readonly chunkHeight: number;
	readonly columnBlocks: number;
	readonly rowBlocks: number;
}

/** Ranks are uint32 and the highest stands for "outside". */
const MAX_CELLS_PER_CHUNK = 2 ** 32 - 1;

/**
 * Lays whole chunks over the bounds from their north-western corner, which stays; the eastern and southern bound move
 * out to the edge of the last chunk.
 */
export function rectilinearLayout(options: LayoutOptions): RectilinearLayout {
	const { bounds, resolution, chunkShape = [256, 256] } = options;
	if (bounds.length !== 4) throw badBounds("bounds must be (xmin, ymin, xmax, ymax)", bounds);
	const [xmin, southBound, eastBound, ymax] = bounds as [number, number, number, number];
	const [resolutionX, resolutionY] = resolutionPair(resolution);
	const [chunkHeight, chunkWidth] = chunkPair(chunkShape);
	if (!bounds.every(Number.isFinite) || !(eastBound > xmin && ymax > southBound)) {
		throw badBounds("bounds must have xmax > xmin and ymax > ymin", bounds);
	}
	// The allowance keeps rounding of a whole number of cells from adding another one.
	const rawWidth = Math.ceil((eastBound - xmin) / resolutionX - 1e-9);
	const rawHeight = Math.ceil((ymax - southBound) / resolutionY - 1e-9);
	if (rawWidth < 1 || rawHeight < 1) {
		throw new GridError("grid/bad-resolution", "resolution larger than bounds span", {
			context: { resolution, bounds },
		});
	}
	const columnBlocks = Math.ceil(rawWidth / chunkWidth);
	const rowBlocks = Math.ceil(rawHeight / chunkHeight);
	const width = columnBlocks * chunkWidth;
	const height = rowBlocks * chunkHeight;
	if (!Number.isSafeInteger(width * height)) {
		throw new GridError("grid/bad-resolution", `a grid of ${height} × ${width} cells has no exact cell ids`, {
			remedy: "Choose a coarser resolution or smaller bounds.",
			context: { resolution, bounds },
		});
	}
	return {
		resolutionX,
		resolutionY,
		xmin,
		ymin: ymax - height * resolutionY,
		xmax: xmin + width * resolutionX,
		ymax,
		width,
		height,
		chunkWidth,
		chunkHeight,
		columnBlocks,
		rowBlocks,
	};
}

function resolutionPair(resolution: number | readonly number[]): [number, number] {
	const pair = typeof resolution === "number" ? [resolution, resolution] : resolution;
	if (pair.length !== 2 || !pair.every((size) => Number.isFinite(size) && size > 0)) {
		throw new GridError("grid/bad-resolution", "resolution must be a positive number or a pair of them", {
			context: { resolution },
		});
	}
	return [pair[0]!, pair[1]!];
}

function chunkPair(chunkShape: readonly number[]): [number, number] {
	if (chunkShape.length !== 2) {
		throw new GridError("grid/bad-chunk-shape", "chunk_shape must be (chunk_h, chunk_w)", { context: { chunkShape } });
	}
	const [height, width] = chunkShape as [number, number];
	const whole = Number.isInteger(height) && Number.isInteger(width) && height > 0 && width > 0;
	if (!whole || height * width > MAX_CELLS_PER_CHUNK) {
		throw new GridError(
			"grid/bad-chunk-shape",
			`chunk_shape must be two positive whole numbers of at most ${MAX_CELLS_PER_CHUNK} cells together`,
			{ context: { chunkShape } },
		);
	}
	return [height, width];
}

function badBounds(message: string, bounds: readonly number[]): GridError {
	return new GridError("grid/bad-bounds", message, { context: { bounds } });
}
