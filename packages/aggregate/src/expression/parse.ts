import { parseTree } from "./parser.ts";
import { columnsOf, type Expression, isElementwise } from "./tree.ts";

/** An expression that has been checked: it uses supported functions only, with arguments that they take. */
export interface ParsedExpression {
	readonly source: string;
	/** The columns that it reads. */
	readonly names: ReadonlySet<string>;
	/** Row i of its result depends on row i of the columns alone. */
	readonly elementwise: boolean;
	readonly tree: Expression;
}

/**
 * Parses the subset of Python expressions that field definitions and filters are written in. Nothing is ever executed as code.
 *
 * @throws AggregationError "expression/syntax" with the place, or "expression/unsupported" with what is supported instead
 */
export function parseExpression(source: string): ParsedExpression {
	const tree = parseTree(source);
	return { source, names: columnsOf(tree), elementwise: isElementwise(tree), tree };
}
