import { AggregationError } from "../errors.ts";
import { builtinFunctions } from "./builtins.ts";
import { elementTypeFromName } from "./dtype.ts";
import type { ExpressionFunction } from "./numpy/function.ts";
import { arrayMethods, numpyConstants, numpyFunctions, numpyTypes, typeConversion } from "./numpy/table.ts";
import type { Value } from "./value.ts";

// What the names in an expression mean. Python's own eval would look most of them up in numpy; here the set is closed.

const pythonKeywords = new Set(
	"and as assert async await class def del elif else for from if import in is lambda None not or pass return True False while with yield".split(
		" ",
	),
);

const keywordHints: Readonly<Record<string, string>> = {
	and: "use & between parenthesised comparisons",
	or: "use | between parenthesised comparisons",
	not: "use ~ before a parenthesised comparison",
	if: "use np.where(condition, x, y)",
};

/** The modules whose functions are reached with a dot. */
export function isNumpy(name: string): boolean {
	return name === "np" || name === "numpy";
}

/** Everything that expressions may use, as a person would look it up. */
function supportedNames(): string {
	const numpy = [...numpyFunctions.keys(), ...Object.keys(numpyConstants), ...numpyTypes.keys()].sort();
	return `np.<name> of: ${numpy.join(", ")}; functions without np.: ${Object.keys(builtinFunctions).join(", ")}; array methods: ${[...arrayMethods.keys()].join(", ")}`;
}

/** The error of something that Python may know but expressions do not offer. */
export function unsupported(
	source: string,
	position: number,
	problem: string,
	supported = supportedNames(),
): AggregationError {
	return new AggregationError(
		"expression/unsupported",
		`Expression '${source}': ${problem} (at character ${position + 1}). Supported: ${supported}`,
		{
			failureClass: "usage",
			context: { expression: source, position },
		},
	);
}

/** What a name that stands alone, without a call, means: a dtype, or undefined for a column. */
export function resolveName(source: string, position: number, name: string): Value | undefined {
	if (pythonKeywords.has(name)) {
		const hint = Object.hasOwn(keywordHints, name) ? `; ${keywordHints[name]}` : "";
		throw unsupported(source, position, `Python's '${name}' is not supported${hint}`);
	}
	if (isNumpy(name)) throw unsupported(source, position, `'${name}' must be followed by a dot and a name`);
	if (name === "float" || name === "int") return { kind: "type", type: elementTypeFromName(name)! };
	if (Object.hasOwn(builtinFunctions, name))
		throw unsupported(source, position, `'${name}' is a function and must be called`);
	return undefined;
}

/** The function that a call of a bare name means. */
export function resolveBuiltin(source: string, position: number, name: string): ExpressionFunction {
	if (Object.hasOwn(builtinFunctions, name)) return builtinFunctions[name]!;
	if (pythonKeywords.has(name)) resolveName(source, position, name);
	const hint = numpyFunctions.has(name) ? `; write np.${name}` : "";
	throw unsupported(source, position, `function '${name}' is not available${hint}`);
}

/** The function that a call of `np.<name>` means. */
export function resolveNumpyFunction(source: string, position: number, name: string): ExpressionFunction {
	const found = numpyFunctions.get(name) ?? typeConversion(name);
	if (found === undefined) throw unsupported(source, position, `function 'np.${name}' is not supported`);
	return found;
}

/** The value of `np.<name>` without a call. */
export function resolveNumpyValue(source: string, position: number, name: string): Value {
	const found = Object.hasOwn(numpyConstants, name) ? numpyConstants[name] : numpyTypes.get(name);
	if (found !== undefined) return found;
	throw unsupported(
		source,
		position,
		numpyFunctions.has(name) ? `'np.${name}' is a function and must be called` : `'np.${name}' is not supported`,
	);
}

/** The function that a call of the method `.<name>(…)` means. */
export function resolveMethod(source: string, position: number, name: string): ExpressionFunction {
	const found = arrayMethods.get(name);
	if (found === undefined)
		throw unsupported(source, position, `method '.${name}' is not supported`, [...arrayMethods.keys()].join(", "));
	return found;
}
