import type { NumericArray } from "@zagg/hdf5";
import { applyBinaryOperator, applyUnaryOperator } from "./operators.ts";
import type { ParsedExpression } from "./parse.ts";
import { type IndexValue, subscript } from "./subscript.ts";
import type { Expression, Index } from "./tree.ts";
import { type ArrayValue, arrayValue, asArray, evaluationError, intValue, type Value } from "./value.ts";

/**
 * Evaluates an expression over columns with numpy's types (NEP 50), broadcasting and arithmetic.
 *
 * @throws AggregationError "expression/evaluation" where numpy would raise
 */
export function evaluateExpression(parsed: ParsedExpression, columns: ReadonlyMap<string, NumericArray>): Value {
	return evaluateTree(parsed.tree, (name) => {
		const data = columns.get(name);
		return data && arrayValue(data);
	});
}

/** Evaluates a tree; `column` gives the value of a name, or undefined where there is none. */
export function evaluateTree(node: Expression, column: (name: string) => ArrayValue | undefined): Value {
	const evaluate = (child: Expression): Value => evaluateTree(child, column);
	switch (node.type) {
		case "literal":
			return node.value;
		case "column": {
			const value = column(node.name);
			if (value === undefined) throw evaluationError(`name '${node.name}' is not defined`);
			return value;
		}
		case "unary":
			return applyUnaryOperator(node.operator, evaluate(node.operand));
		case "binary":
			return applyBinaryOperator(node.operator, evaluate(node.left), evaluate(node.right));
		case "call":
			return node.function.call(node.arguments.map((argument) => argument && evaluate(argument)));
		case "sequence":
			return { kind: "sequence", items: node.items.map(evaluate) };
		case "attribute":
			return attribute(asArray(evaluate(node.target)), node.name);
		case "subscript":
			return subscript(
				evaluate(node.target),
				node.indices.map((index) => evaluateIndex(index, evaluate)),
			);
	}
}

function evaluateIndex(index: Index, evaluate: (node: Expression) => Value): IndexValue {
	if (index.type === "item") return { type: "item", value: evaluate(index.value) };
	if (index.type === "ellipsis") return index;
	const part = (node: Expression | null) => node && evaluate(node);
	return { type: "slice", start: part(index.start), stop: part(index.stop), step: part(index.step) };
}

function attribute(array: ArrayValue, name: "size" | "shape" | "ndim"): Value {
	if (name === "shape") return { kind: "sequence", items: array.shape.map(intValue) };
	return intValue(name === "size" ? array.data.length : array.shape.length);
}
