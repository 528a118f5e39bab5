import { expect, test } from "vitest";
import { bytesOf } from "./bytes-of.ts";
import { castArray } from "./cast-array.ts";

test("an array of the right type is the same array, and its bytes are a view", () => {
	const source = new Float32Array([0, 1, 2, 3]).subarray(1, 3);
	expect(castArray(source, "float32", "float32")).toBe(source);
	const bytes = bytesOf(source);
	expect(bytes.buffer).toBe(source.buffer);
	expect([bytes.byteOffset, bytes.byteLength]).toEqual([4, 8]);
});

// Expected values: numpy 2.4 on x86-64.
test("floats truncate toward zero in integers", () => {
	expect(castArray(Float64Array.of(1.9, -1.9, -0.5), "float64", "int32")).toEqual(Int32Array.of(1, -1, 0));
	expect(castArray(Float64Array.of(1.9, -1.9, 2 ** 62), "float64", "int64")).toEqual(
		BigInt64Array.of(1n, -1n, 2n ** 62n),
	);
	expect(castArray(Float64Array.of(2 ** 63, Number.NaN), "float64", "uint64")).toEqual(
		BigUint64Array.of(2n ** 63n, 2n ** 63n),
	);
});

test("integers wrap around in smaller ones and round in floats", () => {
	expect(castArray(Int32Array.of(300, -1), "int32", "uint8")).toEqual(Uint8Array.of(44, 255));
	expect(castArray(BigUint64Array.of(2n ** 40n + 5n, 2n ** 63n), "uint64", "int32")).toEqual(Int32Array.of(5, 0));
	expect(castArray(BigUint64Array.of(2n ** 64n - 1n), "uint64", "int64")).toEqual(BigInt64Array.of(-1n));
	expect(castArray(Int32Array.of(-1), "int32", "uint64")).toEqual(BigUint64Array.of(2n ** 64n - 1n));
	expect(castArray(BigInt64Array.of(2n ** 53n + 1n), "int64", "float64")).toEqual(Float64Array.of(2 ** 53));
	expect(castArray(Float64Array.of(0.1), "float64", "float32")).toEqual(Float32Array.of(0.1));
});
