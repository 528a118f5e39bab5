export { validateCompatible } from "./compatibility.ts";
export { GridError, type GridErrorCode, type GridErrorOptions, type GridFailureClass } from "./errors.ts";
export {
	type AxisArray,
	type CoordinateColumn,
	type FloatLiteral,
	floatLiteral,
	type Grid,
	type GridSignature,
	isFloatLiteral,
	OUTSIDE_SHARD,
	type Ring,
} from "./grid.ts";
export { authalicLatitude, geodeticLatitude, type LatitudeConvention } from "./healpix/authalic-latitude.ts";
export {
	cellBoundary,
	cellBounds,
	cellCentres,
	cellPolygon,
	type GeographicBounds,
} from "./healpix/cell-geometry.ts";
export { formatDecimalId, parseDecimalId } from "./healpix/decimal-id.ts";
export { type HashOptions, hashPoints, hashPointWords, nestedIds } from "./healpix/hash.ts";
export { type HealpixGrid, type HealpixGridOptions, type HealpixLayout, healpixGrid } from "./healpix/healpix-grid.ts";
export { childWords, clipWords, coarsenWord, commonAncestor } from "./healpix/hierarchy.ts";
export {
	intersectMocs,
	mocsIntersect,
	mocToOrder,
	normalizeMoc,
	subtractMocs,
	symmetricDifferenceOfMocs,
	unionMocs,
} from "./healpix/moc.ts";
export {
	isPointWord,
	type NestedCell,
	packPointWord,
	packWord,
	unpackWord,
	validateWord,
	wordOrder,
} from "./healpix/morton-word.ts";
export { MAX_ORDER } from "./healpix/order.ts";
export { type CoverageOptions, healpixCoverage, healpixCoverageMoc } from "./polygon/healpix-coverage.ts";
export { type Projection, projection } from "./projection/projection.ts";
export { pythonFloat, pythonRepr } from "./python-repr.ts";
export { type RectilinearGrid, type RectilinearGridOptions, rectilinearGrid } from "./rectilinear/rectilinear-grid.ts";
