import { AggregationError } from "../errors.ts";

/** A piece of an expression; `position` counts characters from 0. */
export interface Token {
	readonly type: "int" | "float" | "string" | "name" | "symbol" | "end";
	readonly text: string;
	readonly position: number;
}

// Far above what a field definition needs; together they bound the depth of the tree.
const greatestLength = 10_000;
const greatestTokenCount = 2_000;

const patterns = {
	space: /[ \t\r\n\f]+/y,
	float: /(?:\d[\d_]*\.[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?|\d[\d_]*[eE][+-]?\d[\d_]*/y,
	int: /0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|\d[\d_]*/y,
	name: /[\p{L}_][\p{L}\p{N}_]*/uy,
	string: /'(?:[^'\\\n])*'|"(?:[^"\\\n])*"/y,
	symbol: /\*\*|\/\/|<<|>>|<=|>=|==|!=|\.\.\.|[-+*/%&|^~<>()[\],:.=]/y,
} as const;

/** The error of text that is not an expression, with the place. */
export function syntaxError(source: string, position: number, problem: string): AggregationError {
	return new AggregationError(
		"expression/syntax",
		`Expression '${source}': ${problem} (at character ${position + 1})`,
		{
			failureClass: "usage",
			context: { expression: source, position },
		},
	);
}

/** Splits an expression into tokens; the last one is of type "end". */
export function tokenize(source: string): readonly Token[] {
	if (source.length > greatestLength)
		throw new AggregationError(
			"expression/syntax",
			`Expression of ${source.length} characters is too long (at most ${greatestLength})`,
			{
				failureClass: "usage",
			},
		);
	const tokens: Token[] = [];
	let position = 0;
	const match = (pattern: RegExp): string | undefined => {
		pattern.lastIndex = position;
		return pattern.exec(source)?.[0];
	};
	while (position < source.length) {
		const space = match(patterns.space);
		if (space !== undefined) {
			position += space.length;
			continue;
		}
		const token = nextToken(source, position, match);
		tokens.push(token);
		position += token.text.length;
		if (tokens.length > greatestTokenCount)
			throw syntaxError(source, position, `more than ${greatestTokenCount} tokens`);
	}
	tokens.push({ type: "end", text: "", position: source.length });
	return tokens;
}

function nextToken(source: string, position: number, match: (pattern: RegExp) => string | undefined): Token {
	for (const type of ["float", "int", "name", "string", "symbol"] as const) {
		const text = match(patterns[type]);
		if (text === undefined) continue;
		if (type === "int" || type === "float") checkNumber(source, position, text);
		if (type === "name" && /['"]/.test(source[position + text.length] ?? ""))
			throw syntaxError(source, position, `strings with a prefix such as ${text}'…' are not supported`);
		return { type, text, position };
	}
	if (/['"]/.test(source[position]!))
		throw syntaxError(source, position, "unterminated string, or one with a backslash, which is not supported");
	throw syntaxError(source, position, `unexpected character '${String.fromCodePoint(source.codePointAt(position)!)}'`);
}

function checkNumber(source: string, position: number, text: string): void {
	const next = source[position + text.length] ?? "";
	if (/[jJ]/.test(next)) throw syntaxError(source, position, "complex numbers are not supported");
	if (/[\p{L}\p{N}_]/u.test(next)) throw syntaxError(source, position, `invalid number '${text}${next}'`);
	if (/__|_$|_[.eE]|[.eE]_/.test(text)) throw syntaxError(source, position, `misplaced underscore in '${text}'`);
	if (/^0\d*[1-9]/.test(text) && /^\d+$/.test(text))
		throw syntaxError(source, position, "leading zeros in integers are not permitted");
}
