import type { Cursor } from "./cursor.ts";
import { messageTypes, type ObjectHeader } from "./object-header.ts";

/**
 * The bytes, in file order, of the value that stands for elements never written, or undefined where that is zero: no
 * value was set, or it was declared undefined. From the fill value message (versions 1 to 3, IV.A.2.f) or, in its
 * absence, the older one.
 *
 * @param elementSize bytes of one element; a fill value of another size is damage
 */
export function parseFillValue(header: ObjectHeader, elementSize: number): Uint8Array | undefined {
	const current = header.first(messageTypes.fillValue);
	const cursor = current ?? header.first(messageTypes.oldFillValue);
	if (cursor === undefined) return undefined;
	if (current !== undefined && !hasValue(current)) return undefined;
	const size = cursor.u32();
	if (size === 0) return undefined;
	if (size !== elementSize) throw cursor.damage(`has a fill value of ${size} bytes for elements of ${elementSize}`);
	const value = cursor.take(size);
	return value.some((byte) => byte !== 0) ? value : undefined;
}

/** Reads up to the value's size; false when there is none. */
function hasValue(cursor: Cursor): boolean {
	const version = cursor.u8();
	switch (version) {
		case 1:
		case 2: {
			cursor.skip(2); // when space is allocated, when the value is written
			const defined = cursor.u8() !== 0;
			// Version 1 always has the size field, zero or not.
			return defined || version === 1;
		}
		case 3:
			return (cursor.u8() & 0x20) !== 0;
		default:
			throw cursor.damage(`has a fill value of version ${version}`);
	}
}
