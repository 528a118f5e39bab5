import {
	isNumpy,
	resolveBuiltin,
	resolveMethod,
	resolveName,
	resolveNumpyFunction,
	resolveNumpyValue,
	unsupported,
} from "./names.ts";
import type { ExpressionFunction } from "./numpy/function.ts";
import type { BinaryOperator, UnaryOperator } from "./operators.ts";
import { syntaxError, type Token, tokenize } from "./tokenizer.ts";
import type { Expression, Index } from "./tree.ts";

// Python's precedence, from loose to tight (The Python Language Reference, 6.17); comparisons do not chain here.
const binaryPrecedence: Readonly<Record<string, number>> = {
	"<": 1,
	"<=": 1,
	">": 1,
	">=": 1,
	"==": 1,
	"!=": 1,
	"|": 2,
	"^": 3,
	"&": 4,
	"<<": 5,
	">>": 5,
	"+": 6,
	"-": 6,
	"*": 7,
	"/": 7,
	"//": 7,
	"%": 7,
};
const comparisonPrecedence = 1;
const greatestDepth = 100;

/** Parses an expression into a checked tree: a tokenizer and precedence climbing, nothing is ever executed. */
export function parseTree(source: string): Expression {
	const tokens = tokenize(source);
	let next = 0;
	let depth = 0;

	const peek = () => tokens[next]!;
	const take = () => tokens[next++]!;
	const fail = (token: Token, problem?: string) =>
		syntaxError(
			source,
			token.position,
			problem ?? (token.type === "end" ? "unexpected end" : `unexpected '${token.text}'`),
		);
	const isSymbol = (text: string) => peek().type === "symbol" && peek().text === text;
	const accept = (text: string) => isSymbol(text) && take() !== undefined;
	const expect = (text: string) => {
		if (!accept(text))
			throw fail(peek(), `expected '${text}'${peek().type === "end" ? "" : `, found '${peek().text}'`}`);
	};

	function parseBinary(least: number): Expression {
		let left = parseUnary();
		for (;;) {
			const operator = peek();
			const precedence = operator.type === "symbol" ? binaryPrecedence[operator.text] : undefined;
			if (precedence === undefined || precedence < least) break;
			take();
			const right = parseBinary(precedence + 1);
			left = { type: "binary", operator: operator.text as BinaryOperator, left, right };
			const following = peek();
			if (
				precedence === comparisonPrecedence &&
				following.type === "symbol" &&
				binaryPrecedence[following.text] === comparisonPrecedence
			)
				throw unsupported(source, following.position, "chained comparisons are not supported", "(a < x) & (x < b)");
		}
		return left;
	}

	// Every way to go deeper comes through here.
	function parseUnary(): Expression {
		if (++depth > greatestDepth) throw fail(peek(), `nested deeper than ${greatestDepth} levels`);
		const token = peek();
		let result: Expression;
		if (token.type === "symbol" && "-+~".includes(token.text)) {
			take();
			result = { type: "unary", operator: token.text as UnaryOperator, operand: parseUnary() };
		} else result = parsePower();
		depth--;
		return result;
	}

	/** `**` binds tighter than a sign on its left and looser than one on its right. */
	function parsePower(): Expression {
		const base = parsePostfix();
		return accept("**") ? { type: "binary", operator: "**", left: base, right: parseUnary() } : base;
	}

	function parsePostfix(): Expression {
		let target = parsePrimary();
		for (;;) {
			if (accept("[")) target = { type: "subscript", target, indices: parseIndices() };
			else if (accept(".")) target = parseMember(target);
			else if (isSymbol("(")) throw fail(peek(), "only functions and methods can be called");
			else return target;
		}
	}

	function parseMember(target: Expression): Expression {
		const name = take();
		if (name.type !== "name") throw fail(name, "expected a name after '.'");
		if (isSymbol("(")) return parseCall(`.${name.text}`, resolveMethod(source, name.position, name.text), target);
		if (name.text === "size" || name.text === "shape" || name.text === "ndim")
			return { type: "attribute", target, name: name.text };
		throw unsupported(source, name.position, `attribute '.${name.text}' is not supported`, "size, shape, ndim");
	}

	function parsePrimary(): Expression {
		const token = take();
		switch (token.type) {
			case "int": {
				const digits = token.text.replaceAll("_", "");
				return { type: "literal", value: { kind: "int", value: BigInt(digits) } };
			}
			case "float":
				return { type: "literal", value: { kind: "float", value: Number(token.text.replaceAll("_", "")) } };
			case "string":
				return { type: "literal", value: { kind: "string", value: token.text.slice(1, -1) } };
			case "name":
				return parseName(token);
			default:
				if (token.text === "(") return parseParenthesised();
				if (token.text === "[") return { type: "sequence", items: parseItems("]") };
				throw fail(token);
		}
	}

	function parseName(token: Token): Expression {
		if (isNumpy(token.text) && accept(".")) {
			const name = take();
			if (name.type !== "name") throw fail(name, "expected a name after '.'");
			if (isSymbol("(")) return parseCall(`np.${name.text}`, resolveNumpyFunction(source, name.position, name.text));
			return { type: "literal", value: resolveNumpyValue(source, name.position, name.text) };
		}
		if (isSymbol("(")) return parseCall(token.text, resolveBuiltin(source, token.position, token.text));
		const value = resolveName(source, token.position, token.text);
		return value === undefined ? { type: "column", name: token.text } : { type: "literal", value };
	}

	function parseParenthesised(): Expression {
		if (accept(")")) return { type: "sequence", items: [] };
		const first = parseBinary(0);
		if (accept(")")) return first;
		expect(",");
		return { type: "sequence", items: [first, ...parseItems(")")] };
	}

	function parseItems(close: string): Expression[] {
		const items: Expression[] = [];
		while (!accept(close)) {
			items.push(parseBinary(0));
			if (!isSymbol(close)) expect(",");
		}
		return items;
	}

	function parseIndices(): Index[] {
		const indices: Index[] = [];
		if (isSymbol("]")) throw fail(peek());
		while (!accept("]")) {
			indices.push(parseIndex());
			if (!isSymbol("]")) expect(",");
		}
		return indices;
	}

	function parseIndex(): Index {
		if (accept("...")) return { type: "ellipsis" };
		const part = () => (isSymbol(":") || isSymbol(",") || isSymbol("]") ? null : parseBinary(0));
		const start = part();
		if (!accept(":")) return { type: "item", value: start ?? parseBinary(0) };
		const stop = part();
		return { type: "slice", start, stop, step: accept(":") ? part() : null };
	}

	function parseCall(name: string, callee: ExpressionFunction, receiver?: Expression): Expression {
		const open = take();
		const { parameters } = callee;
		const bound = new Array<Expression | undefined>(parameters.length).fill(undefined);
		let given = 0;
		if (receiver !== undefined) bound[given++] = receiver;
		let sawKeyword = false;
		while (!accept(")")) {
			const token = peek();
			const following = tokens[next + 1];
			if (token.type === "name" && following?.type === "symbol" && following.text === "=") {
				next += 2;
				sawKeyword = true;
				const index = parameters.indexOf(token.text);
				if (index < 0)
					throw unsupported(source, token.position, `${name} takes no '${token.text}' here`, parameters.join(", "));
				if (bound[index] !== undefined) throw fail(token, `${name} got several values for '${token.text}'`);
				bound[index] = parseBinary(0);
			} else {
				if (sawKeyword) throw fail(token, "positional argument follows keyword argument");
				if (given >= callee.positional)
					throw unsupported(
						source,
						token.position,
						`${name} takes at most ${callee.positional} arguments by position`,
						parameters.join(", "),
					);
				bound[given++] = parseBinary(0);
			}
			if (!isSymbol(")")) expect(",");
		}
		const missing = parameters.slice(0, callee.required).find((_, index) => bound[index] === undefined);
		if (missing !== undefined) throw fail(open, `${name} needs '${missing}'`);
		return { type: "call", name, function: callee, arguments: bound };
	}

	const tree = parseBinary(0);
	if (peek().type !== "end") throw fail(peek());
	return tree;
}
