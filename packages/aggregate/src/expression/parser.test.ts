import type { NumericArray } from "@zagg/hdf5";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AggregationError } from "../errors.ts";
import { evaluateExpression, parseExpression } from "./index.ts";

function refusal(source: string): AggregationError {
	try {
		parseExpression(source);
	} catch (error) {
		if (error instanceof AggregationError) return error;
		throw error;
	}
	throw new Error(`'${source}' was accepted`);
}

describe("parsing an expression", () => {
	it("tells the columns that it reads, without functions, builtins and dtypes", () => {
		const { names } = parseExpression(
			"np.histogram(h_ph - np.median(h_ph), 128, (-128.0, 128.0))[0].astype('uint32') + len(s) + float(w[0])",
		);
		expect([...names]).toEqual(["h_ph", "s", "w"]);
	});

	it.each([
		["1.0 / s_li**2", true],
		["np.where(h > 0, np.sqrt(abs(h)), 0).astype('float32')", true],
		["(h_li > 0) & (s_li < 1)", true],
		["h - np.mean(h)", false],
		["h[0]", false],
		["np.sort(h)", false],
		["[h, h]", false],
	])("tells whether %s may be computed row by row: %s", (source, elementwise) => {
		expect(parseExpression(source).elementwise).toBe(elementwise);
	});

	it.each([
		["2 + 3 * 4", 14n],
		["(2 + 3) * 4", 20n],
		["2 ** 3 ** 2", 512n],
		["-2 ** 2", -4n],
		["2 ** -1", 0.5],
		["~1 + 1", -1n],
		["1 | 2 ^ 3 & 6", 1n | (2n ^ (3n & 6n))],
		["1 + 2 << 1", 6n],
		["0x1F + 0b11 + 0o17 + 1_000", 1049n],
		["1e3 + .5 + 1. + 2.5E-1", 1001.75],
		["3 > 2", true],
		[" (\n 1 +\n 2 ) ", 3n],
	])("follows Python's precedence and numbers: %s", (source, value) => {
		expect(evaluateExpression(parseExpression(source), new Map())).toMatchObject({ value });
	});

	it.each([
		["1 +", "Expression '1 +': unexpected end (at character 4)"],
		["", "unexpected end"],
		["1 2", "unexpected '2' (at character 3)"],
		["(1", "expected ','"],
		["np.", "expected a name after '.'"],
		["h $ 2", "unexpected character '$' (at character 3)"],
		["'abc", "unterminated string"],
		["f'abc'", "strings with a prefix such as f'…' are not supported"],
		["2j", "complex numbers are not supported"],
		["007", "leading zeros in integers are not permitted"],
		["1__0", "misplaced underscore in '1__0'"],
		["h(1)(2)", "function 'h' is not available"],
		["h[0](2)", "only functions and methods can be called"],
		["h[]", "unexpected ']'"],
		["np.sum()", "np.sum needs 'a'"],
		["np.quantile(h)", "np.quantile needs 'q'"],
		["np.sum(a=h, h)", "positional argument follows keyword argument"],
		["np.sum(h, a=h)", "np.sum got several values for 'a'"],
	])("refuses %o and says where", (source, message) => {
		expect(refusal(source)).toMatchObject({ message: expect.stringContaining(message), failureClass: "usage" });
	});

	it.each([
		["open('foo')", "function 'open' is not available"],
		["__import__('os')", "function '__import__' is not available"],
		["sqrt(h)", "function 'sqrt' is not available; write np.sqrt"],
		["np.linalg.norm(h)", "'np.linalg' is not supported"],
		["np.fft(h)", "function 'np.fft' is not supported"],
		["np.sum", "'np.sum' is a function and must be called"],
		["h.tolist()", "method '.tolist' is not supported"],
		["h.__class__", "attribute '.__class__' is not supported"],
		["h if h else 1", "unexpected 'if'"],
		["not h", "Python's 'not' is not supported; use ~ before a parenthesised comparison"],
		["lambda: 1", "Python's 'lambda' is not supported"],
		["0 < h < 1", "chained comparisons are not supported"],
		["np.sum(h, axis=0)", "np.sum takes no 'axis' here"],
		["np.sum(h, 0)", "np.sum takes at most 1 arguments by position"],
		["np.constructor(h)", "function 'np.constructor' is not supported"],
		["toString(h)", "function 'toString' is not available"],
	])("refuses %s, which Python may allow", (source, message) => {
		const error = refusal(source);
		expect(error.message).toContain(message);
		expect(error.code).toMatch(/^expression\/(unsupported|syntax)$/);
	});

	it("lists what is supported", () => {
		const { code, message } = refusal("sqrt(h)");
		expect(code).toBe("expression/unsupported");
		expect(message).toContain("np.<name> of: abs, absolute, add, all, amax, amin, any, arange");
		expect(message).toContain("functions without np.: len, float, int, abs, sum");
	});

	it("limits length and depth", () => {
		expect(refusal("1".repeat(10_001)).message).toContain("too long");
		expect(refusal("1+".repeat(1500)).message).toContain("more than 2000 tokens");
		expect(refusal("(".repeat(500)).message).toContain("nested deeper than 100 levels");
		expect(refusal(`${"-".repeat(500)}1`).message).toContain("nested deeper than 100 levels");
		expect(refusal(`2${"**2".repeat(500)}`).message).toContain("nested deeper than 100 levels");
	});

	it("never fails but with an error of its own, nor does what it accepted", () => {
		const pieces =
			"h s np. numpy. sum( sqrt( ( ) [ ] , : + - * ** / // % & | ~ < == 1 2.5 0 'a' .astype( 'int8' .sum() len( int( zeros( ... 99999999999 axis= q=".split(
				" ",
			);
		const columns = new Map<string, NumericArray>([
			["h", Float32Array.of(1, 2, Number.NaN)],
			["s", Int32Array.of(1, -2, 3)],
		]);
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (parts) => {
				try {
					evaluateExpression(parseExpression(parts.join(" ").replaceAll(". ", ".")), columns);
				} catch (error) {
					expect(error).toBeInstanceOf(AggregationError);
				}
			}),
			{ numRuns: 3000 },
		);
	});
});
