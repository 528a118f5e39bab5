import { floatLiteral } from "@zagg/grid";
import { describe, expect, test } from "vitest";
import { arrayDocument, encodeDocument, groupDocument } from "./documents.ts";

const text = (document: Readonly<Record<string, unknown>>) => new TextDecoder().decode(encodeDocument(document));

const cells = { shape: [64], chunkShape: [16], dimensionNames: ["cells"] };

describe("documents", () => {
	test("a group has its attributes first, floats with their point, and no newline at the end", () => {
		const attributes = {
			dggs: { refinement_level: 12, semimajor_axis: floatLiteral(6378137), inverse: 298.257223563 },
		};
		expect(text(groupDocument(attributes))).toBe(`{
  "attributes": {
    "dggs": {
      "refinement_level": 12,
      "semimajor_axis": 6378137.0,
      "inverse": 298.257223563
    }
  },
  "zarr_format": 3,
  "node_type": "group"
}`);
	});

	test("an array has zarr-python's keys in its order", () => {
		const document = arrayDocument({
			shape: [201326592],
			chunkShape: [4096],
			dtype: "float32",
			fillValue: Number.NaN,
			dimensionNames: ["cells"],
		});
		expect(text(document)).toBe(`{
  "shape": [
    201326592
  ],
  "data_type": "float32",
  "chunk_grid": {
    "name": "regular",
    "configuration": {
      "chunk_shape": [
        4096
      ]
    }
  },
  "chunk_key_encoding": {
    "name": "default",
    "configuration": {
      "separator": "/"
    }
  },
  "fill_value": "NaN",
  "codecs": [
    {
      "name": "bytes",
      "configuration": {
        "endian": "little"
      }
    }
  ],
  "attributes": {},
  "dimension_names": [
    "cells"
  ],
  "zarr_format": 3,
  "node_type": "array",
  "storage_transformers": []
}`);
	});

	test("one-byte types have no byte order", () => {
		expect(arrayDocument({ ...cells, dtype: "uint8", fillValue: 255 }).codecs).toEqual([{ name: "bytes" }]);
	});

	test.each([
		["float64", 0, "0.0"],
		["float32", -0, "-0.0"],
		["float32", Math.fround(0.1), "0.10000000149011612"],
		["float32", Math.fround(1e20), "1.0000000200408773e+20"],
		["float64", Number.POSITIVE_INFINITY, '"Infinity"'],
		["float64", Number.NEGATIVE_INFINITY, '"-Infinity"'],
		["int32", 0, "0"],
		["int64", -(2n ** 63n), "-9223372036854775808"],
		["uint64", 2n ** 64n - 1n, "18446744073709551615"],
	] as const)("the fill value of %s %s is written as %s", (dtype, fillValue, expected) => {
		expect(text(arrayDocument({ ...cells, dtype, fillValue }))).toContain(`  "fill_value": ${expected},\n`);
	});
});
