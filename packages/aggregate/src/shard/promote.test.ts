import { expect, it } from "vitest";
import { promotedArrayType } from "./promote.ts";

// numpy.promote_types of the same pairs.
it.each([
	[new Float32Array(), new Float64Array(), Float64Array],
	[new Float32Array(), new Int16Array(), Float32Array],
	[new Float32Array(), new Int32Array(), Float64Array],
	[new Float64Array(), new Int8Array(), Float64Array],
	[new Int8Array(), new Int32Array(), Int32Array],
	[new Uint8Array(), new Uint16Array(), Uint16Array],
	[new Int8Array(), new Uint8Array(), Int16Array],
	[new Int32Array(), new Uint8Array(), Int32Array],
	[new Uint32Array(), new Int16Array(), BigInt64Array],
	[new BigUint64Array(), new BigInt64Array(), Float64Array],
	[new BigInt64Array(), new Uint32Array(), BigInt64Array],
])("promotes %o and %o", (left, right, expected) => {
	expect(promotedArrayType([left, right])).toBe(expected);
	expect(promotedArrayType([right, left])).toBe(expected);
});
