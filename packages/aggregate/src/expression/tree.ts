import type { ExpressionFunction } from "./numpy/function.ts";
import type { BinaryOperator, UnaryOperator } from "./operators.ts";
import type { Value } from "./value.ts";

/** One place of a subscript. */
export type Index =
	| { readonly type: "item"; readonly value: Expression }
	| {
			readonly type: "slice";
			readonly start: Expression | null;
			readonly stop: Expression | null;
			readonly step: Expression | null;
	  }
	| { readonly type: "ellipsis" };

/** A checked expression: every function in it is known and every call has the right arguments. */
export type Expression =
	| { readonly type: "literal"; readonly value: Value }
	| { readonly type: "column"; readonly name: string }
	| { readonly type: "unary"; readonly operator: UnaryOperator; readonly operand: Expression }
	| {
			readonly type: "binary";
			readonly operator: BinaryOperator;
			readonly left: Expression;
			readonly right: Expression;
	  }
	| {
			readonly type: "call";
			readonly name: string;
			readonly function: ExpressionFunction;
			/** One per parameter, in their order. */
			readonly arguments: readonly (Expression | undefined)[];
	  }
	| { readonly type: "attribute"; readonly target: Expression; readonly name: "size" | "shape" | "ndim" }
	| { readonly type: "sequence"; readonly items: readonly Expression[] }
	| { readonly type: "subscript"; readonly target: Expression; readonly indices: readonly Index[] };

/** The parts of an expression that are expressions themselves. */
export function childrenOf(node: Expression): readonly Expression[] {
	switch (node.type) {
		case "literal":
		case "column":
			return [];
		case "unary":
			return [node.operand];
		case "binary":
			return [node.left, node.right];
		case "call":
			return node.arguments.filter((argument) => argument !== undefined);
		case "attribute":
			return [node.target];
		case "sequence":
			return node.items;
		case "subscript":
			return [
				node.target,
				...node.indices.flatMap((index) => {
					if (index.type === "item") return [index.value];
					return index.type === "slice" ? [index.start, index.stop, index.step].filter((part) => part !== null) : [];
				}),
			];
	}
}

/** Whether row i of the result depends on row i of the columns alone, so that it may be computed for many cells at once. */
export function isElementwise(node: Expression): boolean {
	if (node.type === "literal" || node.type === "column") return true;
	const elementwiseHere =
		node.type === "unary" || node.type === "binary" || (node.type === "call" && node.function.elementwise);
	return elementwiseHere && childrenOf(node).every(isElementwise);
}

/** The columns that an expression reads. */
export function columnsOf(node: Expression, names: Set<string> = new Set()): Set<string> {
	if (node.type === "column") names.add(node.name);
	for (const child of childrenOf(node)) columnsOf(child, names);
	return names;
}

/** A text that is equal for equal elementwise expressions. */
export function keyOf(node: Expression): string {
	if (node.type === "column") return node.name;
	if (node.type === "literal") {
		const { value } = node;
		return `${value.kind}:${"value" in value ? value.value : "type" in value ? value.type : ""}`;
	}
	const operator =
		node.type === "unary" || node.type === "binary" ? node.operator : node.type === "call" ? node.name : node.type;
	const parts =
		node.type === "call" ? node.arguments.map((part) => (part ? keyOf(part) : "")) : childrenOf(node).map(keyOf);
	return `(${operator} ${parts.join(" ")})`;
}

/** The expression with `replace` applied to its largest elementwise parts that read a column and are more than the column. */
export function replaceElementwise(node: Expression, replace: (part: Expression) => Expression): Expression {
	if (node.type === "column" || node.type === "literal") return node;
	if (isElementwise(node)) return columnsOf(node).size > 0 ? replace(node) : node;
	const visit = (child: Expression) => replaceElementwise(child, replace);
	switch (node.type) {
		case "unary":
			return { ...node, operand: visit(node.operand) };
		case "binary":
			return { ...node, left: visit(node.left), right: visit(node.right) };
		case "call":
			return { ...node, arguments: node.arguments.map((argument) => argument && visit(argument)) };
		case "attribute":
			return { ...node, target: visit(node.target) };
		case "sequence":
			return { ...node, items: node.items.map(visit) };
		case "subscript":
			// What stands inside the brackets is small; only the array that is indexed is worth it.
			return { ...node, target: visit(node.target) };
	}
}
