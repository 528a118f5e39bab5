import { isIntegerAt, pythonRepr, pythonReprAt } from "../python/index.ts";
import { invalidConfig, type PlainRecord } from "./check.ts";
import type { Field, FieldKind } from "./pipeline.ts";

const KINDS: readonly FieldKind[] = ["scalar", "vector", "ragged"];

/** What a field puts into a cell: one value, an array of a fixed shape, or rows in any number. */
export type OutputKind = Pick<Field, "kind" | "trailingShape" | "innerShape">;

/** The kind that a field definition declares; `scalar` by default. */
export function declaredKind(definition: PlainRecord, label: string): FieldKind {
	const declared = definition.kind ?? "scalar";
	const kind = KINDS.find((name) => name === declared);
	if (kind !== undefined) return kind;
	const text = typeof declared === "string" ? declared : pythonRepr(declared);
	throw invalidConfig(`${label}: output kind '${text}' is not supported (allowed: ${KINDS.join(", ")})`);
}

/** The shapes that go with the kind; `inner_shape` means nothing to scalars and vectors. */
export function resolveOutputKind(kind: FieldKind, definition: PlainRecord, label: string): OutputKind {
	const hasTrailing = (definition.trailing_shape ?? null) !== null;
	if (kind === "scalar") {
		if (hasTrailing) throw invalidConfig(`${label}: 'trailing_shape' is only valid for kind 'vector', not 'scalar'`);
		return { kind, trailingShape: [], innerShape: [] };
	}
	if (kind === "vector") {
		if (!hasTrailing) throw invalidConfig(`${label}: kind 'vector' requires 'trailing_shape'`);
		const trailingShape = shapeAt(definition, "trailing_shape", label);
		refuseCount(kind, definition, label);
		return { kind, trailingShape, innerShape: [] };
	}
	if (hasTrailing) throw invalidConfig(`${label}: 'trailing_shape' is only valid for 'vector', not 'ragged'`);
	if ((definition.inner_shape ?? null) === null) throw invalidConfig(`${label}: kind 'ragged' requires 'inner_shape'`);
	const innerShape = shapeAt(definition, "inner_shape", label);
	refuseCount(kind, definition, label);
	return { kind, trailingShape: [], innerShape };
}

function refuseCount(kind: FieldKind, { function: reducer }: PlainRecord, label: string): void {
	if (reducer !== "len" && reducer !== "count") return;
	throw invalidConfig(
		`${label}: function '${reducer}' produces a scalar count and cannot be combined with kind '${kind}'`,
	);
}

function shapeAt(definition: PlainRecord, key: string, label: string): readonly number[] {
	const shape = definition[key];
	if (Array.isArray(shape)) {
		if (shape.length === 0) throw invalidConfig(`${label}: '${key}' must have at least one dimension`);
		return shape.map((_, index) => lengthAt(shape, index, key, label));
	}
	// A boolean is an int to Python, and so it fails as an entry.
	if (typeof shape !== "boolean" && !isIntegerAt(definition, key)) {
		throw invalidConfig(
			`${label}: '${key}' must be an int or a sequence of ints (got ${pythonReprAt(definition, key)})`,
		);
	}
	return [lengthAt(definition, key, key, label)];
}

function lengthAt(container: object, index: string | number, key: string, label: string): number {
	const length = (container as Readonly<Record<string, unknown>>)[index];
	if (typeof length === "number" && isIntegerAt(container, index) && length >= 1) return length;
	throw invalidConfig(`${label}: '${key}' entries must be positive integers (got ${pythonReprAt(container, index)})`);
}
