import { parseExpression } from "../expression/index.ts";
import type { Expression } from "../expression/tree.ts";
import { evaluationError, type Value } from "../expression/value.ts";
import type { GroupedColumns } from "./columns.ts";

/** A parameter of a field's reducer: the same for all cells, or an expression over the rows of each. */
export type Param =
	| { readonly kind: "fixed"; readonly value: Value }
	| { readonly kind: "rows"; readonly tree: Expression };

/**
 * Reads a parameter of a field: a string that contains a column's name is an expression over columns, any other string that is a number is that number
 * (YAML 1.1 reads `1e-3` as a string), and everything else means itself.
 */
export function parseParam(raw: unknown, grouped: GroupedColumns): Param {
	if (typeof raw !== "string") return { kind: "fixed", value: literal(raw) };
	if ([...grouped.columns.keys()].some((column) => raw.includes(column)))
		return { kind: "rows", tree: parseExpression(raw).tree };
	const number = raw.trim() === "" ? Number.NaN : Number(raw);
	return { kind: "fixed", value: Number.isNaN(number) ? { kind: "string", value: raw } : literal(number) };
}

function literal(raw: unknown): Value {
	if (raw === null || raw === undefined) return { kind: "none" };
	if (typeof raw === "boolean") return { kind: "bool", value: raw };
	if (typeof raw === "bigint") return { kind: "int", value: raw };
	if (typeof raw === "number")
		return Number.isInteger(raw) ? { kind: "int", value: BigInt(raw) } : { kind: "float", value: raw };
	if (typeof raw === "string") return { kind: "string", value: raw };
	if (Array.isArray(raw)) return { kind: "sequence", items: raw.map(literal) };
	throw evaluationError(`parameter value ${JSON.stringify(raw)} is not supported`);
}
