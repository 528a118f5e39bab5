import { pythonRepr } from "../python/index.ts";
import { invalidConfig, isRecord, type PlainRecord, refuseUnknownKeys } from "./check.ts";

const HEALPIX_KEYS = ["type", "indexing_scheme", "parent_order", "child_order", "layout", "latitude"];
const RECTILINEAR_KEYS = ["type", "crs", "resolution", "bounds", "chunk_shape", "layout"];
const KEYS_BY_TYPE: Readonly<Record<string, readonly string[]>> = {
	healpix: HEALPIX_KEYS,
	rectilinear: RECTILINEAR_KEYS,
};
const RECTILINEAR_REQUIRED = ["crs", "resolution", "bounds"];
const FINEST_ORDER = 29;

/**
 * The grid's settings, each checked by itself; null when the config has none. Whether they make a grid together is the
 * grid's own matter, in `gridFromConfig`.
 */
export function resolveGridKeys(output: PlainRecord): PlainRecord | null {
	const grid = output.grid ?? null;
	if (grid === null) return null;
	if (!isRecord(grid)) throw invalidConfig("output.grid must be a mapping (e.g. type: healpix, child_order: 12)");
	const { type } = grid;
	const knownKeys = typeof type === "string" && Object.hasOwn(KEYS_BY_TYPE, type) ? KEYS_BY_TYPE[type]! : null;
	refuseUnknownKeys(grid, knownKeys ?? [...new Set([...HEALPIX_KEYS, ...RECTILINEAR_KEYS])], "output.grid");
	if ((type ?? null) === null) throw invalidConfig("output.grid.type is required");
	if (type === "healpix") requireKeys(grid, ["child_order", "parent_order"]);
	if (type === "rectilinear") {
		requireKeys(grid, RECTILINEAR_REQUIRED);
		if (!isNumberList(grid.bounds, 4)) throw invalidConfig("output.grid.bounds must be [xmin, ymin, xmax, ymax]");
	}
	const layout = grid.layout ?? null;
	if (layout !== null && layout !== "dense" && layout !== "fullsphere") {
		throw invalidConfig(`output.grid.layout must be 'dense' or 'fullsphere' (got ${pythonRepr(layout)})`);
	}
	if (knownKeys === null) throw unknownGridType(type);
	if (type === "healpix") checkHealpix(grid);
	else checkRectilinear(grid);
	return grid;
}

/** The error for a grid type that does not exist. */
export function unknownGridType(type: unknown): Error {
	return invalidConfig(`Unknown output.grid.type: ${pythonRepr(type)}`, {
		remedy: "Use type: healpix or type: rectilinear.",
	});
}

function requireKeys(grid: PlainRecord, keys: readonly string[]): void {
	const missing = keys.find((key) => (grid[key] ?? null) === null);
	if (missing !== undefined) {
		throw invalidConfig(`output.grid.${missing} is required for ${String(grid.type)} grid`);
	}
}

function checkHealpix(grid: PlainRecord): void {
	for (const key of ["child_order", "parent_order"]) {
		const order = grid[key];
		if (typeof order !== "number" || !Number.isInteger(order) || order < 0 || order > FINEST_ORDER) {
			throw invalidConfig(`output.grid.${key} must be an integer from 0 to ${FINEST_ORDER} (got ${pythonRepr(order)})`);
		}
	}
	checkChoice(grid, "indexing_scheme", ["nested"]);
	checkChoice(grid, "latitude", ["geodetic", "authalic"]);
}

function checkChoice(grid: PlainRecord, key: string, choices: readonly string[]): void {
	const value = grid[key] ?? null;
	if (value === null || choices.some((choice) => choice === value)) return;
	const list = choices.map((choice) => `'${choice}'`).join(" or ");
	throw invalidConfig(`output.grid.${key} must be ${list} (got ${pythonRepr(value)})`);
}

function checkRectilinear(grid: PlainRecord): void {
	const { crs, resolution, chunk_shape: chunkShape = null } = grid;
	if (typeof crs !== "string" && !(typeof crs === "number" && Number.isInteger(crs))) {
		throw invalidConfig(`output.grid.crs must be a text such as 'EPSG:3031' (got ${pythonRepr(crs)})`);
	}
	const steps = typeof resolution === "number" ? [resolution, resolution] : resolution;
	if (!isNumberList(steps, 2) || steps.some((step) => step <= 0)) {
		throw invalidConfig(`output.grid.resolution must be a positive number or [rx, ry] (got ${pythonRepr(resolution)})`);
	}
	if (chunkShape === null) return;
	if (!isNumberList(chunkShape, 2) || chunkShape.some((length) => !Number.isInteger(length) || length < 1)) {
		throw invalidConfig(`output.grid.chunk_shape must be two positive integers (got ${pythonRepr(chunkShape)})`);
	}
}

function isNumberList(value: unknown, length: number): value is readonly number[] {
	return Array.isArray(value) && value.length === length && value.every((item) => typeof item === "number");
}
