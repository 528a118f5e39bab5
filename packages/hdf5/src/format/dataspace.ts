import type { Cursor } from "./cursor.ts";

/** HDF5's own limit. */
const MAX_RANK = 32;

/** The extent of a dataset. */
export interface Dataspace {
	/** Empty for a scalar; `[0]` for a null dataspace, which has no elements. */
	readonly shape: readonly number[];
	/** How far each dimension may grow; Infinity where unlimited. */
	readonly maxShape: readonly number[];
	readonly elementCount: number;
}

/** Parses a dataspace message, versions 1 and 2 (IV.A.2.b). */
export function parseDataspace(cursor: Cursor): Dataspace {
	const version = cursor.u8();
	if (version !== 1 && version !== 2) throw cursor.damage(`has a dataspace of version ${version}`);
	const rank = cursor.u8();
	const hasMaxShape = (cursor.u8() & 1) !== 0;
	const isNull = version === 2 && cursor.u8() === 2;
	if (version === 1) cursor.skip(5);
	if (rank > MAX_RANK) throw cursor.damage(`has a dataspace of ${rank} dimensions`);
	if (isNull) return { shape: [0], maxShape: [0], elementCount: 0 };

	const shape = Array.from({ length: rank }, () => cursor.length());
	const maxShape = hasMaxShape
		? shape.map(() => cursor.uintOrUndefined(cursor.lengthSize) ?? Number.POSITIVE_INFINITY)
		: shape;
	if (shape.some((extent, dimension) => extent > maxShape[dimension]!)) {
		throw cursor.damage(`has a shape (${shape}) beyond its maximum (${maxShape})`);
	}
	const elementCount = shape.reduce((product, extent) => product * extent, 1);
	if (!Number.isSafeInteger(elementCount)) throw cursor.damage(`has an impossible shape (${shape})`);
	return { shape, maxShape, elementCount };
}
