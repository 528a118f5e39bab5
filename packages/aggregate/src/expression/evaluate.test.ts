import { describe, expect, it } from "vitest";
import { elementsOf, hexOf, type ReferenceResult, readReference, referenceColumn } from "../reduce/fixtures/reference.ts";
import type { ElementType } from "./dtype.ts";
import { evaluateExpression, parseExpression, toMask, toScalar } from "./index.ts";
import { asArray } from "./value.ts";

interface Cases {
	readonly columns: Readonly<Record<string, [seed: number, length: number, type: ElementType, nanEvery: number]>>;
	readonly results: readonly (readonly [source: string, result: ReferenceResult])[];
}

const { columns: specs, results } = readReference<Cases>("expressions");
const columns = new Map(Object.entries(specs).map(([name, spec]) => [name, referenceColumn(...spec)]));
const evaluate = (source: string, values = columns) => evaluateExpression(parseExpression(source), values);

describe("an expression gives numpy's type, shape and bits", () => {
	it.each(results)("%s", (source, expected) => {
		const value = asArray(evaluate(source));
		expect({ type: value.type, shape: value.shape }).toEqual({ type: expected.type, shape: expected.shape });
		if (hexOf(value.data) !== expected.hex) expect(Array.from(value.data as Iterable<number | bigint>)).toEqual(elementsOf(expected));
		expect(hexOf(value.data)).toBe(expected.hex);
	});
});
